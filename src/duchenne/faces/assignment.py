"""Who goes where at the best total: the assignment problem, solved exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def best_assignment(scores: NDArray[np.float64]) -> NDArray[np.intp]:
    """A column for each row, no column twice, with the greatest sum of scores.

    The Hungarian method by shortest augmenting paths (Kuhn 1955; Jonker and Volgenant 1987),
    O(rows² x columns): for a handful of faces, so that SciPy is no dependency.

    Args:
        scores: (n, m) finite, n <= m.

    Returns:
        (n,) the column of each row.
    """
    rows, columns = scores.shape
    if rows > columns:
        raise ValueError(f"An assignment needs a column for each row, got {scores.shape}.")
    costs = -scores
    row_price, column_price = np.zeros(rows), np.zeros(columns)
    owner = np.full(columns, -1, np.intp)
    for row in range(rows):
        _place(row, costs, row_price, column_price, owner)
    chosen = np.empty(rows, np.intp)
    taken = np.flatnonzero(owner >= 0)
    chosen[owner[taken]] = taken
    return chosen


def _place(
    row: int,
    costs: NDArray[np.float64],
    row_price: NDArray[np.float64],
    column_price: NDArray[np.float64],
    owner: NDArray[np.intp],
) -> None:
    """Give one more row its column; others may move over along the cheapest path."""
    columns = costs.shape[1]
    distance = np.full(columns, np.inf)
    before = np.full(columns, -1, np.intp)
    done = np.zeros(columns, np.bool_)
    reached, current, at = 0.0, row, -1
    while True:
        through = reached + costs[current] - row_price[current] - column_price
        nearer = ~done & (through < distance)
        distance[nearer], before[nearer] = through[nearer], at
        at = int(np.where(done, np.inf, distance).argmin())
        reached = float(distance[at])
        done[at] = True
        if owner[at] < 0:
            break
        current = int(owner[at])
    moved = done & (owner >= 0)
    row_price[owner[moved]] += reached - distance[moved]
    row_price[row] += reached
    column_price[done] += distance[done] - reached
    while before[at] >= 0:
        owner[at] = owner[before[at]]
        at = int(before[at])
    owner[at] = row
