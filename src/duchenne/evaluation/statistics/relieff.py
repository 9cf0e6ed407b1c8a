"""ReliefF: which features tell classes apart between rows that are otherwise alike.

Robnik-Sikonja and Kononenko, Machine Learning 53, 2003 (figure 2, with eq. 2 as the difference of
numbers). A feature gains by differing between a row and its nearest rows of other classes, and
loses by differing between a row and its nearest rows of the same class. Every row is looked at
once, so nothing is drawn.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duchenne.errors import DataError

Matrix = NDArray[np.float64]

NEIGHBOURS: Final = 10
"""Of each class; the paper's."""


def relieff(
    features: Matrix,
    classes: ArrayLike,
    neighbours: int = NEIGHBOURS,
    groups: ArrayLike | None = None,
) -> Matrix:
    """How much each feature tells.

    Args:
        features: (n, features), numbers.
        classes: (n,) of which at least two differ.
        neighbours: of each class that a row is compared with; fewer where a class has fewer.
        groups: (n,) rows of one group are never compared with each other; by default all are.
            With people as groups, clips of one person, alike because of the face, do not count.

    Returns:
        (features,) float64, -1 to 1; 0 or less says that a feature tells nothing.

    Raises:
        DataError: shapes that do not fit, values that are no numbers, or a single class.
    """
    rows, kinds = np.asarray(features, np.float64), np.asarray(classes)
    whose = np.arange(len(rows)) if groups is None else np.asarray(groups)
    if rows.ndim != 2 or kinds.shape != (len(rows),) or whose.shape != kinds.shape:
        raise DataError(
            f"ReliefF needs (n, features) with a class and a group each, got {rows.shape}, "
            f"{kinds.shape} and {whose.shape}."
        )
    if not np.isfinite(rows).all():
        raise DataError("ReliefF needs features that are numbers.")
    if neighbours < 1:
        raise DataError(f"ReliefF compares a row with at least one neighbour, not {neighbours}.")
    names, place, count = np.unique(kinds, return_inverse=True, return_counts=True)
    if len(names) < 2:
        raise DataError("ReliefF needs rows of at least two classes.")
    weights = np.zeros(rows.shape[1])
    scaled = _scaled(rows)
    for row, values in enumerate(scaled):
        apart = np.abs(scaled - values)
        others = whose != whose[row]
        weights += _gain(apart, others, place, count / len(rows), place[row], neighbours)
    return np.asarray(weights / len(rows))


def _gain(
    apart: NDArray[np.float32],
    others: NDArray[np.bool_],
    place: NDArray[np.intp],
    prior: Matrix,
    own: Any,
    neighbours: int,
) -> Matrix:
    """What one row adds to the weights.

    Args:
        apart: (n, features) differences to all rows.
        others: (n,) rows that it may be compared with.
        place: (n,) class numbers.
        prior: (classes,) shares of the classes.
        own: class number of the row.
        neighbours: of each class.
    """
    distance = apart.sum(axis=1)
    gain = np.zeros(apart.shape[1])
    for kind, share in enumerate(prior):
        candidates = np.flatnonzero(others & (place == kind))
        if len(candidates):
            nearest = candidates[np.argsort(distance[candidates], kind="stable")[:neighbours]]
            sign = -1.0 if kind == own else share / (1.0 - prior[own])
            gain += sign * apart[nearest].mean(axis=0, dtype=np.float64)
    return gain


def _scaled(rows: Matrix) -> NDArray[np.float32]:
    """Each feature from 0 to 1; one that does not vary is 0."""
    low, span = rows.min(axis=0), np.ptp(rows, axis=0)
    # Half as wide as the rows came: all differences of all pairs are taken, and that is the time.
    return np.asarray((rows - low) / np.where(span > 0, span, 1.0), np.float32)
