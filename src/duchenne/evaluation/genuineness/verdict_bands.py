"""When a model of genuineness should keep silent: accuracy against coverage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duchenne.errors import DataError

COIN: Final = 0.55
"""A band around p = 0.5 says nothing as long as no more than this share of its clips is right."""

WIDEST: Final = 0.3
_STEP: Final = 0.01
_LEAST_CLIPS: Final = 20


@dataclass(frozen=True, eq=False)
class CoverageCurve:
    """What is gained by keeping silent about the least certain clips.

    Attributes:
        coverage: (n,) share of clips decided, falling from 1.
        accuracy: (n,) share of those that are right.
        distance: (n,) |p - 0.5| of the least certain clip that is still decided.
    """

    coverage: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    distance: NDArray[np.float64]

    @classmethod
    def from_predictions(cls, genuine: ArrayLike, p: ArrayLike) -> CoverageCurve:
        """From (n,) bool and (n,) probabilities of genuine.

        Raises:
            DataError: no clips, or lengths that differ.
        """
        truth, scores = np.asarray(genuine, bool), np.asarray(p, np.float64)
        if not len(scores) or truth.shape != scores.shape:
            raise DataError(f"A curve needs clips and a p each, got {truth.shape}, {scores.shape}.")
        distance = np.abs(scores - 0.5)
        order = np.argsort(-distance, kind="stable")
        right = np.cumsum(((scores >= 0.5) == truth)[order])
        decided = np.arange(1, len(scores) + 1)
        sides = (decided / len(scores), right / decided, distance[order])
        return cls(*(side[::-1] for side in sides))

    def at(self, band: float) -> tuple[float, float]:
        """Coverage and accuracy when |p - 0.5| must be at least ``band``; accuracy may be NaN."""
        decided = np.flatnonzero(self.distance >= band)
        if not len(decided):
            return 0.0, float("nan")
        return float(self.coverage[decided[0]]), float(self.accuracy[decided[0]])


def undecided_band(genuine: ArrayLike, p: ArrayLike) -> float:
    """Half the width of the widest band around 0.5 in which the model is no better than a coin.

    Args:
        genuine: (n,) bool.
        p: (n,) probabilities of genuine, by models that did not see the person.

    Returns:
        0 to ``WIDEST``: the largest tried width whose clips (20 at least) are right in no more
        than ``COIN`` of cases; 0 where there is none.
    """
    truth, scores = np.asarray(genuine, bool), np.asarray(p, np.float64)
    distance, right = np.abs(scores - 0.5), (scores >= 0.5) == truth
    widest = 0.0
    for band in np.arange(_STEP, WIDEST + _STEP / 2, _STEP):
        inside = distance < band
        if inside.sum() >= _LEAST_CLIPS and right[inside].mean() <= COIN:
            widest = float(band)
    return round(widest, 2)
