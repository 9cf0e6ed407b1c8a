"""How far a displayed expression resembles spontaneous recordings, from how the face moves.

A support vector machine with a Gaussian kernel on normal scores of 1,500 statistics (blendshapes,
head pose and distances on the face, with their first two derivatives). ``genuineness`` looks at
one expression; ``genuineness_person`` also at how it differs from the same person's others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError, ModelError
from duchenne.weights.card import ModelCard, load_card
from duchenne.weights.session import open_session

Matrix = NDArray[np.float64]

CLASSES: Final = ("posed", "genuine")
MODEL: Final = "genuineness"
WITH_PERSON: Final = "genuineness_person"

LEAST_CLIPS: Final = 8
"""So many expressions of a person make a baseline."""

SOFTENING: Final = 0.1
"""Added to a person's spread of scores, of which the population has 1: someone who always looks
the same in one respect is not made to look extreme in it."""

_NAMES: Final = {
    "slope": "rise of the log odds with the machine's value",
    "intercept": "log odds where the value is 0",
    "band": "half the width of the band around one half in which it says nothing",
    "least_familiarity": "below it an expression is unlike those that the model learned from",
}


@dataclass(frozen=True, eq=False)
class ClipJudgement:
    """What the model makes of n expressions.

    Attributes:
        p_genuine: (n,) 0 (as posed ones) to 1 (as spontaneous ones), calibrated on people that
            the machine had not seen, where both kinds are equally common.
        familiarity: (n,) 0 to 1, how near the nearest training clip lies.
    """

    p_genuine: Matrix
    familiarity: Matrix


@dataclass(frozen=True, eq=False)
class Baseline:
    """How one person usually looks on camera: the scores of that person's expressions.

    Attributes:
        mean: (inputs,) of the normal scores.
        spread: (inputs,) their standard deviation, softened, above 0.
        clips: how many expressions it comes from.
    """

    mean: Matrix
    spread: Matrix
    clips: int

    @classmethod
    def from_scores(cls, scores: Matrix) -> Baseline:
        """From (m, inputs) normal scores of a person's expressions, without labels."""
        return cls(scores.mean(axis=0), scores.std(axis=0) + SOFTENING, len(scores))

    @classmethod
    def from_inputs(cls, model: KernelModel, inputs: Matrix) -> Baseline:
        """From (m, inputs) of a person's expressions, m at least ``LEAST_CLIPS``.

        Raises:
            DataError: fewer expressions.
        """
        if len(inputs) < LEAST_CLIPS:
            raise DataError(
                f"A person's baseline needs {LEAST_CLIPS} expressions, there are {len(inputs)}: "
                "give more of the person's recordings."
            )
        return cls.from_scores(model.scores(inputs))

    def __call__(self, scores: Matrix) -> Matrix:
        """(n, inputs) scores relative to the person's own."""
        return (scores - self.mean) / self.spread


class KernelModel:
    """A trained machine on ONNX Runtime; see the module.

    Attributes:
        card: data, limits and numbers.
        names: of the inputs, in order.
        by_person: it needs a ``Baseline``.
        band: p this near to 0.5 says nothing.
        least_familiarity: below it p says nothing.

    Raises:
        ModelError: the weights are missing, or not those their card describes.
    """

    def __init__(self, model: str | Path | ModelCard = MODEL) -> None:
        self.card = model if isinstance(model, ModelCard) else load_card(model)
        try:
            settings = {name: float(self.card.settings[name]) for name in _NAMES}
            self.names = tuple(str(name) for name in self.card.settings["inputs"])
            self.by_person = bool(self.card.settings["by_person"])
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(
                f"The card of {self.card.name!r} is not that of a genuineness model: give another."
            ) from error
        self._slope, self._intercept = settings["slope"], settings["intercept"]
        self.band, self.least_familiarity = settings["band"], settings["least_familiarity"]
        self._session: Any = open_session(self.card)

    def judge(self, inputs: Matrix, baseline: Baseline | None = None) -> ClipJudgement:
        """Probabilities for (n, inputs); NaN counts as typical.

        Args:
            inputs: in the order of ``names``.
            baseline: of the person, for a model ``by_person``.

        Raises:
            ValueError: another number of inputs, or a baseline too few or too many.
        """
        value, familiarity = self._run(["value", "familiarity"], inputs, baseline)
        odds = self._slope * value + self._intercept
        return ClipJudgement(1 / (1 + np.exp(-odds)), familiarity)

    def scores(self, inputs: Matrix) -> Matrix:
        """(n, inputs) normal scores: about -2.5 to 2.5, 0 where an input is NaN."""
        typical = None
        if self.by_person:
            typical = Baseline(np.zeros(len(self.names)), np.ones(len(self.names)), 0)
        return self._run(["scores"], inputs, typical)[0]

    def contributions(
        self,
        inputs: Matrix,
        groups: Mapping[str, Sequence[int]],
        baseline: Baseline | None = None,
    ) -> dict[str, float]:
        """What each group of inputs adds to the log odds of "genuine" for one expression.

        Each group in turn is made typical of the training clips (for a person: of that person);
        what the log odds lose by it is the group's contribution (occlusion; Zeiler and Fergus
        2014). Contributions of groups that work together need not add up to the whole.

        Args:
            inputs: (inputs,) of the expression.
            groups: name to the places of its inputs.
            baseline: as for ``judge``.
        """
        rows = np.repeat(np.asarray(inputs, np.float64)[None], len(groups) + 1, axis=0)
        for row, places in enumerate(groups.values(), start=1):
            rows[row, list(places)] = np.nan
        (value,) = self._run(["value"], rows, baseline)
        lost = self._slope * (value[0] - value[1:])
        return dict(zip(groups, lost.tolist(), strict=True))

    def _run(self, outputs: list[str], inputs: Matrix, baseline: Baseline | None) -> list[Matrix]:
        rows = np.asarray(inputs)
        if rows.ndim != 2 or rows.shape[1] != len(self.names):
            raise ValueError(f"Inputs are (n, {len(self.names)}), got {rows.shape}.")
        if (baseline is not None) != self.by_person:
            wants = "needs a" if self.by_person else "takes no"
            raise ValueError(f"The model {self.card.name} {wants} baseline of the person.")
        feed = {"inputs": rows.astype(np.float32)}
        if baseline is not None:
            feed["mean"] = baseline.mean.astype(np.float32)
            feed["spread"] = baseline.spread.astype(np.float32)
        return [np.asarray(found, np.float64) for found in self._session.run(outputs, feed)]
