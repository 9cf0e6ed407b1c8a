"""Action Units in company: which move together, in what order, and how even both sides are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.expressions.movement import half_rise
from duchenne.expressions.track import UNITS

Vector = NDArray[np.float64]

PAIRS: Final[tuple[tuple[str, str], ...]] = (
    ("AU01", "AU02"), ("AU01", "AU04"), ("AU01", "AU05"), ("AU04", "AU07"), ("AU04", "AU09"),
    ("AU06", "AU07"), ("AU06", "AU12"), ("AU09", "AU10"), ("AU12", "AU14"), ("AU12", "AU25"),
    ("AU15", "AU17"), ("AU05", "AU26"),
)  # fmt: skip
"""Pairs that belong to one emotion's prototype, or whose order and overlap tell displays apart."""

ACTIVE: Final = 1.0
"""Of 5: an Action Unit that rises so far takes part in the expression."""

ENOUGH: Final = 0.5
"""Of 5: smaller movements have no times that can be compared."""

FEATURES: Final[dict[str, tuple[str, str]]] = {
    "units_active": ("", f"how many Action Units rise by {ACTIVE:g} or more"),
    "units_spread_s": ("s", "standard deviation of the times of their half rises"),
    "units_first_to_last_s": ("s", "from the first one's half rise to the last one's"),
} | {
    name: told
    for a, b in PAIRS
    for name, told in {
        f"together_{a}_{b}": (
            "0 to 1",
            f"{a} and {b}, each over its own peak: what they share of what either does",
        ),
        f"lag_{a}_{b}": ("s", f"from {a}'s half rise to {b}'s; positive: {b} comes later"),
    }.items()
}
"""Features of several Action Units with unit and meaning."""


def company(rises: Mapping[str, Vector], rate: float) -> dict[str, float]:
    """``FEATURES`` of Action Units above rest over one expression.

    Args:
        rises: every Action Unit to (n,), smoothed; NaN where it was not measured.
        rate: samples a second.
    """
    starts = {unit: half_rise(rises[unit], rate) for unit in UNITS if _moves(rises[unit], ENOUGH)}
    active = [start for unit, start in starts.items() if _moves(rises[unit], ACTIVE)]
    several = len(active) > 1
    found = {
        "units_active": float(len(active)),
        "units_spread_s": float(np.std(active)) if several else float("nan"),
        "units_first_to_last_s": max(active) - min(active) if several else float("nan"),
    }
    for a, b in PAIRS:
        both = a in starts and b in starts
        found[f"together_{a}_{b}"] = _together(rises[a], rises[b]) if both else float("nan")
        found[f"lag_{a}_{b}"] = starts[b] - starts[a] if both else float("nan")
    return found


def _moves(values: Vector, least: float) -> bool:
    if not len(values) or not np.isfinite(values).all():
        return False
    top = int(np.argmax(values))
    return bool(values[top] - values[: top + 1].min() >= least)


def _together(a: Vector, b: Vector) -> float:
    """Ruzicka's similarity of two signals, each over its own peak."""
    one, other = (np.clip(values, 0.0, None) / values.max() for values in (a, b))
    either = float(np.maximum(one, other).sum())
    return float(np.minimum(one, other).sum()) / either if either > 0 else float("nan")


def unevenness(
    left: Vector, right: Vector, rate: float, least: float = ENOUGH
) -> tuple[float, float]:
    """How uneven the two sides of a movement are.

    Args:
        left: (n,) the person's left side above rest over the expression.
        right: (n,) the right side.
        rate: samples a second.
        least: how far both together must rise, halved, to be compared.

    Returns:
        (left - right) / (left + right) at the peak of both together, from -1 to 1; and the seconds
        from the left side's half rise to the right side's. NaN where a side was not measured or
        both hardly move.
    """
    both = left + right
    if not _moves(both, 2 * least):
        return float("nan"), float("nan")
    top = int(np.argmax(both))
    sides = [max(float(side[top]), 0.0) for side in (left, right)]
    even = (sides[0] - sides[1]) / sum(sides) if sum(sides) > 0 else float("nan")
    each_moves = all(_moves(side, least / 2) for side in (left, right))
    lag = half_rise(right, rate) - half_rise(left, rate) if each_moves else float("nan")
    return even, lag
