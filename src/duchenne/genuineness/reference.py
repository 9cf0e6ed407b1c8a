"""How the training clips' numbers are spread: what "faster than 88 % of them" is read from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import ModelError
from duchenne.genuineness.clip_model import MODEL
from duchenne.weights.card import ModelCard, load_card, sha256_of

Kind = Literal["posed", "genuine"]

KINDS: Final[tuple[Kind, ...]] = ("posed", "genuine")
SHARES: Final = np.linspace(0.0, 1.0, 21)
EVERY: Final = "every"
"""All emotions together."""

_FILE: Final = "genuineness_reference.npz"


@dataclass(frozen=True, eq=False)
class Reference:
    """Quantiles of every input of the model of clips.

    Attributes:
        names: of the inputs.
        emotions: ``EVERY``, then the six.
        quantiles: (emotions, 2, inputs, 21) at ``SHARES``, posed first.
    """

    names: tuple[str, ...]
    emotions: tuple[str, ...]
    quantiles: NDArray[np.float32]

    @classmethod
    def load(cls, card: ModelCard | None = None) -> Reference:
        """The quantiles that ship beside a card, by default that of ``genuineness``.

        Raises:
            ModelError: the file is missing, or not the one that the card names.
        """
        known = card or load_card(MODEL)
        path = reference_path(known.folder)
        if not path.is_file() or sha256_of(path) != known.settings.get("reference_sha256"):
            raise ModelError(f"{path} is missing or not the one its card names: reinstall it.")
        with np.load(path) as held:
            names, emotions = (tuple(str(n) for n in held[key]) for key in ("names", "emotions"))
            return cls(names, emotions, held["quantiles"])

    def save(self, folder: Path) -> Path:
        """Write the file that ``load`` reads; returns its path."""
        path = reference_path(folder)
        np.savez_compressed(
            path,
            names=np.array(self.names),
            emotions=np.array(self.emotions),
            quantiles=self.quantiles.astype(np.float32),
        )
        return path

    def highest(self, name: str) -> float:
        """The value that one training clip in twenty exceeds, in whichever kind it is higher.

        Raises:
            KeyError: there is no such input.
        """
        if name not in self.names:
            raise KeyError(name)
        every = self.quantiles[self.emotions.index(EVERY), :, self.names.index(name)]
        # The last but one of SHARES is 0.95.
        return float(every[:, -2].max())

    def percent(
        self, name: str, value: float, kind: Kind = "genuine", emotion: str | None = None
    ) -> float:
        """Which share of the training clips of a kind lies below a value.

        Args:
            name: of the input.
            value: in its unit.
            kind: among posed or among genuine displays.
            emotion: among those of one of the six; None, or one that is not known: among all.

        Returns:
            0 to 100; where many clips share the value, the middle of the shares they span.

        Raises:
            KeyError: there is no such input.
        """
        if name not in self.names:
            raise KeyError(name)
        group = self.emotions.index(emotion if emotion in self.emotions else EVERY)
        quantiles = self.quantiles[group, KINDS.index(kind), self.names.index(name)]
        return 100.0 * _share(quantiles.astype(np.float64), value)


def _share(quantiles: NDArray[np.float64], value: float) -> float:
    level = float(np.float32(value))
    below, above = (
        np.searchsorted(quantiles, [level], "left"),
        np.searchsorted(quantiles, [level], "right"),
    )
    if above > below:
        return float((SHARES[int(below[0])] + SHARES[int(above[0]) - 1]) / 2)
    return float(np.interp(level, quantiles, SHARES))


def reference_path(folder: Path) -> Path:
    """Where the quantiles of the models of a folder lie."""
    return folder / _FILE
