"""Finds pictures that stand in a data set more than once, pixel for pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duchenne.errors import DataError


@dataclass(frozen=True, eq=False)
class Distinct:
    """The different pictures of a data set.

    Attributes:
        of_row: (N,) int64, which picture each row holds; counted from 0, in the order in which
            the pictures first appear.
        first: (P,) int64, the first row that holds each picture.
    """

    of_row: NDArray[np.int64]
    first: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.first)

    def groups(self) -> list[NDArray[np.int64]]:
        """The rows of every picture that stands in two or more, in the order of first rows."""
        order = np.argsort(self.of_row, kind="stable")
        together = np.split(order, np.cumsum(np.bincount(self.of_row))[:-1])
        return [rows for rows in together if len(rows) > 1]

    def count(self, marks: ArrayLike, kinds: int) -> NDArray[np.int64]:
        """(P, kinds): how many rows of each kind hold each picture.

        Args:
            marks: (N,) the kind of each row, 0 to ``kinds - 1``; its label, say, or its split.
            kinds: how many there are.
        """
        kind = np.asarray(marks, np.int64)
        cells = np.bincount(self.of_row * kinds + kind, minlength=len(self) * kinds)
        return cells.reshape(len(self), kinds).astype(np.int64)

    def stands_in(self, splits: ArrayLike, kinds: int) -> NDArray[np.bool_]:
        """(N, kinds): whether another row of each split holds the same picture.

        Args:
            splits: (N,) the split of each row, 0 to ``kinds - 1``.
            kinds: how many splits there are.
        """
        split = np.asarray(splits, np.int64)
        others = self.count(split, kinds)[self.of_row]
        others[np.arange(len(split)), split] -= 1  # a row is no copy of itself
        return np.asarray(others > 0, np.bool_)


def distinct_pictures(images: NDArray[np.uint8]) -> Distinct:
    """Number the different pictures among (N, H, W) uint8 ones.

    Raises:
        DataError: another shape or type.
    """
    check_pictures(images)
    numbers: dict[bytes, int] = {}
    of_row = np.array([numbers.setdefault(i.tobytes(), len(numbers)) for i in images], np.int64)
    return Distinct(of_row, np.unique(of_row, return_index=True)[1].astype(np.int64))


def check_pictures(images: NDArray[np.uint8]) -> None:
    """Refuse what is not (N, H, W) uint8.

    Raises:
        DataError: another shape or type.
    """
    if images.ndim != 3 or images.dtype != np.uint8 or 0 in images.shape[1:]:
        raise DataError(
            f"Pictures to compare are (N, H, W) uint8, got {images.shape} {images.dtype}."
        )
