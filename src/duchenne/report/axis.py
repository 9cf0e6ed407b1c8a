"""Marks on axes, and round times for the axis under the charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.report.paths import WIDTH

_MOST_TICKS: Final = 8
_SECONDS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900)
_HOURS: Final = (1800, 3600, 7200, 14400, 28800, 86400)


@dataclass(frozen=True)
class Tick:
    """A line of the grid: percent from the left, and what stands under it."""

    at: float
    text: str


@dataclass(frozen=True)
class Mark:
    """A place on a drawing's axis, in its units, and what is written there."""

    at: float
    text: str


def ticks(times: NDArray[np.float64], unit: str) -> list[Tick]:
    """At most 8 round values within (n,) times; none where all times are the same."""
    first, last = float(times[0]), float(times[-1])
    if last <= first:
        return []
    step = _step(last - first, unit)
    numbers = np.arange(np.ceil(first / step - 1e-9), np.floor(last / step + 1e-9) + 1)
    values = [float(n) * step for n in numbers]
    return [Tick(position(v, times), _text(v, step, unit)) for v in values]


def position(time: float, times: NDArray[np.float64]) -> float:
    """Percent from the left edge of the charts, from 0 to 100."""
    first, last = float(times[0]), float(times[-1])
    share = (time - first) / (last - first) if last > first else 0.5
    return round(100 * min(1.0, max(0.0, share)), 2)


def grid(marks: list[Tick]) -> str:
    """Upright lines at the ticks, as the path of a chart 100 units high."""
    return "".join(f"M{round(mark.at / 100 * WIDTH)} 0v100" for mark in marks)


def _step(span: float, unit: str) -> float:
    steps = (*_SECONDS, *_HOURS) if unit == "s" else _counts()
    return next((float(s) for s in steps if span / s <= _MOST_TICKS - 1), span)


def _counts() -> tuple[float, ...]:
    return tuple(float(m * 10**power) for power in range(9) for m in (1, 2, 5))


def _text(value: float, step: float, unit: str) -> str:
    if unit == "frame":
        return f"{round(value):,}"
    if value >= 60 or step >= 60:
        minutes, seconds = divmod(round(value), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    digits = 0 if step >= 1 else 1 if step >= 0.1 else 2
    return f"{abs(value):.{digits}f} s"  # abs: no minus before a zero
