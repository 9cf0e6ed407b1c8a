"""Accuracy against the number of training clips, as the numbers of an SVG drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from duchenne.evaluation.distances.shares import Part
from duchenne.report.axis import Mark

WIDTH: Final = 900
HEIGHT: Final = 330
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 150, 18, 46
_LEAST_GAP: Final = 17.0


@dataclass(frozen=True)
class Curve:
    """One protocol: its line, the band of its intervals, its dots, and where its name stands."""

    name: str
    kind: str
    line: str
    band: str
    dots: list[tuple[float, float, str]]
    label_y: float


@dataclass(frozen=True)
class CurvePlot:
    """A drawing of ``WIDTH`` times ``HEIGHT`` units.

    Attributes:
        curves: protocols.
        across: marks of training clips.
        up: marks of accuracy in percent.
    """

    curves: list[Curve]
    across: list[Mark]
    up: list[Mark]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    bottom: int = HEIGHT - _BOTTOM


def curve_plot(curves: Sequence[tuple[str, str, Sequence[Part]]]) -> CurvePlot:
    """Curves of (name, kind for the style sheet, points with ever more training clips)."""
    points = [part for _, _, parts in curves for part in parts]
    most = max(part.training for part in points)
    low = max(0, 10 * math.floor(10 * min(part.accuracy.low for part in points)))
    high = min(100, 10 * math.ceil(10 * max(part.accuracy.high for part in points)))
    low = min(low, high - 10)

    def across(clips: float) -> float:
        return round(_LEFT + clips / most * (WIDTH - _LEFT - _RIGHT), 1)

    def up(share: float) -> float:
        part = (100 * share - low) / (high - low)
        return round(HEIGHT - _BOTTOM - part * (HEIGHT - _TOP - _BOTTOM), 1)

    def path(ends: Sequence[tuple[float, float]]) -> str:
        return "M" + "L".join(f"{x} {y}" for x, y in ends)

    drawn: list[Curve] = []
    heights = _apart([up(parts[-1].accuracy.value) + 4 for _, _, parts in curves])
    for (name, kind, parts), height in zip(curves, heights, strict=True):
        upper = [(across(p.training), up(p.accuracy.high)) for p in parts]
        lower = [(across(p.training), up(p.accuracy.low)) for p in reversed(parts)]
        middle = [(across(p.training), up(p.accuracy.value)) for p in parts]
        said = [f"{name}, {p.training:,.0f} clips: {100 * p.accuracy.value:.1f} %" for p in parts]
        dots = [(x, y, text) for (x, y), text in zip(middle, said, strict=True)]
        band = f"{path([*upper, *lower])}z"
        drawn.append(Curve(name, kind, path(middle), band, dots, height))
    step = 200 if most > 500 else max(1, round(most / 4))
    marks = [Mark(across(n), f"{n:,}") for n in range(0, int(most) + 1, step)]
    return CurvePlot(drawn, marks, [Mark(up(p / 100), f"{p} %") for p in range(low, high + 1, 10)])


def _apart(heights: Sequence[float]) -> list[float]:
    """The same heights, moved down where two names would run into each other."""
    placed = list(heights)
    order = sorted(range(len(placed)), key=placed.__getitem__)
    for upper, lower in pairwise(order):
        placed[lower] = max(placed[lower], placed[upper] + _LEAST_GAP)
    return placed
