"""Whether one classifier is better than another on the same rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from duchenne.errors import DataError
from duchenne.evaluation.statistics.intervals import (
    REPLICATES,
    Estimate,
    finite_or_none,
    percentile_interval,
)


@dataclass(frozen=True)
class PairedDifference:
    """The accuracy of a first classifier less that of a second on the same rows.

    Attributes:
        accuracy: the difference, -1 to 1, with its bootstrap interval over rows.
        only_first: rows that only the first has right.
        only_second: rows that only the second has right.
        p: see ``mcnemar``.
    """

    accuracy: Estimate
    only_first: int
    only_second: int
    p: float

    @classmethod
    def from_right(cls, first: ArrayLike, second: ArrayLike, seed: int = 0) -> PairedDifference:
        """Compare which of (N,) rows each of two classifiers has right.

        Raises:
            DataError: no rows, or lengths that differ.
        """
        one, two = np.asarray(first, bool), np.asarray(second, bool)
        if one.ndim != 1 or one.shape != two.shape or one.size == 0:
            raise DataError(
                f"Two classifiers are compared on the same rows, got {one.shape} and {two.shape}."
            )
        rows, only_first, only_second = one.size, int((one & ~two).sum()), int((two & ~one).sum())
        # Drawing rows is drawing how many of them only one has right.
        shares = np.array([only_first, only_second, rows - only_first - only_second]) / rows
        drawn = np.random.default_rng(seed).multinomial(rows, shares, size=REPLICATES)
        difference = percentile_interval(
            (only_first - only_second) / rows, (drawn[:, 0] - drawn[:, 1]) / rows
        )
        return cls(difference, only_first, only_second, mcnemar(only_first, only_second))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "accuracy": self.accuracy.to_dict(),
            "only_this": self.only_first,
            "only_reference": self.only_second,
            "p": finite_or_none(self.p),
        }


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided p value of McNemar's exact test (McNemar, Psychometrika 1947; binomial).

    How probable it is that rows which only one of two equally good classifiers has right fall at
    least as unevenly as this.

    Args:
        only_first: rows that only the first has right.
        only_second: rows that only the second has right.

    Returns:
        From 0 to 1; 1 where the two never differ.

    Raises:
        ValueError: a count below 0.
    """
    if only_first < 0 or only_second < 0:
        raise ValueError(f"{only_first} and {only_second} are no counts of rows.")
    rows = only_first + only_second
    # Whole numbers until the last step: nothing is rounded, however many rows.
    tail = sum(math.comb(rows, k) for k in range(min(only_first, only_second) + 1))
    return float(min(1.0, 2 * tail / 2**rows))
