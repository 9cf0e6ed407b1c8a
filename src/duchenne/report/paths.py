"""Short SVG path strings in whole units; gaps stay gaps."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

WIDTH: Final = 2000
"""Units from the left to the right of every chart; charts stretch to the page."""


def runs(present: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and one-past-last index of every run of True."""
    steps = np.flatnonzero(np.diff(np.concatenate([[False], present, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(steps[::2], steps[1::2], strict=True)]


def place(times: Values) -> Values:
    """(n,) times to x from 0 to ``WIDTH``."""
    span = float(times[-1] - times[0]) if len(times) else 0.0
    return (times - times[0]) / span * WIDTH if span > 0 else np.zeros(len(times))


def area(x: Values, low: Values, high: Values) -> str:
    """The surface between two (n,) curves in units of y, interrupted where either is NaN."""
    parts = []
    for start, stop in runs(np.isfinite(low) & np.isfinite(high)):
        across = _with_margins(x, start, stop)
        upper, lower = _held(high[start:stop]), _held(low[start:stop])
        outline_x = np.concatenate([across, across[::-1]])
        outline_y = np.concatenate([upper, lower[::-1]])
        parts.append(_polyline(outline_x, outline_y) + "z")
    return "".join(parts)


def line(x: Values, y: Values) -> str:
    """A (n,) curve in units of y, interrupted where it is NaN."""
    return "".join(
        _polyline(_with_margins(x, start, stop), _held(y[start:stop]))
        for start, stop in runs(np.isfinite(y))
    )


def bars(x: Values, present: NDArray[np.bool_], height: int) -> str:
    """Upright blocks over the runs of True."""
    parts = []
    for start, stop in runs(present):
        left, *_, right = _with_margins(x, start, stop)
        wide = max(round(right - left), 3)
        parts.append(f"M{min(round(left), WIDTH - wide)} 0h{wide}v{height}h-{wide}z")
    return "".join(parts)


def _with_margins(x: Values, start: int, stop: int) -> Values:
    # A frame stands for half the way to its neighbours, so that a lone frame can be seen.
    left = x[start] if start == 0 else (x[start - 1] + x[start]) / 2
    right = x[stop - 1] if stop == len(x) else (x[stop - 1] + x[stop]) / 2
    return np.concatenate([[left], x[start:stop], [right]])


def _held(y: Values) -> Values:
    return np.concatenate([y[:1], y, y[-1:]])


def _polyline(x: Values, y: Values) -> str:
    points = np.column_stack([np.rint(x), np.rint(y)]).astype(int)
    steps = np.diff(points, axis=0)
    steps = steps[(steps != 0).any(axis=1)]
    pairs = " ".join(f"{dx} {dy}" for dx, dy in steps.tolist()).replace(" -", "-")
    return f"M{points[0, 0]} {points[0, 1]}" + (f"l{pairs}" if pairs else "h1")
