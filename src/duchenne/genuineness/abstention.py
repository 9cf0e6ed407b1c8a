"""When a verdict is withheld: an expression that was seen badly, or a model that cannot tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.expressions import Expression
from duchenne.expressions.signals import LONGEST_GAP_S, spacing
from duchenne.recording.recording import Recording

LEAST_STRENGTH: Final = 0.5
"""Of 5: weaker displays are no more than a face near its rest. ``find_expressions`` looks for
stronger ones; this holds for clips taken whole and for single frames."""

LEAST_S: Final = 0.3
"""Shorter than this, an expression has no course to look at."""

LEAST_FRAMES: Final = 6
LEAST_RATE: Final = 10.0
"""Frames a second: below, a quick rise falls between two of them."""

MOST_TURNED: Final = 40.0
"""Degrees away from the camera, for a tenth of the frames or more. The model has seen turned faces
up to here; from 30 on the expression carries a warning (``expressions.doubts``)."""

_MOST: Final = 90.0


@dataclass(frozen=True)
class View:
    """How an expression was seen.

    Attributes:
        frames: with the face, from onset to offset.
        duration_s: from the first of them to the last.
        rate: frames a second, by the usual time between them; 0 for a single frame.
        lost_s: the longest time between two of them.
        turned: degrees away from the camera that a tenth of the frames reach or exceed.
        strength: of 5, at the apex.
    """

    frames: int
    duration_s: float
    rate: float
    lost_s: float
    turned: float
    strength: float

    @classmethod
    def of(cls, recording: Recording, expression: Expression) -> View:
        """The view of one expression of a recording."""
        rows = rows_of(recording, expression)
        times = np.unique(recording.table["timestamp"].to_numpy()[rows])
        if not len(times):
            return cls(0, 0.0, 0.0, 0.0, 0.0, expression.intensity)
        every = spacing(times)
        return cls(
            frames=len(times),
            duration_s=float(times[-1] - times[0]),
            rate=1 / every if every else 0.0,
            lost_s=float(max((b - a for a, b in pairwise(times)), default=0.0)),
            turned=_turned(recording, rows),
            strength=expression.intensity,
        )


def rows_of(recording: Recording, expression: Expression) -> NDArray[np.intp]:
    """Places in the recording's table of the frames of an expression, in their order."""
    table = recording.table
    times = table["timestamp"].to_numpy()
    inside = (times >= expression.onset_s - 1e-6) & (times <= expression.offset_s + 1e-6)
    mine = table["face_id"].to_numpy() == expression.face_id
    return np.flatnonzero(inside & mine & (table["success"].to_numpy() == 1))


def grounds(view: View, *, still: bool) -> tuple[str, ...]:
    """Why nothing should be said about an expression that was seen so; empty where one may.

    Args:
        view: how it was seen.
        still: only one of its frames is looked at, so its course does not matter.
    """
    return tuple(_grounds(view, still))


def _grounds(view: View, still: bool) -> Iterator[str]:
    if not view.frames:
        yield "the face was not found in it"
        return
    if view.strength < LEAST_STRENGTH:
        yield (
            f"the expression is weak: strength {view.strength:.1f} of 5, and "
            f"{LEAST_STRENGTH:g} is needed"
        )
    if view.turned > MOST_TURNED:
        yield (
            f"the face is turned by {view.turned:.0f} degrees, and beyond {MOST_TURNED:.0f} its "
            "far half is guessed"
        )
    if not still:
        yield from _course(view)


def _course(view: View) -> Iterator[str]:
    if view.frames < LEAST_FRAMES:
        seen = "one frame only" if view.frames == 1 else f"only {view.frames} frames"
        yield f"{seen}, and {LEAST_FRAMES} are needed"
    elif view.duration_s < LEAST_S:
        yield f"it lasts {view.duration_s:.2f} s, and {LEAST_S:g} s are needed"
    if 0 < view.rate < LEAST_RATE - 0.05:
        yield f"{view.rate:.3g} frames/s, and {LEAST_RATE:g} are needed to see speeds"
    if view.rate and view.lost_s > max(LONGEST_GAP_S, 1.5 / view.rate):
        yield f"the face was lost in the middle for {view.lost_s:.1f} s"


def unsure(p: float, familiarity: float, band: float, least_familiarity: float) -> tuple[str, ...]:
    """Why a model's answer is no verdict; empty where it is one.

    Args:
        p: probability of "genuine".
        familiarity: 0 to 1, how near the nearest training clip is.
        band: p this near to 0.5 is no better than a coin.
        least_familiarity: below it the model has seen nothing like it.
    """
    found = []
    if familiarity < least_familiarity:
        found.append(
            f"it is unlike anything that the model learned from (familiarity {familiarity:.2f}, "
            f"and {least_familiarity:.2f} is needed)"
        )
    if abs(p - 0.5) < band:
        found.append(
            f"the probability {p:.2f} lies between {0.5 - band:.2f} and {0.5 + band:.2f}, where "
            "the model cannot be relied on"
        )
    return tuple(found)


def _turned(recording: Recording, rows: NDArray[np.intp]) -> float:
    if not {"pose_pitch", "pose_yaw"} <= set(recording.table.column_names):
        return 0.0
    pitch, yaw = (
        np.radians(recording.table[f"pose_{name}"].to_numpy()[rows].astype(np.float64))
        for name in ("pitch", "yaw")
    )
    away = np.degrees(np.arccos(np.clip(np.cos(pitch) * np.cos(yaw), -1.0, 1.0)))
    known = away[np.isfinite(away)]
    return float(np.percentile(known, _MOST)) if len(known) else 0.0
