"""A noun as a small table in HTML: all text escaped, no scripts, readable on light and dark."""

from __future__ import annotations

import html
import math
import numbers
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol, runtime_checkable

LONGEST: Final = 160
"""Letters of one value; longer ones end in an ellipsis."""

MOST_ROWS: Final = 12
"""Rows of a table; below it stands how many more there are."""

# Jupyter aligns cells to the right and stripes rows; colours are the page's own, only fainter.
_CELL: Final = "text-align:left;vertical-align:top;padding:2px 14px 2px 0;border:0"
_KEY: Final = f"{_CELL};font-weight:normal;opacity:.65;white-space:nowrap"
_RULED: Final = f"{_KEY};border-bottom:1px solid currentColor"
_TABLE: Final = (
    "border-collapse:collapse;border:0;margin:4px 0 6px 0;color:inherit;background:transparent"
)
_ROW: Final = "background:transparent"
_BOX: Final = "max-width:60em;font-size:13px;line-height:1.45;color:inherit"
_SMALL: Final = "font-size:12px;opacity:.65"
_UNKNOWN: Final = "–"


@runtime_checkable
class Interval(Protocol):
    """A value with its bounds, as ``Estimate`` has them."""

    @property
    def value(self) -> float: ...  # noqa: D102

    @property
    def low(self) -> float | None: ...  # noqa: D102

    @property
    def high(self) -> float | None: ...  # noqa: D102


def noun(kind: str, facts: Mapping[str, object], *parts: str, note: str = "") -> str:
    """The view of one noun.

    Args:
        kind: what it is, the headline.
        facts: name to value, a row each; ``said`` words the values.
        parts: HTML of ``rows`` and ``items``, below the facts.
        note: a sentence in small letters, at the end.
    """
    lines = "".join(
        f'<tr style="{_ROW}"><th style="{_KEY}">{_text(name)}</th>'
        f'<td style="{_CELL}">{_text(value)}</td></tr>'
        for name, value in facts.items()
    )
    table = f'<table style="{_TABLE}">{lines}</table>' if lines else ""
    small = f'<div style="{_SMALL}">{_text(note)}</div>' if note else ""
    return f'<div style="{_BOX}"><b>{_text(kind)}</b>{table}{"".join(parts)}{small}</div>'


def rows(columns: Sequence[str], lines: Iterable[Sequence[object]], most: int = MOST_ROWS) -> str:
    """A table with a head; of more than ``most`` lines the first ones, and how many are left."""
    every = list(lines)
    if not every:
        return ""
    head = "".join(f'<th style="{_RULED}">{_text(name)}</th>' for name in columns)
    body = "".join(
        f'<tr style="{_ROW}">'
        + "".join(f'<td style="{_CELL}">{_text(value)}</td>' for value in line)
        + "</tr>"
        for line in every[:most]
    )
    table = f'<table style="{_TABLE}"><tr style="{_ROW}">{head}</tr>{body}</table>'
    return table + _left(len(every) - most)


def items(texts: Iterable[str], most: int = MOST_ROWS) -> str:
    """Sentences as a list; of more than ``most`` the first ones, and how many are left."""
    every = list(texts)
    if not every:
        return ""
    points = "".join(f"<li>{_text(text)}</li>" for text in every[:most])
    return f'<ul style="margin:4px 0 6px 0">{points}</ul>' + _left(len(every) - most)


def said(value: object) -> str:
    """A value in words: three decimals, intervals in brackets, a dash for what is not known."""
    if value is None or (isinstance(value, str) and not value):
        return _UNKNOWN
    for kind, worded in _WORDED:
        if isinstance(value, kind):
            return worded(value)
    return shorten(str(value))


def shorten(text: str, most: int = LONGEST) -> str:
    """Text on one line, cut to ``most`` letters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _number(value: float) -> str:
    if not math.isfinite(value):
        return _UNKNOWN if math.isnan(value) else str(value)
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.3f}"


def _interval(estimate: Interval) -> str:
    if estimate.low is None or estimate.high is None:
        return said(estimate.value)
    return f"{said(estimate.value)} ({said(estimate.low)} to {said(estimate.high)})"


def _text(value: object) -> str:
    return html.escape(said(value))


def _left(number: int) -> str:
    return f'<div style="{_SMALL}">… and {number:,} more</div>' if number > 0 else ""


def _pairs(values: Mapping[Any, object]) -> str:
    return shorten(", ".join(f"{name}: {said(one)}" for name, one in values.items()) or _UNKNOWN)


def _list(values: Iterable[object]) -> str:
    return shorten(", ".join(said(one) for one in values) or _UNKNOWN)


# The first that fits: a bool is an integer too, and text can be gone through letter by letter.
_WORDED: Final[tuple[tuple[type, Callable[[Any], str]], ...]] = (
    (bool, lambda value: "yes" if value else "no"),
    (str, shorten),
    (numbers.Integral, lambda value: f"{int(value):,}"),
    (numbers.Real, lambda value: _number(float(value))),
    (Interval, _interval),
    (Mapping, _pairs),
    (Iterable, _list),
)
