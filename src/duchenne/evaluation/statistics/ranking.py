"""How well a score ranks rows of one kind above those of another."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from duchenne.errors import DataError


def area_under_curve(scores: ArrayLike, positive: ArrayLike) -> float:
    """Area under the ROC curve: how often a positive row scores above a negative one.

    Ties count half (Hanley and McNeil, Radiology 1982).

    Args:
        scores: (N,) numbers, not NaN.
        positive: (N,) bool.

    Returns:
        0 to 1; 0.5 is chance; NaN where one of the kinds is missing.

    Raises:
        DataError: other shapes, or scores that are NaN.
    """
    values, kind = np.asarray(scores, np.float64), np.asarray(positive, bool)
    if values.ndim != 1 or values.shape != kind.shape or np.isnan(values).any():
        raise DataError(f"Ranking needs (N,) numbers and (N,) kinds, got {values.shape}.")
    above, below = values[kind], np.sort(values[~kind])
    if not (above.size and below.size):
        return float("nan")
    lower = np.searchsorted(below, above, "left")
    ties = np.searchsorted(below, above, "right") - lower
    return float((lower + 0.5 * ties).mean() / below.size)
