"""Accuracy against speed as the numbers of an SVG drawing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from duchenne.evaluation.emotion.comparison import NetworkRow
from duchenne.report.axis import Mark

Scale = Callable[[float], float]

WIDTH: Final = 900
HEIGHT: Final = 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 24, 16, 44
_NICE: Final = (1.0, 2.0, 5.0)
_LEAST_GAP: Final = 15.0
_LETTER: Final = 7.2


@dataclass(frozen=True)
class Dot:
    """One network: its place, the ends of its interval, and its name's place and anchor."""

    name: str
    x: float
    y: float
    low: float
    high: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True)
class Plot:
    """A drawing of ``WIDTH`` times ``HEIGHT`` units.

    Attributes:
        dots: the networks.
        across: marks of milliseconds a face, logarithmic.
        up: marks of accuracy in percent.
        left: where the drawing area begins; ``right``, ``top`` and ``bottom`` likewise.
    """

    dots: list[Dot]
    across: list[Mark]
    up: list[Mark]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM


def speed_plot(rows: Sequence[NetworkRow]) -> Plot:
    """Networks of the same labels: right is slower, up is more often right."""
    speeds = [row.speed[1].median for row in rows]
    first, last = _decades(min(speeds), max(speeds))
    low = 5 * math.floor(20 * min(row.whole.accuracy.low for row in rows) - 1e-9)
    high = 5 * math.ceil(20 * max(row.whole.accuracy.high for row in rows) + 1e-9)
    low, high = max(0, low), min(100, high)

    def across(ms: float) -> float:
        share = (math.log10(ms) - math.log10(first)) / (math.log10(last) - math.log10(first))
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)

    def up(percent: float) -> float:
        share = (percent - low) / (high - low)
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)

    step = 5 if high - low <= 40 else 20
    marks = [Mark(up(p), f"{p} %") for p in range(low, high + 1, step)]
    return Plot(
        _dots(rows, across, up),
        [Mark(across(ms), f"{ms:g}") for ms in _marks(first, last)],
        marks,
    )


def _dots(rows: Sequence[NetworkRow], across: Scale, up: Scale) -> list[Dot]:
    dots: list[Dot] = []
    for row in sorted(rows, key=lambda row: -row.whole.accuracy.value):
        estimate = row.whole.accuracy
        x, y = across(row.speed[1].median), up(100 * estimate.value)
        left = x + 12 + _LETTER * len(row.name) > WIDTH
        label_x = x - 10 if left else x + 10
        ends = up(100 * estimate.low), up(100 * estimate.high)
        anchor = "end" if left else "start"
        dots.append(Dot(row.name, x, y, *ends, label_x, _free(label_x, y, dots), anchor))
    return dots


def _free(x: float, y: float, taken: Sequence[Dot]) -> float:
    """The first height at or below ``y`` where a name does not run into another."""
    near = [dot.label_y for dot in taken if abs(dot.label_x - x) < 22 * _LETTER]
    place = y + 4
    while any(abs(place - other) < _LEAST_GAP for other in near):
        place += _LEAST_GAP
    return round(place, 1)


def _decades(low: float, high: float) -> tuple[float, float]:
    """The nearest marks of 1, 2, 5, 10 ... around the values, never one and the same."""
    first = max(m for m in _marks(low / 20, high * 20) if m <= low * 0.95)
    last = min(m for m in _marks(low / 20, high * 20) if m >= high * 1.05)
    return first, last


def _marks(low: float, high: float) -> list[float]:
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    each = [nice * 10.0**power for power in powers for nice in _NICE]
    return [mark for mark in each if low * 0.999 <= mark <= high * 1.001]
