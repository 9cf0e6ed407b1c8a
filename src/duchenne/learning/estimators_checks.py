"""What both estimators ask of what they are given."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
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
