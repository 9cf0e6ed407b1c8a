"""Runs of windows above a threshold, weighed as a whole (Maris and Oostenveld 2007)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def heaviest(isc: NDArray[Any], threshold: float) -> Values:
    """The greatest weight of a run in each row.

    Args:
        isc: (rows, n), NaN breaks a run.
        threshold: windows above it belong to a run; its weight is the sum of what lies above.

    Returns:
        (rows,) float64, 0 where no window is above.
    """
    excess = np.nan_to_num(np.asarray(isc, np.float64) - threshold, nan=-1.0)
    weight, best = np.zeros(len(isc)), np.zeros(len(isc))
    for column in excess.T:
        weight = np.where(column > 0, weight + column, 0.0)
        np.maximum(best, weight, out=best)
    return best


def weights(isc: Values, threshold: float) -> Values:
    """(n,) each window's run's weight; 0 for windows in none."""
    above = np.nan_to_num(isc, nan=-np.inf) > threshold
    edges = np.flatnonzero(np.diff(np.concatenate([[False], above, [False]]).astype(np.int8)))
    found = np.zeros(len(isc))
    for first, last in edges.reshape(-1, 2):
        found[first:last] = (isc[first:last] - threshold).sum()
    return found
