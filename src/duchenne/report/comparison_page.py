"""One HTML page about a comparison of emotion networks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from duchenne.evaluation.emotion.comparison import NetworkComparison, NetworkRow
from duchenne.evaluation.emotion.talk_table import TALK
from duchenne.evaluation.emotion.targets import TALK_EMOTIONS, TARGETS
from duchenne.evaluation.statistics.intervals import Estimate
from duchenne.evaluation.statistics.paired import PairedDifference
from duchenne.report.comparison_plot import Plot, speed_plot
from duchenne.report.templating import write_page

_DASH: Final = "\N{EN DASH}"
_MINUS: Final = "\N{MINUS SIGN}"
_SMALL_P: Final = 0.001

Cell = tuple[str, str]
"""What stands in a cell, and in small print below it."""


@dataclass(frozen=True)
class _ClassTable:
    """F1 by class of the networks that share their classes."""

    rule: str
    classes: tuple[str, ...]
    rows: list[tuple[str, list[Cell]]]


@dataclass(frozen=True)
class _TalkLine:
    """A line of the talk's table; ``best`` marks the highest F1 of a column."""

    network: str
    kind: str
    cells: list[Cell]
    best: list[bool]


def write_comparison(comparison: NetworkComparison, path: str | Path) -> Path:
    """Write one self-contained HTML page about a comparison: it loads nothing from elsewhere.

    Args:
        comparison: what to show.
        path: of the HTML file; its folder is made where it is missing.

    Returns:
        The path.

    Raises:
        DataError: the file cannot be written.
    """
    return write_page("comparison.html", _content(comparison), path)


def _content(comparison: NetworkComparison) -> dict[str, Any]:
    rows = comparison.networks
    return {
        "split": comparison.split,
        "summary": _summary(comparison),
        "facts": _facts(comparison),
        "warning": comparison.warning,
        "networks": [(row, _cells(row)) for row in rows],
        "plots": _plots(rows),
        "tables": _class_tables(rows),
        "differences": [(row, _difference(row)) for row in rows if row.difference is not None],
        "talk": _talk(comparison),
        "talk_emotions": TALK_EMOTIONS,
        "repeats": comparison.repeats,
        "version": comparison.circumstances.duchenne,
    }


def _summary(comparison: NetworkComparison) -> str:
    rows = comparison.networks
    # Accuracies on different labels cannot be ranked: the group with most networks speaks.
    common = max(
        ([row for row in rows if row.target is target] for target in TARGETS.values()), key=len
    )
    best = max(common, key=lambda row: row.whole.accuracy.value)
    found = (
        f"{best.name} names {100 * best.whole.accuracy.value:.1f} % of "
        f"{best.whole.rows:,} pictures as they are labelled"
    )
    if len(common) == 1:
        return f"{found}."
    quick = min(common, key=lambda row: row.speed[1].median)
    ending = f", the most of {len(common)} networks on these labels"
    if quick is best:
        return f"{found}{ending}, and is the quickest of them."
    return (
        f"{found}{ending}; {quick.name} is the quickest of them at "
        f"{quick.speed[1].median:.2f} ms a face, with {100 * quick.whole.accuracy.value:.1f} %."
    )


def _facts(comparison: NetworkComparison) -> list[tuple[str, str]]:
    about = comparison.circumstances
    copies = "unknown" if comparison.copies is None else f"{comparison.copies:,}"
    return [
        ("Data", f"FER-2013 {comparison.split}, {comparison.rows:,} pictures"),
        ("Copies of Training pictures", copies),
        ("Measured", f"{about.date} UTC"),
        ("Machine", f"{about.machine}, one thread"),
        ("Commit", about.commit),
    ]


def _cells(row: NetworkRow) -> list[Cell]:
    rest = row.without_copies
    before, after = row.calibration.before.ece, row.calibration.after.ece
    temperature = row.calibration.temperature
    calibrated = f"{before:.3f} before" if temperature != 1 else "not scaled"
    return [
        (f"{row.whole.rows:,}", f"{row.left_out:,} left out" if row.left_out else ""),
        _percent(row.whole.accuracy),
        _percent(rest.accuracy) if rest is not None else (_DASH, ""),
        _decimal(row.whole.macro_f1),
        (f"{after:.3f}", calibrated),
        (_DASH if row.parameters is None else _short(row.parameters), f"{row.megabytes:.1f} MB"),
        *((f"{ms.median:.2f}", f"{ms.q1:.2f} to {ms.q3:.2f}") for ms in row.speed.values()),
        (f"{row.speed[1].cpu:.2f}", ""),
    ]


def _plots(rows: Sequence[NetworkRow]) -> list[tuple[str, Plot]]:
    """A plot for each set of labels: accuracies on different labels share no axis."""
    groups = [(t, [row for row in rows if row.target is t]) for t in TARGETS.values()]
    # A dot alone shows nothing that the table does not.
    fewest = 2 if any(len(group) > 1 for _, group in groups) else 1
    return [(t.rule, speed_plot(group)) for t, group in groups if len(group) >= fewest]


def _class_tables(rows: Sequence[NetworkRow]) -> list[_ClassTable]:
    tables = []
    for target in TARGETS.values():
        lines = [
            (row.name, [_decimal(f1) for f1 in row.whole.f1_intervals])
            for row in rows
            if row.target is target
        ]
        if lines:
            tables.append(_ClassTable(target.rule, target.classes, lines))
    return tables


def _difference(row: NetworkRow) -> list[Cell]:
    found = []
    for difference in (row.difference, row.difference_without_copies):
        if difference is None:
            found += [(_DASH, "")] * 3
        else:
            found += _paired(difference)
    return found


def _paired(difference: PairedDifference) -> list[Cell]:
    points = difference.accuracy
    p = f"{difference.p:.3f}" if difference.p >= _SMALL_P else f"< {_SMALL_P}"
    only = f"{difference.only_first:,} / {difference.only_second:,}"
    bounds = f"{_signed(100 * points.low)} to {_signed(100 * points.high)}"
    return [(_signed(100 * points.value), bounds), (only, ""), (p, "")]


def _talk(comparison: NetworkComparison) -> list[_TalkLine]:
    columns = zip(*([e.value for e in row.f1] for row in comparison.talk), strict=True)
    tops = [max(round(value, 2) for value in column) for column in columns]
    lines = []
    for row in comparison.talk:
        digits = 2 if row.kind == TALK else 3
        cells = [_decimal(f1, digits) for f1 in (*row.f1, row.macro_f1)]
        best = [round(f1.value, 2) == top for f1, top in zip(row.f1, tops, strict=True)]
        lines.append(_TalkLine(row.network, row.kind, cells, [*best, False]))
    return lines


def _percent(estimate: Estimate) -> Cell:
    value, low, high = (100 * x for x in (estimate.value, estimate.low, estimate.high))
    return f"{value:.1f} %", f"{low:.1f} to {high:.1f}"


def _decimal(estimate: Estimate, digits: int = 3) -> Cell:
    if math.isnan(estimate.value):
        return _DASH, ""
    bounds = f"{estimate.low:.{digits}f} to {estimate.high:.{digits}f}"
    return f"{estimate.value:.{digits}f}", "" if math.isnan(estimate.low) else bounds


def _signed(value: float) -> str:
    text = f"{value:+.1f}"
    return "0.0" if text in {"+0.0", "-0.0"} else text.replace("-", _MINUS)


def _short(number: int) -> str:
    if number >= 1_000_000:
        return f"{number / 1e6:.2f} M"
    return f"{number / 1e3:.0f} k" if number >= 10_000 else f"{number:,}"
