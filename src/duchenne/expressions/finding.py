"""Finds expressions in the strength of a face: where each begins, peaks and ends.

Peaks count when they stand out: by at least ``LEAST_RISE`` over the valleys beside them, and, of
two peaks with a valley between, when the valley is below half of the lower one. An expression
begins where it has grown by a fifth of its rise over the lowest ground before it, and ends where
it has fallen back to a fifth; both are read between the samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

LEAST_RISE: Final = 1.0
"""Of 5: weaker movements are not found."""

BRIEF_S: Final = 0.5
"""Shorter expressions are called brief: the seeds' micro-expressions (Ekman and Friesen 1969;
half a second after Yan, Wu, Liang, Chen and Fu 2013)."""

_VALLEY: Final = 0.5
_FOOT: Final = 0.2
_NEARLY: Final = 0.95
# Of 5: a face this near to its rest displays nothing, however low the ground far away.
_NOTHING: Final = 0.5


@dataclass(frozen=True)
class Found:
    """One expression in a stretch of strength.

    Attributes:
        onset: samples from the start of the stretch, with a fraction.
        apex: sample in the middle of the highest strength.
        offset: as ``onset``.
        begun: it was under way already when the stretch began.
        unfinished: it was still under way when the stretch ended.
    """

    onset: float
    apex: int
    offset: float
    begun: bool = False
    unfinished: bool = False


def find(strength: Vector, least_rise: float = LEAST_RISE) -> list[Found]:
    """The expressions of a stretch.

    Args:
        strength: (n,) from 0 to 5, smoothed, without gaps.
        least_rise: of 5, what a peak must rise over the valleys beside it.

    Returns:
        In the order of time; they do not overlap.
    """
    if len(strength) < 2:
        return []
    peaks, valleys = _standing_out(strength, least_rise)
    found = []
    for peak, before, after in zip(peaks, valleys[:-1], valleys[1:], strict=True):
        if strength[peak] - min(strength[before], strength[after]) >= least_rise:
            found.append(_edges(strength, (before, peak, after)))
    return found


def _standing_out(strength: Vector, least_rise: float) -> tuple[list[int], list[int]]:
    """Peaks, and the valleys around them (one more; the first and last are the lower ends)."""
    peaks, valleys = _turns(strength, least_rise)
    while len(peaks) > 1:
        lower = np.minimum(strength[peaks[:-1]], strength[peaks[1:]])
        inner = strength[valleys[1:-1]]
        drop = lower - inner
        # Below 0: the valley is not deep enough to part its neighbours.
        depth = drop - np.maximum(least_rise, _VALLEY * lower)
        shallowest = int(np.argmin(depth))
        if depth[shallowest] >= 0:
            break
        left_is_lower = strength[peaks[shallowest]] < strength[peaks[shallowest + 1]]
        lost = shallowest if left_is_lower else shallowest + 1
        # The other valley of the lost peak may be the deeper one; both sides now share the lowest.
        pair = sorted((valleys[lost], valleys[lost + 1]), key=lambda i: float(strength[i]))
        del peaks[lost]
        valleys[lost : lost + 2] = pair[:1]
    return peaks, valleys


def _turns(strength: Vector, lowest: float) -> tuple[list[int], list[int]]:
    """Local maxima from a height on, and the lowest sample before, between and after them."""
    rising = np.diff(strength) > 0
    padded = np.concatenate([[True], rising, [False]])
    tops = np.flatnonzero(padded[:-1] & ~padded[1:])
    peaks = tops[strength[tops] >= lowest].tolist()
    edges = [0, *peaks, len(strength) - 1]
    valleys = [
        first + int(np.argmin(strength[first : last + 1])) for first, last in pairwise(edges)
    ]
    # A face that does not move at the end still displays something: its last lowest sample counts.
    valleys[-1] = len(strength) - 1 - int(np.argmin(strength[edges[-2] :][::-1]))
    return peaks, valleys


def _edges(strength: Vector, around: tuple[int, int, int]) -> Found:
    before, peak, after = around
    rise = strength[before : peak + 1][::-1]
    fall = strength[peak : after + 1]
    rising, begun = _foot(rise)
    falling, unfinished = _foot(fall)
    onset, offset = peak - rising, peak + falling
    first = int(np.ceil(onset))
    return Found(
        onset=onset,
        apex=first + apex_of(strength[first : int(offset) + 1]),
        offset=offset,
        begun=begun and before == 0,
        unfinished=unfinished and after == len(strength) - 1,
    )


def apex_of(strength: Vector) -> int:
    """The middle sample of those within a twentieth of the highest: on a plateau the very highest
    is noise's choice.
    """
    near = np.flatnonzero(strength >= _NEARLY * strength.max())
    return int(near[(len(near) - 1) // 2])


def _foot(falling: Vector) -> tuple[float, bool]:
    """Samples from the peak (first) down to a fifth of its height over the ground.

    The second value tells that the signal ended before it came near to the ground.
    """
    high, ground = float(falling[0]), float(falling.min())
    cut_off = high - ground < _VALLEY * high
    if cut_off and high - ground < LEAST_RISE:
        return float(len(falling) - 1), cut_off
    return _first_below(falling, max(ground + _FOOT * (high - ground), _NOTHING)), cut_off


def _first_below(values: Vector, level: float) -> float:
    """The place, with a fraction, where a signal first comes down to a level."""
    below = np.flatnonzero(values <= level)
    if not len(below):
        return float(len(values) - 1)
    at = int(below[0])
    if at == 0:
        return 0.0
    high, low = float(values[at - 1]), float(values[at])
    return at - 1 + (high - level) / (high - low) if high > low else float(at)
