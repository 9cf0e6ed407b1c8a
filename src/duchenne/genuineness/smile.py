"""How far a smile resembles spontaneous ones, from the movement of the lip corners.

Features: Dibeklioglu, Salah and Gevers, "Are You Really Smiling at Me?", ECCV 2012. Two models,
each the mean of extremely randomized trees (Geurts, Ernst and Wehenkel, Machine Learning 63, 2006)
and a logistic regression: ``smile`` sees the whole smile, ``smile_onset`` the sizes and speeds of
its onset, for recordings that end before the smile does.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError, ModelError
from duchenne.expressions.phases import COLUMNS
from duchenne.genuineness.smile_inputs import INPUTS, Part, inputs_of, row_of
from duchenne.weights.card import ModelCard, load_card
from duchenne.weights.session import open_session

SHIPPED: Final[dict[Part, str]] = {"whole": "smile", "onset": "smile_onset"}
"""Names of the shipped models; ``onset`` looks at the onset alone."""

CLASSES: Final = ("posed", "genuine")

# Trees that all agree say 0 or 1, which no calibration could move.
_SUREST: Final = 0.002
_OFFSET: Final = tuple(name for name in COLUMNS if name.startswith("lip_offset_"))


class SmilePart:
    """One of the two models.

    Attributes:
        card: data, limits and numbers.
        part: what of a smile it sees.

    Raises:
        ModelError: the weights are missing, or not those their card describes.
    """

    def __init__(self, model: str | Path | ModelCard) -> None:
        self.card = model if isinstance(model, ModelCard) else load_card(model)
        try:
            self.part: Part = self.card.settings["part"]
            self._calibration = (
                float(self.card.settings["slope"]),
                float(self.card.settings["intercept"]),
            )
            known = tuple(self.card.settings["inputs"]) == INPUTS[self.part]
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(
                f"The card of {self.card.name!r} is not that of a smile model: give another."
            ) from error
        if not known or self.card.classes != CLASSES:
            raise ModelError(
                f"The smile model {self.card.name!r} was made for other inputs: train it again."
            )
        self._session: Any = open_session(self.card)

    def p_genuine(self, lips: NDArray[np.float64]) -> NDArray[np.float64]:
        """Calibrated probabilities (N,) of "genuine" for features (N, 75), see ``inputs_of``."""
        return calibrated(self.raw(lips), *self._calibration)

    def raw(self, lips: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N,) the mean of the trees, 0 to 1, before calibration."""
        return self.run(inputs_of(lips, self.part))

    def run(self, inputs: NDArray[np.float32]) -> NDArray[np.float64]:
        """(N,) the same from inputs that ``inputs_of`` gave."""
        (scores,) = self._session.run(["probabilities"], {"inputs": inputs})
        return np.asarray(scores[:, CLASSES.index("genuine")], np.float64)


class SmileModel:
    """The shipped smile models, each loaded when first needed."""

    def __init__(self) -> None:
        self._parts: dict[Part, SmilePart] = {}

    def part(self, part: Part) -> SmilePart:
        """The model of the whole smile, or of its rise.

        Raises:
            ModelError: its weights are missing, or not those their card describes.
        """
        if part not in self._parts:
            self._parts[part] = SmilePart(SHIPPED[part])
        return self._parts[part]

    def p_genuine(
        self, lip_features: Mapping[str, float], *, finished: bool | None = None
    ) -> float:
        """How probably a smile is of the spontaneous kind, where both kinds are equally common.

        Args:
            lip_features: as ``duchenne.expressions.phases.lip_features`` gives them, of one smile
                from rest to rest.
            finished: whether the recording goes on until the lips are back. False looks at the
                onset alone. By default: whether the features of the offset are all known.

        Returns:
            0 (as posed ones) to 1 (as spontaneous ones), calibrated on other people of the table
            that the models learned from. It describes a display; it does not tell what somebody
            feels.

        Raises:
            DataError: a feature that is needed is missing or not finite.
            ModelError: see ``part``.
        """
        if finished is None:
            finished = bool(np.isfinite([lip_features.get(n, np.nan) for n in _OFFSET]).all())
        part: Part = "whole" if finished else "onset"
        p = float(self.part(part).p_genuine(row_of(lip_features, part))[0])
        if not np.isfinite(p):
            raise DataError("The features of this smile are too large to be those of lips.")
        return p


def calibrated(scores: NDArray[np.float64], slope: float, intercept: float) -> NDArray[np.float64]:
    """Scores 0 to 1 as probabilities: logistic in their log odds (Platt 1999)."""
    return np.asarray(1 / (1 + np.exp(-(slope * log_odds(scores) + intercept))), np.float64)


def log_odds(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log odds of scores 0 to 1, those near the ends cut off at 0.002 and 0.998."""
    held = np.clip(scores, _SUREST, 1 - _SUREST)
    return np.asarray(np.log(held / (1 - held)), np.float64)
