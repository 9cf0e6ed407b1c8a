"""What both estimators share: what they ask of what they are given, and how they are scored."""

# X: scikit-learn's tools look for this name.
# ruff: noqa: N803

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils.validation import check_consistent_length, column_or_1d

from duchenne.errors import DataError


class EstimatorError(DataError, ValueError):
    """Rows, labels or parameters that an estimator cannot work with.

    A ``ValueError`` too, because that is what scikit-learn's own tools catch.
    """


def people_of(groups: ArrayLike | None, rows: NDArray[Any]) -> NDArray[Any] | None:
    """(n,) people of (n, columns) rows, None where nobody said.

    Raises:
        ValueError: not one for each row.
    """
    if groups is None:
        return None
    people = column_or_1d(groups)
    check_consistent_length(rows, people)
    return np.asarray(people)


class ClassifierOfPeople(ClassifierMixin):  # type: ignore[misc]
    """A classifier whose ``predict`` may be told who each row shows.

    ``fit`` and ``score`` ask for ``groups`` through scikit-learn's metadata routing.
    """

    __metadata_request__fit: ClassVar = {"groups": True}
    __metadata_request__score: ClassVar = {"groups": True}

    def score(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: Any = None,
        groups: ArrayLike | None = None,
    ) -> float:
        """Share of (n,) labels that are right, 0 to 1, undecided ones too."""
        right = self.predict(X, groups) == np.asarray(y)
        return float(np.average(right, weights=sample_weight))
