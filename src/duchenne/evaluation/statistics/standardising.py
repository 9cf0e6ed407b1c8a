"""Features brought to mean 0 and standard deviation 1, over training rows or over each person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duchenne.errors import DataError

Matrix = NDArray[np.float64]
Real = TypeVar("Real", bound=np.floating[Any])

_FLAT: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Standardiser:
    """Means and spreads of the rows it was fitted on.

    Attributes:
        mean: (features,).
        spread: (features,) standard deviations; 1 where a feature does not vary.
    """

    mean: Matrix
    spread: Matrix

    @classmethod
    def fit(cls, features: Matrix) -> Standardiser:
        """From (n, features); NaN is left out, and a feature that is NaN throughout becomes 0.

        Raises:
            DataError: no rows, or not a table.
        """
        if features.ndim != 2 or not len(features):
            raise DataError(f"Features should be (n, features) with rows, got {features.shape}.")
        known = np.isfinite(features)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, features, 0.0).sum(axis=0) / count
        off = np.where(known, features - mean, 0.0)
        spread = np.sqrt((off**2).sum(axis=0) / count)
        return cls(mean, np.where(spread > _FLAT, spread, 1.0))

    def __call__(self, features: Matrix) -> Matrix:
        """(n, features); what is NaN becomes 0, the mean."""
        return np.nan_to_num((features - self.mean) / self.spread, nan=0.0)


def by_person(features: Matrix, people: ArrayLike) -> Matrix:
    """Each person's features standardised over that person's own rows.

    It needs no labels, only several clips of the person; a person with one clip gets zeros.

    Raises:
        DataError: another number of people than rows.
    """
    return person_by_person(features, people, lambda own: Standardiser.fit(own)(own))


def person_by_person(
    features: NDArray[Real], people: ArrayLike, change: Callable[[NDArray[Real]], NDArray[Real]]
) -> NDArray[Real]:
    """Each person's rows changed by themselves.

    Args:
        features: (n, columns).
        people: (n,) who each row is of.
        change: from one person's rows to as many others.

    Raises:
        DataError: another number of people than rows.
    """
    whose = np.asarray(people)
    if whose.shape != (len(features),):
        raise DataError(f"There are {whose.shape} people for {len(features)} rows.")
    placed = np.empty_like(features)
    for person in np.unique(whose):
        rows = whose == person
        placed[rows] = change(features[rows])
    return placed
