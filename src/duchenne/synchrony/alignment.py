"""People's measurements on one clock: offsets, different frame rates, gaps, late and early people.

Between samples a measurement is taken to be straight; gaps longer than a quarter of a second (or
one and a half of the usual time between samples) stay gaps. Where the common clock is slower than
a person's, samples are averaged over its ticks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.expressions.signals import LONGEST_GAP_S, RATE, spacing
from duchenne.notebook import tables

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Values = NDArray[np.float64]

# From here on single precision: 21 people's 478 landmarks over 20 minutes are 1.2 GB.
_LARGE: Final = 60_000_000
_MOST_SAMPLES: Final = 10_000_000


@dataclass(frozen=True, eq=False)
class Series:
    """One person's measurements on their own clock.

    Attributes:
        person: their name.
        times: (n,) s, rising.
        values: (n, features), NaN where nothing was measured.
    """

    person: str
    times: Values
    values: NDArray[Any]

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.times.shape != self.values.shape[:1]:
            raise ValueError(f"{self.times.shape} times do not fit {self.values.shape} values.")
        if not np.isfinite(self.times).all() or (np.diff(self.times) <= 0).any():
            raise DataError(f"The times of {self.person} must be numbers that rise.")


@dataclass(frozen=True, eq=False)
class Aligned:
    """Everybody on one clock.

    Attributes:
        values: (features, people, samples) float64, or float32 for large data; NaN: not measured.
        people: their names.
        features: their names.
        rate: samples a second.
        begin: s, the time of the first sample.
    """

    values: NDArray[Any]
    people: tuple[str, ...]
    features: tuple[str, ...]
    rate: float
    begin: float = 0.0

    def __post_init__(self) -> None:
        expected = (len(self.features), len(self.people))
        if self.values.ndim != 3 or self.values.shape[:2] != expected:
            raise DataError(
                f"Aligned values are (features, people, samples), {expected} of the first two, "
                f"got {self.values.shape}."
            )
        if len(self.people) < 2:
            raise DataError("Synchrony takes at least two people.")
        if len(set(self.people)) < len(self.people):
            raise DataError("Two people have the same name: give each one their own.")
        if not self.rate > 0:
            raise DataError(f"The rate must be above 0 samples a second, not {self.rate}.")

    @property
    def times(self) -> Values:
        """(samples,) s."""
        return self.begin + np.arange(self.values.shape[-1]) / self.rate

    def plot(self, *, features: Sequence[str] | None = None) -> Figure:
        """Each person's measurements over time, a panel a feature.

        Args:
            features: which ones; by default the first four.

        Raises:
            DataError: no such feature.
        """
        from duchenne.synchrony.plotting import plot_aligned

        return plot_aligned(self, features)

    def _repr_html_(self) -> str:
        measured = np.isfinite(self.values).mean(axis=(0, 2)) if self.values.size else []
        facts = {
            "features": self.features,
            "samples a second": self.rate,
            "from s": self.begin,
            "seconds": self.values.shape[-1] / self.rate,
        }
        lines = [
            (person, f"{100 * share:.0f} %")
            for person, share in zip(self.people, measured, strict=False)
        ]
        return tables.noun("People on one clock", facts, tables.rows(["person", "measured"], lines))


def align(
    people: Sequence[Series],
    features: Sequence[str],
    *,
    rate: float | None = None,
    offsets: Mapping[str, float] | None = None,
    longest_gap: float | None = None,
) -> Aligned:
    """Bring people onto one clock, for as long as at least two of them are there.

    Args:
        people: each with one column for each feature.
        features: names of the columns.
        rate: samples a second; None: the slowest person's, at most 25.
        offsets: person to the s at which the common clock's 0 lies on their own; 0 by default.
        longest_gap: s that are bridged; None: 0.25, or 1.5 of the person's time between samples.

    Raises:
        DataError: fewer than two people, somebody without samples, an offset of nobody, or no
            time that two people share.
    """
    moved = [_moved(own, offsets or {}) for own in people]
    _check(moved, features, offsets or {})
    ticks = min(RATE, *(_rate(own) for own in moved)) if rate is None else rate
    if not 0 < ticks < np.inf:
        raise DataError(f"The rate must be above 0 samples a second, not {rate}.")
    begin = sorted(own.times[0] for own in moved)[1]
    end = sorted(own.times[-1] for own in moved)[-2]
    samples = int(np.floor((end - begin) * ticks + 1e-6)) + 1
    if samples < 2:
        raise DataError("No two people were measured at the same time: check times and offsets.")
    if samples > _MOST_SAMPLES:
        raise DataError(
            f"The times span {samples:,} samples at {ticks:g} a second: are they in seconds?"
        )
    size = len(features) * len(moved) * samples
    values = np.empty((len(features), len(moved), samples), np.float32 if size > _LARGE else float)
    grid = begin + np.arange(samples) / ticks
    for place, own in enumerate(moved):
        values[:, place] = _on_grid(grid, ticks, own, longest_gap)
    return Aligned(values, tuple(p.person for p in moved), tuple(features), ticks, float(begin))


def _moved(own: Series, offsets: Mapping[str, float]) -> Series:
    return Series(own.person, own.times - offsets.get(own.person, 0.0), own.values)


def _check(people: list[Series], features: Sequence[str], offsets: Mapping[str, float]) -> None:
    if len(people) < 2:
        raise DataError(f"Synchrony takes at least two people, and here is {len(people)}.")
    unknown = [name for name in offsets if name not in {own.person for own in people}]
    if unknown:
        known = ", ".join(own.person for own in people)
        raise DataError(f"There is an offset of {unknown[0]}, who is not among {known}.")
    for own in people:
        if own.values.shape[1] != len(features):
            raise ValueError(f"{own.values.shape[1]} columns for {len(features)} features.")
        if len(own.times) < 2:
            raise DataError(f"{own.person} has fewer than two samples: leave them out.")


def _rate(own: Series) -> float:
    # Time stamps are rounded; 24.99999999 samples a second are 25.
    return round(1.0 / spacing(own.times), 6)


def _on_grid(grid: Values, rate: float, own: Series, longest_gap: float | None) -> Values:
    """(features, samples)."""
    apart = spacing(own.times)
    gap = longest_gap if longest_gap is not None else max(LONGEST_GAP_S, 1.5 * apart)
    gap = max(gap, 1.5 / rate)
    seen = np.isfinite(own.values)
    found = np.full((own.values.shape[1], len(grid)), np.nan)
    # Features that are missing together, as a lost face's are, are read together.
    patterns, group = np.unique(seen, axis=1, return_inverse=True)
    for number, rows in enumerate(patterns.T):
        if rows.any():
            columns = np.flatnonzero(group.ravel() == number)
            times, values = own.times[rows], own.values[np.ix_(rows, columns)].astype(np.float64)
            if apart * rate < 0.75:
                times, values = _averaged(grid, rate, times, values)
            found[columns] = _straight(grid, times, values, gap).T
    return found


def _averaged(grid: Values, rate: float, times: Values, values: Values) -> tuple[Values, Values]:
    tick = np.rint((times - grid[0]) * rate).astype(np.int64)
    inside = (tick >= 0) & (tick < len(grid))
    ticks, first, counts = np.unique(tick[inside], return_index=True, return_counts=True)
    if not len(ticks):
        return grid[:0], values[:0]
    return grid[ticks], np.add.reduceat(values[inside], first, axis=0) / counts[:, None]


def _straight(grid: Values, times: Values, values: Values, gap: float) -> Values:
    """(samples, columns) straight between samples; NaN in gaps and outside."""
    found = np.full((len(grid), values.shape[1]), np.nan)
    if not len(times):
        return found
    near = 1e-6 * (grid[1] - grid[0])
    right = np.searchsorted(times, grid - near).clip(0, len(times) - 1)
    exact = np.abs(times[right] - grid) <= near
    left = np.where(exact, right, (right - 1).clip(0))
    between = (times[left] < grid) & (grid < times[right]) & (times[right] - times[left] <= gap)
    apart = np.where(right > left, times[right] - times[left], 1.0)
    weight = np.where(exact, 0.0, (grid - times[left]) / apart)[:, None]
    known = exact | between
    mixed = values[left] * (1 - weight) + values[right] * weight
    found[known] = mixed[known]
    return found
