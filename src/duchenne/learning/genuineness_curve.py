"""The curve from a model's decision values to probabilities, fitted on people it did not see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.evaluation.statistics.sigmoid import Sigmoid

Matrix = NDArray[np.float64]
Decide = Callable[[Matrix], Matrix]

_INNER: Final = 3


def fit_curve(
    features: Matrix,
    genuine: NDArray[np.bool_],
    people: NDArray[Any],
    fit: Callable[[Matrix, NDArray[np.bool_]], Decide],
    seed: int = 0,
) -> Sigmoid:
    """Deal the people of some training rows into three folds, and fit on the held-out values.

    Args:
        features: (n, features).
        genuine: (n,) bool.
        people: (n,) whose rows they are; at least two people with both types among the others.
        fit: from features and kinds to what gives (k,) decision values of (k, features).
        seed: of the deal.

    Raises:
        DataError: only one type, or too few people.
    """
    if genuine.all() or not genuine.any():
        raise DataError("Training needs clips of both types, genuine and posed.")
    everybody = np.unique(people)
    if len(everybody) < 2:
        raise DataError("A model with probabilities needs clips of two people.")
    dealt = np.random.default_rng(seed).permutation(len(everybody)) % min(_INNER, len(everybody))
    inner = dealt[np.searchsorted(everybody, people)]
    values = np.full(len(features), np.nan)
    for number in np.unique(inner):
        test = inner == number
        if genuine[~test].any() and not genuine[~test].all():
            values[test] = fit(features[~test], genuine[~test])(features[test])
    known = np.isfinite(values)
    if not known.any():
        raise DataError("Too few people have clips of both types, genuine and posed.")
    return Sigmoid.fit(values[known], genuine[known])
