"""Features as normal scores: where a value lies among those of the training rows.

Each feature goes through a rising, piecewise straight curve that turns the training values into a
standard normal distribution (van der Waerden 1952). Wild values then weigh no more than rare ones,
and features of any unit can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError

Matrix = NDArray[np.float64]

KNOTS: Final = 33
HIGHEST: Final = 2.5
"""Scores go from -2.5 to 2.5: the rarest percent is one value."""


@dataclass(frozen=True, eq=False)
class NormalScores:
    """One curve a feature.

    Attributes:
        lows: (features, K - 1) where each step of the curve begins.
        widths: (features, K - 1) how wide it is, above 0.
        rises: (features, K - 1) how much of the score is gained on it, 0 or more.
        floors: (features,) the score at the lowest knot.
    """

    lows: Matrix
    widths: Matrix
    rises: Matrix
    floors: Matrix

    @classmethod
    def fit(cls, features: Matrix, knots: int = KNOTS) -> NormalScores:
        """From (n, features); NaN is left out.

        Values that many rows share get the mean of the scores that they span, as tied ranks do. A
        feature that never varies, or was never measured, scores 0 everywhere.

        Raises:
            DataError: no rows, or not a table.
        """
        if features.ndim != 2 or not len(features):
            raise DataError(f"Features should be (n, features) with rows, got {features.shape}.")
        levels = np.linspace(-HIGHEST, HIGHEST, knots)
        shares = np.array([NormalDist().cdf(level) for level in levels])
        curves = [_curve(column[np.isfinite(column)], levels, shares) for column in features.T]
        lows, widths, rises, floors = (np.stack(part) for part in zip(*curves, strict=True))
        return cls(lows, widths, rises, floors)

    def __call__(self, features: Matrix) -> Matrix:
        """(n, features) scores, -2.5 to 2.5; what is NaN scores 0, the middle."""
        scores = np.empty(features.shape)
        for column, values in enumerate(features.T):
            knots = np.append(self.lows[column], self.lows[column, -1] + self.widths[column, -1])
            gained = np.append(0.0, np.cumsum(self.rises[column]))
            scores[:, column] = self.floors[column] + np.interp(values, knots, gained)
        return np.where(np.isnan(features), 0.0, scores)


def _curve(values: Matrix, levels: Matrix, shares: Matrix) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    steps = len(levels) - 1
    if not len(values) or np.ptp(values) == 0:
        return np.zeros(steps), np.ones(steps), np.zeros(steps), np.zeros(())
    # ONNX Runtime sees float32: knots that are one value there must be one here.
    places = np.quantile(values, shares).astype(np.float32).astype(np.float64)
    unique, which = np.unique(places, return_inverse=True)
    scores = np.bincount(which, weights=levels) / np.bincount(which)
    # Knots that fell together leave steps without a rise at the end.
    count = len(unique) - 1
    lows = unique[-1] + np.arange(-count, steps - count, dtype=np.float64)
    lows[:count] = unique[:-1]
    widths, rises = np.ones(steps), np.zeros(steps)
    widths[:count] = np.diff(unique)
    rises[:count] = np.diff(scores)
    return lows, widths, rises, scores[0]
