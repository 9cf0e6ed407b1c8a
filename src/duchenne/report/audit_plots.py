"""The drawings of the page about an audit, as numbers for SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.evaluation.audit.shortcuts import Shortcut

Vector = NDArray[np.float64]

WIDTH: Final = 900
ROW: Final = 26
LABELS: Final = 250
VALUES: Final = 150
_TOP: Final = 26
_LOWEST: Final = 0.4
_BINS: Final = 32
_NAMED: Final = 36


@dataclass(frozen=True)
class Line:
    """One question: its name, its AUC with interval, and how far chance goes, in SVG units."""

    name: str
    y: float
    x: float
    low: float
    high: float
    chance: float
    value: str
    level: str


@dataclass(frozen=True)
class Forest:
    """All questions under each other on one axis of AUC from 0.4 to 1."""

    lines: list[Line]
    marks: list[tuple[float, str]]
    zero: float
    half: float
    bar: float
    height: float
    bottom: float


@dataclass(frozen=True)
class Histogram:
    """Columns (x, y, width, height) of the shuffles, and where the data set itself stands."""

    columns: list[tuple[float, float, float, float]]
    marks: list[tuple[float, str]]
    observed: float
    text: str
    anchor: str
    width: int = WIDTH
    height: int = 150
    ground: int = 120


@dataclass(frozen=True)
class Curves:
    """How one nuisance is spread in each label: name, colour and path of each."""

    name: str
    paths: list[tuple[str, str, str]]
    marks: list[tuple[float, str]]
    width: int = WIDTH
    height: int = 170
    ground: int = 140


def forest(shortcuts: Sequence[Shortcut], bar: float) -> Forest:
    """The questions in their order, findings above the bar in the colour of warnings."""
    lines = [_line(one, place, bar) for place, one in enumerate(shortcuts)]
    bottom = _TOP + ROW * len(lines)
    marks = [(_across(tenth / 10), f"{tenth / 10:.1f}") for tenth in range(4, 11)]
    return Forest(lines, marks, LABELS, _across(0.5), _across(bar), bottom + 8, bottom)


def histogram(one: Shortcut) -> Histogram:
    """The AUC of each shuffle of the labels, and the one of the labels as they are."""
    first = float(min(one.draws.min(), one.value)) - 0.02
    last = float(max(one.draws.max(), one.value)) + 0.02
    counts, edges = np.histogram(one.draws, bins=_BINS, range=(first, last))
    scale = (WIDTH - 20) / (last - first)
    tall = 95 / max(1, int(counts.max()))
    columns = [
        (
            round(10 + (edge - first) * scale, 1),
            round(120 - count * tall, 1),
            round((edges[1] - edges[0]) * scale - 1.5, 1),
            round(count * tall, 1),
        )
        for edge, count in zip(edges, counts, strict=False)
        if count
    ]
    ticks = np.arange(np.ceil(first * 20) / 20, last, 0.05)
    marks = [(round(10 + (float(t) - first) * scale, 1), f"{t:.2f}") for t in ticks]
    at = round(10 + (one.value - first) * scale, 1)
    return Histogram(columns, marks, at, f"{one.value:.2f}", "end" if at > WIDTH / 2 else "start")


def curves(
    name: str, values: Vector, labels: Mapping[str, Vector], colours: Sequence[str]
) -> Curves:
    """A nuisance in each label.

    Args:
        name: of the nuisance.
        values: (N,) of all items, for the axis.
        labels: label to its values.
        colours: one for each label.
    """
    known = values[np.isfinite(values)]
    low, high = (float(q) for q in np.quantile(known, [0.005, 0.995]))
    high = high if high > low else low + 1.0
    grid = np.linspace(low, high, 160)
    # Silverman's rule, by the spread of all labels together, so that all are smoothed alike.
    width = 0.9 * max(float(known.std()), (high - low) / 60) * len(known) ** -0.2
    each = {label: _density(v[np.isfinite(v)], grid, width) for label, v in labels.items()}
    top = max((float(d.max()) for d in each.values() if d.size), default=1.0) or 1.0
    paths = []
    for (label, density), colour in zip(each.items(), colours, strict=False):
        x = 10 + (grid - low) / (high - low) * (WIDTH - 20)
        y = 140 - 120 * density / top
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
        paths.append((label, colour, f"M{points.replace(' ', 'L')}"))
    ticks = [float(t) for t in np.linspace(low, high, 7)]
    marks = [(round(10 + (t - low) / (high - low) * (WIDTH - 20), 1), f"{t:.3g}") for t in ticks]
    return Curves(name, paths, marks)


def _density(values: Vector, grid: Vector, width: float) -> Vector:
    if not values.size:
        return np.zeros(len(grid))
    away = (grid[:, None] - values[None, :]) / max(width, 1e-9)
    return np.asarray(np.exp(-(away**2) / 2).mean(axis=1))


def _line(one: Shortcut, place: int, bar: float) -> Line:
    level = "bad" if one.found and one.value >= bar else "note" if one.found else "none"
    low, high = (one.auc.low, one.auc.high) if one.auc is not None else (one.value, one.value)
    text = f"{one.value:.2f}"
    if one.auc is not None:
        text += f" ({low:.2f} to {high:.2f})"
    name = one.name if len(one.name) <= _NAMED else f"{one.name[: _NAMED - 1]}…"
    y = _TOP + ROW * (place + 0.5)
    dot, left, right, chance = (_across(v) for v in (one.value, low, high, one.chance))
    return Line(name, y, dot, left, right, chance, text, level)


def _across(auc: float) -> float:
    share = (min(1.0, max(_LOWEST, auc)) - _LOWEST) / (1 - _LOWEST)
    return round(LABELS + 12 + share * (WIDTH - LABELS - VALUES - 24), 1)
