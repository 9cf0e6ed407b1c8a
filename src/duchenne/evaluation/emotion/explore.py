"""Looks at FER-2013 before anything is trained on it: balance, copies, average faces.

Average faces and the contrasts between them are what the talk of ``talk_table`` shows first;
composites of faces go back to Galton ("Composite Portraits", Nature 18, 1878).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.evaluation.datasets.copies import Distinct, distinct_pictures
from duchenne.evaluation.datasets.fer2013 import SPLITS, Fer2013
from duchenne.evaluation.datasets.near_copies import (
    ASIDE,
    BLANK,
    CORRELATION,
    HASH_DISTANCE,
    NearCopies,
    is_blank,
    near_copies,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SAMPLES: Final = 48
"""Pictures of each class on its sample sheet, at most."""
STEPS: Final = ("copies", *["near copies"] * len(ASIDE), "averages")
"""What ``explore`` does, in this order."""
_SEED: Final = 2013

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Exploration:
    """What FER-2013 holds, whole or seen from one split. Rows count from 0, in its own order.

    Attributes:
        split: the split that was asked for; None: all. Averages, samples, blank pictures and the
            lists of copies are of its rows; the counts and the tables of copies are of all.
        counts: (3, 7) int64 rows of each split and class.
        averages: (7, 48, 48) float64 mean grey value of each pixel over the class, 0 to 255; NaN
            for a class without pictures.
        samples: seven arrays of rows drawn by chance, always the same ones; ascending.
        blank: rows whose picture shows nothing.
        copies: rows that hold the same picture, pixel for pixel: a group of two or more each.
        conflicting: those of the groups whose labels differ.
        copied: (3, 3) int64: rows of the first split whose picture stands in the second too; on
            the diagonal, in another row of the same.
        near: pairs of rows whose pictures are nearly the same; of a picture with copies, its
            first row.
        near_conflicting: (len(near),) bool: the two pictures have no label in common.
        near_copied: (3, 3) int64: rows of the first split with a near copy, but no copy, in the
            second.
        warning: what the data set's reader warned of; empty for the original.
    """

    split: str | None
    counts: NDArray[np.int64]
    averages: NDArray[np.float64]
    samples: tuple[Rows, ...]
    blank: Rows
    copies: tuple[Rows, ...]
    conflicting: tuple[Rows, ...]
    copied: NDArray[np.int64]
    near: NearCopies
    near_conflicting: NDArray[np.bool_]
    near_copied: NDArray[np.int64]
    warning: str = ""

    @property
    def rows(self) -> int:
        """How many rows the data set has."""
        return int(self.counts.sum())

    @property
    def class_counts(self) -> NDArray[np.int64]:
        """(7,) rows of each class, in the split that was asked for or in all."""
        if self.split is None:
            return np.asarray(self.counts.sum(axis=0), np.int64)
        return np.asarray(self.counts[SPLITS.index(self.split)], np.int64)

    def contrast(self, one: str, other: str) -> NDArray[np.float64]:
        """(48, 48) grey values by which the average of ``one`` is lighter than that of ``other``.

        NaN where either class has no pictures.
        """
        lighter, darker = (self.averages[EMOTIONS.index(name)] for name in (one, other))
        return np.asarray(lighter - darker, np.float64)

    def plot(self) -> Figure:
        """The average face of each emotion, and how many pictures there are."""
        from duchenne.evaluation.emotion.showing import plot_exploration

        return plot_exploration(self)

    def _repr_html_(self) -> str:
        from duchenne.evaluation.emotion.showing import exploration_html

        return exploration_html(self)


@dataclass(frozen=True, eq=False)
class _Marks:
    """Label, split and choice of each row as numbers."""

    label: NDArray[np.int64]
    split: NDArray[np.int64]
    chosen: NDArray[np.bool_]


def explore(
    data: Fer2013, split: str | None = None, on_step: Callable[[str], object] | None = None
) -> Exploration:
    """Count, average and compare the pictures of FER-2013.

    Args:
        data: the data set, all its splits.
        split: show the pictures of this split only; copies are looked for in all.
        on_step: told the name of each of ``STEPS`` as it begins.

    Raises:
        DataError: no rows, no such split, or none of its rows.
    """
    told = on_step or (lambda _: None)
    if not len(data):
        raise DataError("There is nothing to explore in a data set without rows.")
    if split is not None:
        data.split(split)  # for its errors
    place = np.array([SPLITS.index(usage) for usage in data.usage.tolist()], np.int64)
    chosen = np.ones(len(data), np.bool_) if split is None else data.usage == split
    marks = _Marks(data.labels, place, chosen)
    told(STEPS[0])
    distinct = distinct_pictures(data.images)
    near = near_copies(data.images[distinct.first], lambda: told(STEPS[1]))
    told(STEPS[-1])
    return Exploration(
        split=split,
        counts=_table(place, data.labels, (len(SPLITS), len(EMOTIONS))),
        averages=average_faces(data.images[chosen], data.labels[chosen]),
        samples=_samples(marks),
        blank=np.flatnonzero(is_blank(data.images) & chosen),
        warning=data.warning,
        **_copies(distinct, marks),
        **_near(near, distinct, marks),
    )


def average_faces(images: NDArray[np.uint8], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """The mean picture of each class: (N, H, W) uint8 and (N,) labels to (7, H, W) float64.

    Every row counts, blank pictures and copies too; NaN for a class without any.
    """
    averages = np.full((len(EMOTIONS), *images.shape[1:]), np.nan)
    for label in np.unique(labels):
        averages[label] = images[labels == label].mean(axis=0, dtype=np.float64)
    return averages


def _table(
    down: NDArray[np.int64], across: NDArray[np.int64], shape: tuple[int, int]
) -> NDArray[np.int64]:
    cells = np.bincount(down * shape[1] + across, minlength=shape[0] * shape[1])
    return cells.reshape(shape).astype(np.int64)


def _samples(marks: _Marks) -> tuple[Rows, ...]:
    rng = np.random.default_rng(_SEED)
    found = []
    for label in range(len(EMOTIONS)):
        rows = np.flatnonzero((marks.label == label) & marks.chosen)
        found.append(np.sort(rng.choice(rows, min(SAMPLES, len(rows)), replace=False)))
    return tuple(found)


def _copies(distinct: Distinct, marks: _Marks) -> dict[str, Any]:
    groups = tuple(rows for rows in distinct.groups() if marks.chosen[rows].any())
    return {
        "copies": groups,
        "conflicting": tuple(rows for rows in groups if np.ptp(marks.label[rows]) > 0),
        "copied": _crossing(distinct.stands_in(marks.split, len(SPLITS)), marks.split),
    }


def _near(near: NearCopies, distinct: Distinct, marks: _Marks) -> dict[str, Any]:
    present = distinct.count(marks.split, len(SPLITS)) > 0
    standing = near.spread(present)[distinct.of_row]
    standing &= ~distinct.stands_in(marks.split, len(SPLITS))
    chosen = np.bincount(distinct.of_row, marks.chosen, minlength=len(distinct)) > 0
    mine = near.only(np.asarray(chosen[near.pairs].any(axis=1), np.bool_))
    labels = distinct.count(marks.label, len(EMOTIONS)) > 0
    one, other = mine.pairs.T
    return {
        "near": NearCopies(distinct.first[mine.pairs], mine.distance, mine.correlation),
        "near_conflicting": ~(labels[one] & labels[other]).any(axis=1),
        "near_copied": _crossing(standing, marks.split),
    }


def _crossing(standing: NDArray[np.bool_], split: NDArray[np.int64]) -> NDArray[np.int64]:
    """(3, 3): of (N, 3) bool, the sums over the rows of each split."""
    return np.stack([standing[split == s].sum(axis=0) for s in range(len(SPLITS))]).astype(np.int64)


def describe(exploration: Exploration, data: Fer2013) -> dict[str, Any]:
    """The exploration without its pictures, JSON-ready.

    Args:
        exploration: of ``data``.
        data: for the label and the split of each row.
    """
    found = exploration
    return {
        "data": "FER-2013",
        "split": found.split,
        "rows": found.rows,
        "warning": found.warning or None,
        "counts": {
            split: dict(zip(EMOTIONS, row.tolist(), strict=True))
            for split, row in zip(SPLITS, found.counts, strict=True)
        },
        "samples": {n: rows.tolist() for n, rows in zip(EMOTIONS, found.samples, strict=True)},
        "blank": {
            "below_standard_deviation": BLANK,
            "rows": [_row(data, row) for row in found.blank.tolist()],
        },
        "copies": {
            "rows_that_stand_in": _named(found.copied),
            "groups": [rows.tolist() for rows in found.copies],
            "conflicting": [[_row(data, r) for r in rows.tolist()] for rows in found.conflicting],
        },
        "near_copies": {
            "most_bits": HASH_DISTANCE,
            "least_correlation": CORRELATION,
            "rows_without_a_copy_that_nearly_stand_in": _named(found.near_copied),
            "pairs": _near_pairs(found),
        },
    }


def _near_pairs(found: Exploration) -> list[dict[str, Any]]:
    near = found.near
    columns = (near.pairs, near.distance, near.correlation, found.near_conflicting)
    return [
        {"rows": rows, "bits": bits, "correlation": round(r, 4), "conflicting": conflict}
        for rows, bits, r, conflict in zip(*(column.tolist() for column in columns), strict=True)
    ]


def _named(table: NDArray[np.int64]) -> dict[str, dict[str, int]]:
    rows = (dict(zip(SPLITS, row, strict=True)) for row in table.tolist())
    return dict(zip(SPLITS, rows, strict=True))


def _row(data: Fer2013, row: int) -> dict[str, Any]:
    return {"row": row, "label": EMOTIONS[data.labels[row]], "split": str(data.usage[row])}
