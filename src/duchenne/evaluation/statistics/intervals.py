"""Values with their 95 % intervals.

A proportion of independent rows has a Wilson interval (Wilson, JASA 1927); every other interval
is a percentile bootstrap over rows (Efron, Ann. Statist. 1979), or over groups of rows, such as
the clips of one subject, whose rows are not independent.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duchenne.errors import DataError

REPLICATES: Final = 1000
_Z95: Final = 1.959963984540054


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float | None]:
        """JSON-ready; None where a bound is undefined."""
        return {
            "value": finite_or_none(self.value),
            "low": finite_or_none(self.low),
            "high": finite_or_none(self.high),
        }


def wilson_interval(successes: int, rows: int) -> Estimate:
    """A proportion with its 95 % Wilson score interval (Wilson 1927, without continuity).

    Raises:
        ValueError: no rows, or successes that are not from 0 to as many.
    """
    if not 0 <= successes <= rows or rows == 0:
        raise ValueError(f"{successes} of {rows} is no proportion.")
    share = successes / rows
    z2 = _Z95**2
    centre = (share + z2 / (2 * rows)) / (1 + z2 / rows)
    half = _Z95 / (1 + z2 / rows) * math.sqrt(share * (1 - share) / rows + z2 / (4 * rows**2))
    # The bounds touch 0 and 1 exactly there; rounding must not push the share outside them.
    return Estimate(share, min(max(0.0, centre - half), share), max(min(1.0, centre + half), share))


def bootstrap_interval(
    statistic: Callable[[NDArray[np.intp]], float],
    rows: int,
    groups: ArrayLike | None = None,
    seed: int = 0,
    n: int = REPLICATES,
) -> Estimate:
    """A statistic with its 95 % percentile bootstrap interval.

    Args:
        statistic: gives the value for row indices (with repetitions); it may be NaN for a draw
            in which it is undefined, and such draws are left out.
        rows: how many rows there are.
        groups: (rows,) who or what each row belongs to; whole groups are drawn. None: rows are.
        seed: of the draws.
        n: how many draws.

    Raises:
        DataError: no rows, or ``groups`` of another length.
    """
    if rows < 1:
        raise DataError("There are no rows to bootstrap.")
    members = group_members(rows, groups)
    generator = np.random.default_rng(seed)
    values = np.empty(n)
    for i in range(n):
        drawn = generator.integers(0, len(members), len(members))
        values[i] = statistic(np.concatenate([members[j] for j in drawn]))
    return percentile_interval(float(statistic(np.arange(rows))), values)


def group_members(rows: int, groups: ArrayLike | None) -> list[NDArray[np.intp]]:
    """The row indices of each group; each row its own where there are no groups.

    Raises:
        DataError: ``groups`` of another length.
    """
    if groups is None:
        return list(np.arange(rows).reshape(-1, 1))
    keys = np.asarray(groups)
    if keys.shape != (rows,):
        raise DataError(f"There are {keys.shape} group names for {rows} rows.")
    _, group = np.unique(keys, return_inverse=True)
    order = np.argsort(group, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(group[order])) + 1)


def percentile_interval(value: float, draws: NDArray[np.float64]) -> Estimate:
    """The middle 95 % of the draws, without those in which the statistic is undefined."""
    defined = draws[np.isfinite(draws)]
    if defined.size == 0:
        return Estimate(value, math.nan, math.nan)
    low, high = np.quantile(defined, [0.025, 0.975])
    return Estimate(value, float(low), float(high))


def finite_or_none(value: float | None) -> float | None:
    """Six decimals for JSON, which has no NaN."""
    return None if value is None or not math.isfinite(value) else round(float(value), 6)
