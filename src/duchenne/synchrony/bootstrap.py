"""Intervals for mean synchrony: people are drawn again, as other people might have come.

Pairs of one person drawn twice are left out (subject-wise bootstrap; Chen et al., NeuroImage 2016).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

DRAWS: Final = 1000


def subject_interval(correlations: Values, seed: int = 0, draws: int = DRAWS) -> Values:
    """95 % percentile intervals of mean correlations.

    Args:
        correlations: (..., people, people) of pairs, NaN where unknown.
        seed: of the draws.
        draws: how many.

    Returns:
        (..., 2) float64, low and high; NaN where nothing is known.
    """
    people = correlations.shape[-1]
    known = np.isfinite(correlations)
    values = np.where(known, correlations, 0.0)
    off = ~np.eye(people, dtype=bool)
    values, weights = values * off, (known & off).astype(np.float64)
    counts = _counts(people, seed, draws)
    flat = (-1, people, people)
    total, weight = (_quadratic(counts, part.reshape(flat)) for part in (values, weights))
    return _percentiles(total, weight, correlations.shape[:-2])


def people_interval(correlations: Values, seed: int = 0, draws: int = DRAWS) -> Values:
    """The same for (..., people) correlations with the others."""
    known = np.isfinite(correlations)
    values, people = np.where(known, correlations, 0.0), correlations.shape[-1]
    counts = _counts(people, seed, draws)
    weights = known.astype(np.float64)
    total, weight = (counts @ part.reshape(-1, people).T for part in (values, weights))
    return _percentiles(total, weight, correlations.shape[:-1])


def _counts(people: int, seed: int, draws: int) -> Values:
    """(draws, people) how often each is drawn."""
    random = np.random.default_rng(seed)
    return random.multinomial(people, np.full(people, 1 / people), size=draws).astype(np.float64)


def _quadratic(counts: Values, matrices: Values) -> Values:
    """(draws, k) sums over pairs, each pair as often as both are drawn."""
    return np.stack([((counts @ matrix) * counts).sum(axis=1) for matrix in matrices], axis=1)


def _percentiles(total: Values, weight: Values, shape: tuple[int, ...]) -> Values:
    means = np.divide(total, weight, out=np.full(total.shape, np.nan), where=weight > 0)
    bounds = np.full((means.shape[1], 2), np.nan)
    for k, column in enumerate(means.T):
        drawn = column[np.isfinite(column)]
        if len(drawn):
            bounds[k] = np.quantile(drawn, [0.025, 0.975])
    return bounds.reshape(*shape, 2)
