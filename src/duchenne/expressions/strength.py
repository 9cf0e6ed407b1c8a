"""How strongly a face moves: its Action Units above the face's own rest, in one number.

Strength is the mean of the two Action Units that rise highest, because displays of one emotion
move at least two together while noise and speech seldom do. Lips that part, jaws that drop and
lids that close are left out: they belong to speech and blinks more than to expressions.

Rest is the 20th percentile of each Action Unit over the minute around, so that slow drifts of pose
and light are no expressions, and somebody may display something for most of a minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.blinks import find_blinks
from duchenne.expressions.signals import Signals
from duchenne.expressions.track import SIDED, UNITS, Track

Vector = NDArray[np.float64]

_LEFT_OUT: Final = frozenset({"AU25", "AU26", "AU27", "AU28", "AU43", "AU45"})
MOVERS: Final[tuple[str, ...]] = tuple(unit for unit in UNITS if unit not in _LEFT_OUT)
"""The Action Units whose rise counts as expression."""

HIGHEST_REST: Final = 1.0
"""Of 5. In a clip that is one expression the rest may never be seen, so what is higher than this
is not taken for it; the same holds for a single picture."""

_REST: Final = 20.0
_AROUND_S: Final = 30.0
_EVERY_S: Final = 5.0

# Lids that close take the muscles around the eye with them.
_BLINKING: Final = frozenset({"AU05", "AU06", "AU07"})
_BLINK_MARGIN_S: Final = 0.1


class Rest:
    """The resting intensities of one face over time.

    Args:
        track: the face.
        highest: no rest is taken to be above this (0 to 5).
    """

    def __init__(self, track: Track, highest: float | None = None) -> None:
        first, last = float(track.times[0]), float(track.times[-1])
        self._times = np.linspace(first, last, int((last - first) / _EVERY_S) + 1)
        near = [track.within(time - _AROUND_S, time + _AROUND_S) for time in self._times]
        self._levels = {
            column: np.array([_low(part.values[column]) for part in near])
            for column in (*(f"{unit}_r" for unit in UNITS), *SIDED)
            if column in track.values
        }
        if highest is not None:
            self._levels = {
                name: np.minimum(level, highest) for name, level in self._levels.items()
            }

    def above(self, signals: Signals, column: str) -> Vector:
        """A column of intensities above rest, (n,); NaN where it was not measured."""
        if column not in self._levels:
            return np.full(len(signals), np.nan)
        level = np.interp(signals.times, self._times, self._levels[column])
        return np.asarray(signals[column] - level)

    def rises(self, signals: Signals) -> dict[str, Vector]:
        """Every Action Unit above rest: its name to (n,), NaN where it was not measured."""
        return {unit: self.above(signals, f"{unit}_r") for unit in UNITS}


def _low(values: Vector) -> float:
    known = values[np.isfinite(values)]
    return float(np.percentile(known, _REST)) if len(known) else float("nan")


def strength(rises: dict[str, Vector]) -> Vector:
    """The mean of the two highest rises, (n,), from 0 to 5.

    Args:
        rises: Action Units above rest, as ``Rest.rises`` gives them.
    """
    return _two_highest([rises[unit] for unit in MOVERS])


def _two_highest(signals: Sequence[Vector]) -> Vector:
    # In place: of an hour, each copy is as large as all that was measured.
    stacked = np.nan_to_num(np.stack(signals), copy=False, nan=0.0)
    np.clip(stacked, 0.0, None, out=stacked)
    stacked.sort(axis=0)
    return np.asarray(stacked[-2:].mean(axis=0))


def without_blinks(track: Track) -> Track:
    """The same face with what its blinks do to the muscles around the eyes bridged."""
    closure = track.values.get("AU45_r")
    if closure is None:
        return track
    hidden = np.zeros(len(track), bool)
    for blink in find_blinks(track.times, closure):
        first, last = blink.start - _BLINK_MARGIN_S, blink.end + _BLINK_MARGIN_S
        hidden |= (track.times >= first) & (track.times <= last)
    if not hidden.any() or hidden.all():
        return track
    seen = ~hidden
    bridged = {
        name: np.interp(track.times, track.times[seen], values[seen])
        if name.split("_")[0] in _BLINKING
        else values
        for name, values in track.values.items()
    }
    return Track(track.face_id, track.times, bridged, track.lips)
