"""What a check of Action Units measured, and ranks with their intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.names import ACTION_UNITS, INTENSITIES
from duchenne.evaluation.statistics.intervals import Estimate, bootstrap_interval
from duchenne.evaluation.statistics.ranking import area_under_curve

Array = NDArray[np.float64]

UNITS: Final = tuple(ACTION_UNITS)
_Z95: Final = 1.959963984540054
_DRAWS: Final = 300


@dataclass(frozen=True)
class Measure:
    """One number of one check.

    Attributes:
        check: synthetic, london, pedfe or blinks.
        unit: for example AU12.
        name: what was measured, in words.
        rows: people, clips or faces behind it.
        estimate: with its 95 % interval.
    """

    check: str
    unit: str
    name: str
    rows: int
    estimate: Estimate

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "check": self.check,
            "unit": self.unit,
            "name": self.name,
            "rows": self.rows,
        } | self.estimate.to_dict()


def column(unit: str) -> int:
    """Place of a unit's whole-face intensity among ``INTENSITIES``."""
    return INTENSITIES.index(f"{unit}_r")


def auc_between(
    values: Array, positive: NDArray[np.bool_], groups: NDArray[Any] | None = None
) -> Estimate:
    """AUC of values (n,) with an interval that draws whole groups, such as people.

    Raises:
        DataError: no values, values that are NaN, or other shapes.
    """

    def statistic(chosen: NDArray[np.intp]) -> float:
        return area_under_curve(values[chosen], positive[chosen])

    return bootstrap_interval(statistic, len(values), groups, n=_DRAWS)


def correlation(values: Array, truth: Array) -> Estimate:
    """Pearson's r with Fisher's interval (1921); NaN where one of the two never changes."""
    if np.ptp(values) == 0 or np.ptp(truth) == 0 or len(values) < 4:
        return Estimate(math.nan, math.nan, math.nan)
    r = float(np.corrcoef(values, truth)[0, 1])
    half = _Z95 / math.sqrt(len(values) - 3)
    z = math.atanh(min(max(r, -1 + 1e-12), 1 - 1e-12))
    return Estimate(r, math.tanh(z - half), math.tanh(z + half))


def mean_error(values: Array, truth: Array) -> Estimate:
    """Mean absolute error with the normal interval of its standard error."""
    errors = np.abs(values - truth)
    mean = float(errors.mean())
    half = _Z95 * float(errors.std(ddof=1)) / math.sqrt(len(errors))
    return Estimate(mean, max(0.0, mean - half), mean + half)
