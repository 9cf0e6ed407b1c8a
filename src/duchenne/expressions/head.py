"""What the head and the lids do during an expression."""

from __future__ import annotations

from typing import Final

import numpy as np

from duchenne.action_units.blinks import find_blinks
from duchenne.expressions.signals import Signals, Vector, speed
from duchenne.expressions.track import Track

_TURNS: Final = ("pitch", "yaw", "roll")
_DOES: Final = {"pitch": "nods", "yaw": "turns", "roll": "tilts"}

HEAD: Final[dict[str, tuple[str, str]]] = {
    name: told
    for turn in _TURNS
    for name, told in {
        f"head_{turn}_range": ("degrees", f"how far the head {_DOES[turn]}, largest less smallest"),
        f"head_{turn}_change": ("degrees", f"{turn} at the apex less at the onset"),
        f"head_{turn}_speed_max": ("degrees/s", f"how fast the head {_DOES[turn]} at most"),
    }.items()
} | {
    "head_turn_speed": ("degrees/s", "mean speed of all three turns together"),
    "head_way": ("cm/s", "mean speed of the head's place (average head assumed)"),
    "head_approach": ("cm", "towards the camera from the onset to the apex"),
}
"""Features of the head with unit and meaning."""

BLINKS: Final[dict[str, tuple[str, str]]] = {
    "blinks": ("", "how many blinks peak during the expression"),
    "blink_rate": ("1/s", "blinks over its duration"),
    "blink_to_apex_s": ("s", "from the apex to the nearest blink within two seconds, as a size"),
}
"""Features of blinks with unit and meaning."""

_NEAR_S: Final = 2.0


def head_movement(signals: Signals, apex: float) -> dict[str, float]:
    """``HEAD`` over one expression.

    Args:
        signals: smoothed, from the expression's onset to its offset; degrees and cm.
        apex: s.
    """
    found = dict.fromkeys(HEAD, float("nan"))
    top = int(np.clip(round((apex - signals.start) * signals.rate), 0, len(signals) - 1))
    turns = [signals.get(f"pose_{turn}") for turn in _TURNS]
    for turn, values in zip(_TURNS, turns, strict=True):
        found[f"head_{turn}_range"] = float(np.ptp(values))
        found[f"head_{turn}_change"] = float(values[top] - values[0])
        found[f"head_{turn}_speed_max"] = float(np.abs(speed(values, signals.rate)).max())
    found["head_turn_speed"] = _mean_speed(turns, signals.rate)
    places = [signals.get(f"pose_{axis}") for axis in ("tx", "ty", "tz")]
    found["head_way"] = _mean_speed(places, signals.rate)
    found["head_approach"] = float(places[2][top] - places[2][0])
    return found


def _mean_speed(axes: list[Vector], rate: float) -> float:
    each = np.stack([speed(axis, rate) for axis in axes])
    return float(np.linalg.norm(each, axis=0).mean())


def blinking(track: Track, onset: float, apex: float, offset: float) -> dict[str, float]:
    """``BLINKS`` of one expression.

    Args:
        track: the face, frame by frame, the seconds around the expression included.
        onset: s.
        apex: s.
        offset: s.
    """
    found = dict.fromkeys(BLINKS, float("nan"))
    closure = track.values.get("AU45_r")
    if closure is None or not np.isfinite(closure).any() or len(track) < 2:
        return found
    peaks = np.array([blink.peak for blink in find_blinks(track.times, closure)])
    inside = int(((peaks >= onset) & (peaks <= offset)).sum()) if len(peaks) else 0
    found["blinks"] = float(inside)
    if offset > onset:
        found["blink_rate"] = inside / (offset - onset)
    if len(peaks) and np.abs(peaks - apex).min() <= _NEAR_S:
        found["blink_to_apex_s"] = float(np.abs(peaks - apex).min())
    return found
