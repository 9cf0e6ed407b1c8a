"""Naming a clip by the clips nearest to it (Cover and Hart, IEEE Trans. Inf. Theory 1967)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError

Labels = NDArray[np.intp]
Mask = NDArray[np.bool_]

NOBODY = -1
"""Instead of a label where a clip has no other to be compared with."""


def nearest(
    distances: NDArray[np.float32], k: int = 1, allowed: Mask | None = None
) -> NDArray[np.intp]:
    """The nearest clips.

    Args:
        distances: (n, m); infinite where two clips may not be compared.
        k: how many.
        allowed: (n, m) or (m,), further clips that may be compared; None: all.

    Returns:
        (n, k) column numbers, the nearest first; -1 where there are no more. At most m of them.

    Raises:
        DataError: k is less than 1, or a distance is NaN.
    """
    if k < 1:
        raise DataError(f"A clip is named by at least one neighbour, not {k}.")
    if np.isnan(distances).any():
        raise DataError("A distance between clips is no number.")
    far = distances if allowed is None else np.where(allowed, distances, np.float32(np.inf))
    k = min(k, far.shape[1])
    if k < far.shape[1]:
        some = np.argpartition(far, k - 1, axis=1)[:, :k]
    else:
        some = np.tile(np.arange(far.shape[1]), (len(far), 1))
    own = np.take_along_axis(far, some, axis=1)
    order = np.argsort(own, axis=1, kind="stable")
    found = np.take_along_axis(some, order, axis=1)
    found[~np.isfinite(np.take_along_axis(own, order, axis=1))] = NOBODY
    return found


def vote(neighbours: NDArray[np.intp], labels: Labels) -> Labels:
    """The label most neighbours have; between equals, the one of the nearer neighbours.

    Args:
        neighbours: (n, k) clip numbers, the nearest first; -1 for none.
        labels: (clips,) from 0.

    Returns:
        (n,) labels; -1 for a clip without neighbours.
    """
    k = neighbours.shape[1]
    classes = int(labels.max()) + 1
    votes = np.zeros((len(neighbours), classes))
    rows = np.arange(len(neighbours))
    for rank in range(k):
        there = neighbours[:, rank] >= 0
        # Ranks together weigh less than one vote, so they only decide between equals.
        votes[rows[there], labels[neighbours[there, rank]]] += 1 + 0.5 * 2.0 ** -(rank + 1)
    return np.where(neighbours[:, 0] >= 0, votes.argmax(axis=1), NOBODY)
