"""Signals of one face at a uniform rate, whatever the camera's.

Between frames a signal is taken to be straight; gaps without the face are bridged when they are
shorter than a quarter of a second and split it otherwise. Smoothing is a Gaussian whose width is
given in seconds, and every camera ends with the same blur: straight lines between frames that lie
d apart blur by a variance of d²/6 already, so the Gaussian adds only what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

RATE: Final = 25.0
"""Samples a second of all signals but those of ``phases``."""

SMOOTHING_S: Final = 0.08
"""Standard deviation of the whole blur: speeds up to about 2 Hz pass, landmark noise does not."""

LONGEST_GAP_S: Final = 0.25

# The Gaussian works on a finer grid, so that a blur of one or two samples is still a Gaussian.
_FINER: Final = 4
_TAILS: Final = 4.0


@dataclass(frozen=True, eq=False)
class Signals:
    """Signals of one stretch of time without gaps.

    Attributes:
        start: s, the time of the first sample.
        rate: samples a second.
        values: name to (n,) float64; NaN where a signal was not measured.

    Raises:
        ValueError: there is no signal, or they differ in length.
    """

    start: float
    rate: float
    values: Mapping[str, Vector]

    def __post_init__(self) -> None:
        lengths = sorted({len(signal) for signal in self.values.values()})
        if len(lengths) != 1:
            raise ValueError(f"Signals need one length, got {lengths}.")

    def __len__(self) -> int:
        return len(next(iter(self.values.values())))

    def __getitem__(self, name: str) -> Vector:
        return self.values[name]

    def get(self, name: str) -> Vector:
        """The signal of that name, NaN throughout where there is none."""
        return self.values[name] if name in self.values else np.full(len(self), np.nan)

    @property
    def times(self) -> Vector:
        """(n,) s."""
        return self.start + np.arange(len(self)) / self.rate

    def between(self, first: float, last: float) -> Signals:
        """The samples from ``first`` to ``last`` (s), at least one of them."""
        low = int(np.clip(round((first - self.start) * self.rate), 0, len(self) - 1))
        high = int(np.clip(round((last - self.start) * self.rate), low, len(self) - 1))
        cut = {name: signal[low : high + 1] for name, signal in self.values.items()}
        return Signals(self.start + low / self.rate, self.rate, cut)


def stretches(times: Vector, longest_gap: float = LONGEST_GAP_S) -> list[slice]:
    """Where a face is followed without a gap.

    Args:
        times: (n,) s, rising, of the frames with the face.
        longest_gap: s that are bridged. At slow rates a gap is also at least half as long again as
            the usual time between frames.

    Returns:
        One slice of the frames for each stretch, in the order of time.
    """
    if not len(times):
        return []
    longest = max(longest_gap, 1.5 * spacing(times))
    cuts = np.flatnonzero(np.diff(times) > longest) + 1
    edges = [0, *cuts.tolist(), len(times)]
    return [slice(first, last) for first, last in pairwise(edges)]


def spacing(times: Vector) -> float:
    """The usual time between frames (s); 0 for a single one."""
    return float(np.median(np.diff(times))) if len(times) > 1 else 0.0


def resample(
    times: Vector, values: Mapping[str, Vector], rate: float = RATE, smoothing: float = SMOOTHING_S
) -> Signals:
    """Signals at a uniform rate.

    Args:
        times: (n,) s, rising, n at least 1.
        values: name to (n,); frames where a signal is NaN are bridged by its neighbours.
        rate: samples a second of the result.
        smoothing: s, standard deviation of the blur; 0 for straight lines only.

    Returns:
        Signals from the first time to the last; one that is NaN everywhere stays so.
    """
    finer = rate * _FINER
    steps = int(np.floor((times[-1] - times[0]) * finer + 1e-6))
    grid = times[0] + np.arange(steps + 1) / finer
    missing = np.sqrt(max(smoothing**2 - spacing(times) ** 2 / 6, 0.0))
    resampled = {
        name: _smooth(_straight(grid, times, signal), missing * finer)[::_FINER]
        for name, signal in values.items()
    }
    return Signals(float(times[0]), rate, resampled)


def _straight(grid: Vector, times: Vector, values: Vector) -> Vector:
    known = np.isfinite(values)
    if not known.any():
        return np.full(len(grid), np.nan)
    return np.asarray(np.interp(grid, times[known], values[known]))


def _smooth(values: Vector, sigma: float) -> Vector:
    """Gaussian of ``sigma`` samples; at the ends it weighs only what is there."""
    reach = int(np.ceil(_TAILS * sigma))
    if reach < 1:
        return values
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weighed = np.convolve(values, kernel)[reach : reach + len(values)]
    weights = np.convolve(np.ones(len(values)), kernel)[reach : reach + len(values)]
    return np.asarray(weighed / weights)


def speed(values: Vector, rate: float) -> Vector:
    """First derivative in units a second, (n,); NaN for a single sample."""
    if len(values) < 2:
        return np.full(len(values), np.nan)
    return np.asarray(np.gradient(values, 1.0 / rate))
