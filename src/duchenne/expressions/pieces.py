"""Long stretches of a face in pieces, so that the signals of an hour are never held at once."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from duchenne.expressions.signals import stretches
from duchenne.expressions.strength import Rest, strength
from duchenne.expressions.track import Track

PIECE_S: Final = 300.0
"""About how long a piece is; stretches up to a minute longer stay whole."""

_AROUND_S: Final = 30.0


def pieces(track: Track, rest: Rest) -> list[slice]:
    """The frames of a face in pieces without gaps, none much longer than ``PIECE_S``.

    A stretch is cut where the face is nearest to its rest within the minute around each multiple
    of ``PIECE_S``, so that no expression is cut unless it lasts longer than that minute.

    Args:
        track: the face.
        rest: its resting intensities.

    Returns:
        One slice of the track's frames each, in the order of time.
    """
    return [piece for part in stretches(track.times) for piece in _pieces(track, rest, part)]


def _pieces(track: Track, rest: Rest, part: slice) -> list[slice]:
    stretch = track.cut(part)
    first, last = float(stretch.times[0]), float(stretch.times[-1])
    count = int((last - first - 2 * _AROUND_S) / PIECE_S)
    cuts = [_quietest(stretch, rest, first + (i + 1) * PIECE_S) for i in range(count)]
    places = part.start + np.searchsorted(stretch.times, cuts)
    return [slice(a, b) for a, b in pairwise([part.start, *places.tolist(), part.stop])]


def _quietest(stretch: Track, rest: Rest, near: float) -> float:
    """The time (s) of the least strength within half a minute of another."""
    signals = stretch.within(near - _AROUND_S, near + _AROUND_S).signals()
    return float(signals.times[int(np.argmin(strength(rest.rises(signals))))])
