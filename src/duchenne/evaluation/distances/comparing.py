"""How far clips lie apart, each row as the fold sees it that scores that clip.

Every number is standardised by the training clips of the fold alone. The sums run over blocks of
columns, so that all pairs of 229 landmarks need no second copy in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duchenne.errors import DataError
from duchenne.evaluation.statistics.standardising import person_by_person
from duchenne.evaluation.statistics.subject_folds import Folds

Plain = Literal["euclidean", "correlation"]
PLAIN: Final[tuple[Plain, ...]] = get_args(Plain)
"""Metrics that learn nothing but means and spreads."""

Rows = NDArray[np.float32]
Matrix = NDArray[np.float64]

_COLUMNS: Final = 4096
_FLAT: Final = 1e-12


def without_person(rows: Rows, people: ArrayLike) -> Rows:
    """Each person's own mean removed: what is left is how a clip differs from that person's others.

    It needs no labels, but several clips of the person; a person with one clip gets zeros.

    Args:
        rows: (n, columns).
        people: (n,) who each clip shows.

    Raises:
        DataError: another number of people than rows.
    """
    return person_by_person(rows, people, lambda own: own - own.mean(axis=0))


def compare(
    rows: Rows, folds: Folds, metric: Plain, update: Callable[[int], Any] | None = None
) -> Rows:
    """Distances between clips.

    Args:
        rows: (n, columns) descriptions of the clips.
        folds: which fold scores each clip.
        metric: ``euclidean``, root of the mean squared difference of the standardised numbers;
            ``correlation``, 1 less Pearson's correlation between the standardised numbers.
        update: told how many columns more are done.

    Returns:
        (n, n) float32; row i holds the distances of clip i from all clips, standardised by the
        training clips of the fold that scores i. Within a fold it is infinite.

    Raises:
        DataError: no such metric, or folds of other clips.
    """
    if metric not in PLAIN:
        raise DataError(f"No plain metric {metric!r}; there are: {', '.join(PLAIN)}.")
    count, columns = _checked(rows, folds)
    cross = np.zeros((count, count))
    squares, sums = np.zeros((2, len(folds), count))
    for block, number, test in standardised_blocks(rows, folds):
        cross[test] += block[test] @ block.T
        squares[number] += np.einsum("ij,ij->i", block, block)
        sums[number] += block.sum(axis=1, dtype=np.float64)
        if update is not None and number == len(folds) - 1:
            update(block.shape[1])
    squares, sums = squares[folds.fold], sums[folds.fold]
    if metric == "correlation":
        cross -= np.diagonal(sums)[:, None] * sums / columns
        squares = squares - sums**2 / columns
    own = np.diagonal(squares)[:, None]
    if metric == "euclidean":
        apart = np.sqrt(np.maximum(own + squares - 2 * cross, 0.0) / columns)
    else:
        length = np.sqrt(np.maximum(own * squares, 0.0))
        apart = 1 - np.divide(cross, length, out=np.zeros_like(cross), where=length > _FLAT)
    return apart_only(apart, folds)


def standardised_blocks(
    rows: Rows, folds: Folds
) -> Iterator[tuple[Rows, int, NDArray[np.intp]]]:  # fmt: skip
    """Some columns of all clips, standardised by the training clips of one fold after the other.

    Yields:
        (n, some) float32, the fold's number, and the rows that it scores.
    """
    splits = list(folds.splits())
    for start in range(0, rows.shape[1], _COLUMNS):
        block = rows[:, start : start + _COLUMNS]
        block = block - block.mean(axis=0)
        squared = block.astype(np.float64) ** 2
        total, squares = block.sum(axis=0, dtype=np.float64), squared.sum(axis=0)
        for number, (train, test) in enumerate(splits):
            mean = (total - block[test].sum(axis=0, dtype=np.float64)) / len(train)
            spread = (squares - squared[test].sum(axis=0)) / len(train) - mean**2
            # A distance that never changes says nothing.
            scale = np.where(spread > _FLAT, 1 / np.sqrt(np.maximum(spread, _FLAT)), 0.0)
            yield (block - mean.astype(np.float32)) * scale.astype(np.float32), number, test


def apart_only(distances: Matrix | Rows, folds: Folds) -> Rows:
    """(n, n) float32 with infinity where two clips are of one fold: they may not be compared."""
    apart = np.asarray(distances, np.float32)
    apart[folds.fold[:, None] == folds.fold] = np.inf
    return apart


def _checked(rows: Rows, folds: Folds) -> tuple[int, int]:
    if rows.ndim != 2 or rows.shape[0] != len(folds.fold) or not rows.size:
        raise DataError(f"{rows.shape} rows do not fit {len(folds.fold)} clips in folds.")
    if not np.isfinite(rows).all():
        raise DataError("A clip has a distance that is no number.")
    if len(folds) < 2:
        raise DataError("Comparing needs at least two folds.")
    return rows.shape
