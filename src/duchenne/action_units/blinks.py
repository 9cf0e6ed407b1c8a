"""Blinks: short closures of both eyes, found in AU45 over time.

FACS tells a blink (AU45) from closed eyes (AU43) by how long it lasts: at most half a second
(Ekman, Friesen and Hager 2002). A frame does not know; a series does. A blink stands out from the
half second before and after it, so that lids lowered by a downward gaze or a smile are none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

LONGEST_S: Final = 0.5

# Of 5, above the surroundings; small enough for blinks that a slow camera catches half shut.
_RISE: Final = 1.25
_AROUND_S: Final = 0.6


@dataclass(frozen=True)
class Blink:
    """One blink.

    Attributes:
        start: s, the first frame with the lids more than half of the way down.
        peak: s, where they are lowest.
        end: s, the last frame more than half of the way down.
        strength: AU45 above the surroundings, from 0 to 5.
    """

    start: float
    peak: float
    end: float
    strength: float


def find_blinks(times: NDArray[np.float64], closure: NDArray[np.floating]) -> list[Blink]:
    """The blinks of one face, in the order of time.

    Args:
        times: (n,) s, rising.
        closure: (n,) AU45 from 0 to 5; NaN where there is no face.

    Raises:
        ValueError: the two differ in length.
    """
    if len(times) != len(closure):
        raise ValueError(f"{len(times)} times for {len(closure)} values of AU45.")
    values = np.asarray(closure, np.float64)
    known = np.isfinite(values)
    times, values = np.asarray(times, np.float64)[known], values[known]
    rise = values - _surroundings(times, values)
    found: list[Blink] = []
    free = np.ones(len(values), bool)
    # The strongest first, so that the slopes of one blink are not taken for others.
    for peak in np.argsort(-rise, kind="stable"):
        if rise[peak] < _RISE:
            break
        first, last = _extent(rise, int(peak))
        if free[first : last + 1].all() and times[last] - times[first] <= LONGEST_S:
            found.append(
                Blink(
                    float(times[first]), float(times[peak]), float(times[last]), float(rise[peak])
                )
            )
        free[first : last + 1] = False
    return sorted(found, key=lambda blink: blink.start)


def _surroundings(times: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The higher of the medians of the time before and after: a blink opens again, a gaze stays."""
    level = np.empty(len(values))
    # Places in the series, not masks over all of it: an hour of video has 100,000 frames.
    first, own = np.searchsorted(times, times - _AROUND_S), np.searchsorted(times, times)
    beyond = np.searchsorted(times, times, side="right")
    last = np.searchsorted(times, times + _AROUND_S, side="right")
    for i, time in enumerate(times):
        before, after = values[first[i] : own[i]], values[beyond[i] : last[i]]
        # A sliver at either end of the series may be the blink itself.
        seen = (time - times[0] >= _AROUND_S / 2, times[-1] - time >= _AROUND_S / 2)
        sides = [
            float(np.median(side))
            for side, enough in zip((before, after), seen, strict=True)
            if enough and len(side)
        ]
        level[i] = max(sides, default=float(values[i]))
    return level


def _extent(rise: NDArray[np.float64], peak: int) -> tuple[int, int]:
    half = rise[peak] / 2
    first = last = peak
    while first > 0 and rise[first - 1] >= half:
        first -= 1
    while last + 1 < len(rise) and rise[last + 1] >= half:
        last += 1
    return first, last
