"""From a score to a probability: a logistic curve of one number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duchenne.errors import DataError

_STEPS: Final = 50
# Keeps the curve finite where the scores separate the kinds without a mistake.
_RIDGE: Final = 1e-3


@dataclass(frozen=True)
class Sigmoid:
    """p = 1 / (1 + exp(-(slope (score - centre) / spread + offset))).

    Attributes:
        centre: mean of the scores it was fitted on.
        spread: their standard deviation.
        slope: rise per spread.
        offset: log odds at the centre.
    """

    centre: float
    spread: float
    slope: float
    offset: float

    @classmethod
    def fit(cls, scores: ArrayLike, positive: ArrayLike) -> Sigmoid:
        """Fitted to (n,) scores and (n,) bool by maximum likelihood, ever so slightly damped.

        Platt, "Probabilistic outputs for support vector machines", 1999, with his smoothed goals
        (eq. 4): n+ + 1 over n+ + 2 for positive rows, 1 over n- + 2 for the others.

        Raises:
            DataError: shapes that differ, no rows, or scores that are no numbers.
        """
        values, kind = np.asarray(scores, np.float64), np.asarray(positive, bool)
        if values.ndim != 1 or values.shape != kind.shape or not values.size:
            raise DataError(f"A curve needs (n,) scores and kinds, got {values.shape}.")
        if not np.isfinite(values).all():
            raise DataError("A curve needs scores that are numbers.")
        above, below = int(kind.sum()), int((~kind).sum())
        goal = np.where(kind, (above + 1) / (above + 2), 1 / (below + 2))
        centre, spread = float(values.mean()), float(values.std()) or 1.0
        slope, offset = _newton((values - centre) / spread, goal)
        return cls(centre, spread, slope, offset)

    def __call__(self, scores: ArrayLike) -> NDArray[np.float64]:
        """(n,) probabilities, 0 to 1."""
        values = (np.asarray(scores, np.float64) - self.centre) / self.spread
        return _logistic(self.slope * values + self.offset)


def _newton(values: NDArray[np.float64], goal: NDArray[np.float64]) -> tuple[float, float]:
    design = np.column_stack([values, np.ones(len(values))])
    found = np.zeros(2)
    for _ in range(_STEPS):
        p = _logistic(design @ found)
        slope = design.T @ (p - goal) + _RIDGE * found
        curve = (design * (p * (1 - p))[:, None]).T @ design + _RIDGE * np.eye(2)
        # Far from the goal a whole step may overshoot.
        step = np.clip(np.linalg.solve(curve, slope), -2.0, 2.0)
        found -= step
        if np.abs(step).max() < 1e-10:
            break
    return float(found[0]), float(found[1])


def _logistic(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -500.0, 500.0))))
