"""What a person should know before trusting the numbers of an expression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from duchenne.expressions.finding import LEAST_RISE
from duchenne.expressions.signals import Vector, spacing, stretches
from duchenne.expressions.track import Track
from duchenne.recording.recording import Recording

TOO_TURNED: Final = 30.0
"""Degrees away from the camera: beyond, landmarks of the far half are guessed."""

TOO_SLOW: Final = 12.0
"""Frames a second: below, a quick rise is over between two of them."""

TOO_SMALL: Final = 60.0
"""Pixels across: below, landmark noise is as large as small movements."""


@dataclass(frozen=True)
class Seen:
    """How an expression was seen.

    Attributes:
        track: its frames, from onset to offset.
        intensity: its strength at the apex, of 5.
        begun: it was under way when the face came into view.
        unfinished: it was under way when the face went out of view.
        before: the recording has frames from before that.
        after: the recording has frames from after that.
    """

    track: Track
    intensity: float
    begun: bool = False
    unfinished: bool = False
    before: bool = False
    after: bool = False


def doubts(seen: Seen) -> tuple[str, ...]:
    """Warnings, each a phrase with its number; none when there is nothing to say."""
    return tuple(_doubts(seen))


def _doubts(seen: Seen) -> Iterator[str]:
    track = seen.track
    if len(track) < 2:
        yield "one frame only: no dynamics"
    if seen.intensity < LEAST_RISE:
        yield f"weak: strength {seen.intensity:.1f} of 5"
    if seen.begun:
        what = "face came into view" if seen.before else "recording begins"
        yield f"under way already when the {what}"
    if seen.unfinished:
        what = "face was lost" if seen.after else "recording ends"
        yield f"still under way when the {what}"
    lost = _longest_gap(track.times)
    if lost:
        yield f"face lost in the middle for {lost:.1f} s"
    turned = _turned(track)
    if turned > TOO_TURNED:
        yield f"turned by {turned:.0f} degrees"
    every = spacing(track.times)
    if every > 1 / TOO_SLOW:
        yield f"{1 / every:.3g} frames/s: too few for speeds"
    width = track.values.get("face_width")
    if width is not None and np.isfinite(width).any() and np.nanmedian(width) < TOO_SMALL:
        yield f"face only {np.nanmedian(width):.0f} pixels wide"


def _longest_gap(times: Vector) -> float:
    parts = stretches(times)
    gaps = [times[b.start] - times[a.stop - 1] for a, b in pairwise(parts)]
    return float(max(gaps, default=0.0))


def _turned(track: Track) -> float:
    """Degrees between the face and the camera, at most."""
    pitch, yaw = (track.values.get(f"pose_{name}") for name in ("pitch", "yaw"))
    if pitch is None or yaw is None:
        return 0.0
    away = np.degrees(np.arccos(np.cos(np.radians(pitch)) * np.cos(np.radians(yaw))))
    return float(np.nanmax(away)) if np.isfinite(away).any() else 0.0


def why_none(recording: Recording) -> str:
    """Why a recording has no expression, as a phrase."""
    frames = len(np.unique(recording.table["frame"].to_numpy()))
    if not recording.face_ids:
        return "no face was found"
    if frames == 1:
        return "one frame only, and an expression needs some seconds around it"
    return f"no movement rose by {LEAST_RISE:g} of 5 above the face's rest and stood out"
