"""How near a model's ratings of affect come to those of people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.evaluation.statistics.intervals import REPLICATES, Estimate, bootstrap_interval

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class AffectScores:
    """How near predictions come to what raters said; 95 % intervals by drawing whole people.

    Attributes:
        r: correlation with the raters' mean over all clips.
        within: the same when each person's mean is taken off both: who is rated high in general
            no longer counts.
        r2: share of the ratings' variance; below 0 is worse than their mean.
        error: mean absolute difference, in points of the scale from 1 to 7.
        two_raters: correlation with the mean of two raters, averaged over the three pairs.
        one_rater: the same of the third rater: what a person does on the same task.
    """

    r: Estimate
    within: Estimate
    r2: Estimate
    error: Estimate
    two_raters: Estimate
    one_rater: Estimate

    @classmethod
    def of(
        cls,
        predicted: Vector,
        raters: Vector,
        people: NDArray[np.generic],
        replicates: int = REPLICATES,
    ) -> AffectScores:
        """Compare.

        Args:
            predicted: (n,) of each clip.
            raters: (n, 3) what each rater said.
            people: (n,) who is seen.
            replicates: draws of people.

        Raises:
            DataError: another number of predictions than clips, or one that is no number.
        """
        if predicted.shape != (len(raters),) or not np.isfinite(predicted).all():
            raise DataError(f"There should be one number for each of the {len(raters)} clips.")
        true, each = raters.mean(axis=1), range(raters.shape[1])
        pairs = np.stack([np.delete(raters, k, axis=1).mean(axis=1) for k in each])
        own = [_off_person(values, people) for values in (predicted, true)]

        def interval(statistic: Callable[[NDArray[np.intp]], float]) -> Estimate:
            return bootstrap_interval(statistic, len(raters), people, n=replicates)

        return cls(
            r=interval(lambda rows: correlation(predicted[rows], true[rows])),
            within=interval(lambda rows: correlation(own[0][rows], own[1][rows])),
            r2=interval(lambda rows: _r2(predicted[rows], true[rows])),
            error=interval(lambda rows: float(np.abs(predicted[rows] - true[rows]).mean())),
            two_raters=interval(
                lambda rows: float(
                    np.mean([correlation(predicted[rows], pair[rows]) for pair in pairs])
                )
            ),
            one_rater=interval(
                lambda rows: float(
                    np.mean([correlation(raters[rows, k], pairs[k, rows]) for k in each])
                )
            ),
        )

    def to_dict(self) -> dict[str, float]:
        """Each value with its interval: ``r``, ``r_low``, ``r_high`` and so on."""
        found: dict[str, float] = {}
        for name in (field.name for field in fields(self)):
            estimate: Estimate = getattr(self, name)
            found |= {
                name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high,
            }  # fmt: skip
        return found


def _off_person(values: Vector, people: NDArray[np.generic]) -> Vector:
    series = pd.Series(values)
    return np.asarray(series - series.groupby(people).transform("mean"), np.float64)


def correlation(one: Vector, other: Vector) -> float:
    """Pearson's r, -1 to 1; NaN where one does not vary."""
    a, b = one - one.mean(), other - other.mean()
    below = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / below if below > 0 else float("nan")


def _r2(predicted: Vector, true: Vector) -> float:
    below = float(((true - true.mean()) ** 2).sum())
    return 1 - float(((predicted - true) ** 2).sum()) / below if below > 0 else float("nan")
