"""What every feature has found, gathered into one ``Synchrony`` without keeping the surrogates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from duchenne.synchrony.bootstrap import people_interval, subject_interval
from duchenne.synchrony.corrections import Tail
from duchenne.synchrony.isc import above_diagonal, averaged, to_z
from duchenne.synchrony.settings import Settings
from duchenne.synchrony.surrogates import FeatureTest

Values = NDArray[np.float64]


@dataclass(eq=False)
class RunningMean:
    """A mean of arrays that come one at a time, each place over what is known there."""

    total: Values | None = None
    number: NDArray[np.int64] | None = None

    def add(self, values: Values) -> None:
        """One more array of the same shape, NaN where unknown."""
        known = np.isfinite(values)
        if self.total is None or self.number is None:
            self.total, self.number = np.zeros(values.shape), np.zeros(values.shape, np.int64)
        self.total += np.where(known, values, 0.0)
        self.number += known

    @property
    def mean(self) -> Values:
        """NaN where nothing was known."""
        assert self.total is not None
        assert self.number is not None
        empty = np.full(self.total.shape, np.nan)
        return np.asarray(np.divide(self.total, self.number, out=empty, where=self.number > 0))


@dataclass(frozen=True, eq=False)
class Gathered:
    """All features together.

    Attributes:
        isc: (n, features).
        people: (n, features) int64, how many take part.
        p_above: (n, features), corrected.
        p_below: (n, features), corrected.
        upper: (n,) thresholds, NaN where the correction has none.
        lower: (n,).
        feature_means: (features, 3) mean over windows with its interval.
        window_means: (n, 3) mean over features with its interval.
        matrix: (people, people) mean over windows and features, NaN on the diagonal.
    """

    isc: Values
    people: NDArray[np.int64]
    p_above: Values
    p_below: Values
    upper: Values
    lower: Values
    feature_means: Values
    window_means: Values
    matrix: Values


@dataclass(eq=False)
class Gathering:
    """Takes features one by one."""

    settings: Settings
    above: Tail = field(init=False)
    below: Tail = field(init=False)
    isc: list[Values] = field(default_factory=list)
    people: list[NDArray[np.int64]] = field(default_factory=list)
    by_feature: list[Values] = field(default_factory=list)
    by_window: RunningMean = field(default_factory=RunningMean)
    matrix: RunningMean = field(default_factory=RunningMean)

    def __post_init__(self) -> None:
        self.above, self.below = Tail(self.settings.alpha), Tail(self.settings.alpha)

    def add(self, test: FeatureTest) -> None:
        """One more feature."""
        self.isc.append(test.isc)
        self.people.append(test.people)
        self.above.add(test.isc, test.null)
        self.below.add(-test.isc, -test.null)
        enough = test.people >= self.settings.min_people
        pairs = self._scaled(test.pairs[enough])
        self.matrix.add(mean_over(pairs))
        own = test.pairs if test.left_out is None else test.left_out
        own = np.where(enough.reshape(-1, *[1] * (own.ndim - 1)), self._scaled(own), np.nan)
        self.by_feature.append(mean_over(own))
        self.by_window.add(own)

    def done(self) -> Gathered:
        """The whole."""
        isc = np.stack(self.isc, axis=1)
        p_above, upper = self.above.corrected(isc, self.settings.correction)
        p_below, lower = self.below.corrected(-isc, self.settings.correction)
        return Gathered(
            isc,
            np.stack(self.people, axis=1),
            p_above,
            p_below,
            upper,
            -lower,
            self._with_interval(np.stack(self.by_feature)),
            self._with_interval(self.by_window.mean),
            self._back(self.matrix.mean),
        )

    def _scaled(self, correlations: Values) -> Values:
        return to_z(correlations) if self.settings.average == "z" else correlations

    def _back(self, values: Values) -> Values:
        return np.tanh(values) if self.settings.average == "z" else values

    def _with_interval(self, values: Values) -> Values:
        """(k, people[, people]) to (k, 3): mean, low, high."""
        if self.settings.measure == "pairwise":
            means = averaged(above_diagonal(values), "r")
            bounds = subject_interval(values, self.settings.seed)
        else:
            means = averaged(values, "r")
            bounds = people_interval(values, self.settings.seed)
        return self._back(np.column_stack([means, bounds]))


def mean_over(values: Values) -> Values:
    """Mean over the first axis of what is known; NaN where nothing is."""
    known = np.isfinite(values)
    number = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    empty = np.full(total.shape, np.nan)
    return np.asarray(np.divide(total, number, out=empty, where=number > 0))


def gather(tests: Iterable[FeatureTest], settings: Settings) -> Gathered:
    """Everything that the features found."""
    gathering = Gathering(settings)
    for test in tests:
        gathering.add(test)
    return gathering.done()
