"""One signal over one expression: how far, how long, how fast, how smooth."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.expressions.signals import speed
from duchenne.expressions.smoothness import log_jerk, spectral_arc_length

Vector = NDArray[np.float64]

FEATURES: Final[dict[str, tuple[str, str]]] = {
    "peak": ("{unit}", "highest value, above rest"),
    "mean": ("{unit}", "mean from the expression's onset to its offset, above rest"),
    "rise": ("{unit}", "from the lowest value before the peak to the peak"),
    "fall": ("{unit}", "from the peak to the lowest value after it"),
    "start_s": ("s", "from the expression's onset to half of the rise; may be negative"),
    "peak_s": ("s", "from the expression's onset to where the rise is nearly (95 %) done"),
    "rise_s": ("s", "from a tenth to nine tenths of the rise"),
    "fall_s": ("s", "from nine tenths to a tenth of the fall"),
    "hold_s": ("s", "above four fifths of the peak"),
    "rise_speed": ("{unit}/s", "mean speed between a tenth and nine tenths of the rise"),
    "fall_speed": ("{unit}/s", "mean speed between nine tenths and a tenth of the fall, as a size"),
    "rise_speed_max": ("{unit}/s", "fastest rise"),
    "fall_speed_max": ("{unit}/s", "fastest fall, as a size"),
    "acceleration_max": ("{unit}/s²", "hardest push during the rise"),
    "deceleration_max": ("{unit}/s²", "hardest braking during the rise, as a size"),
    "rise_sparc": ("", "smoothness of the rise, spectral arc length; nearer to 0 is smoother"),
    "rise_jerk": ("", "smoothness of the rise, log dimensionless jerk; nearer to 0 is smoother"),
}
"""Features of one signal with unit and meaning; ``{unit}`` is the signal's own."""

LEAST: Final = 0.25
"""A rise or fall that is smaller has a size but no times, speeds or smoothness."""

_TENTH: Final = 0.1
_HELD: Final = 0.8
_NEARLY: Final = 0.95
_RUN_UP_S: Final = 0.16


def movement(values: Vector, rate: float, core: slice) -> dict[str, float]:
    """``FEATURES`` of a signal.

    Args:
        values: (n,) above rest, smoothed, from a little before the expression to a little after.
        rate: samples a second.
        core: the samples from its onset to its offset.

    Returns:
        Names to numbers; NaN for what cannot be told: all where the signal was not measured, times
        and speeds where it hardly moves.
    """
    found = dict.fromkeys(FEATURES, float("nan"))
    if not len(values) or not np.isfinite(values).all():
        return found
    top = int(np.argmax(values))
    peak = float(values[top])
    found["peak"], found["mean"] = peak, float(values[core].mean())
    found["rise"] = peak - float(values[: top + 1].min())
    found["fall"] = peak - float(values[top:].min())
    if found["rise"] >= LEAST:
        up = to_the_top(values)
        found["start_s"] = half_rise(values, rate) - core.start / rate
        found["peak_s"] = (len(up) - 1 - core.start) / rate
        found["hold_s"] = float((values >= _HELD * peak).sum()) / rate
        found |= _rising(up, peak, rate)
    if found["fall"] >= LEAST:
        # Played backwards, a fall is a rise.
        backwards = _rising(to_the_top(values[::-1]), peak, rate)
        for name in ("s", "speed", "speed_max"):
            found[f"fall_{name}"] = backwards[f"rise_{name}"]
    return found


def to_the_top(values: Vector) -> Vector:
    """The part of a signal (n,) up to where it first has done nearly all of the rise to its peak.

    On a plateau the very highest sample is noise's choice.
    """
    top = int(np.argmax(values))
    low, high = float(values[: top + 1].min()), float(values[top])
    lowest = int(np.argmin(values[: top + 1]))
    near = values[lowest : top + 1] >= low + _NEARLY * (high - low)
    return values[: lowest + int(np.argmax(near)) + 1]


def half_rise(values: Vector, rate: float) -> float:
    """Seconds to the place where a signal (n,) has done half of the rise to its peak."""
    up = to_the_top(values)
    return last_above(up, float(up.min()) / 2 + float(values.max()) / 2) / rate


def last_above(rising: Vector, level: float) -> float:
    """Where, before its end, a signal comes up through a level for good; with a fraction."""
    below = np.flatnonzero(rising < level)
    if not len(below):
        return 0.0
    at = int(below[-1])
    if at == len(rising) - 1:
        return float(at)
    low, high = float(rising[at]), float(rising[at + 1])
    return at + (level - low) / (high - low)


def _rising(up: Vector, high: float, rate: float) -> dict[str, float]:
    """Duration, speeds and smoothness of a rise to ``high``; ``to_the_top`` gave its samples."""
    low = float(up.min())
    levels = [low + share * (high - low) for share in (_TENTH, 1 - _TENTH)]
    first, last = (last_above(up, level) for level in levels)
    seconds = (last - first) / rate
    # The rise and the push that starts it, without the rest before: smoothness of standing still
    # means nothing.
    part = up[max(int(first - _RUN_UP_S * rate), 0) :]
    way = speed(part, rate)
    push = speed(way, rate)
    pushed = len(part) > 2
    return {
        "rise_s": seconds,
        "rise_speed": (levels[1] - levels[0]) / seconds if seconds > 0 else float("nan"),
        "rise_speed_max": float(way.max()),
        "acceleration_max": max(float(push.max()), 0.0) if pushed else float("nan"),
        "deceleration_max": max(-float(push.min()), 0.0) if pushed else float("nan"),
        "rise_sparc": spectral_arc_length(np.abs(way), rate),
        "rise_jerk": log_jerk(np.abs(way), rate),
    }
