"""Figures in one style, drawn without pyplot's global state; notebooks show them by themselves."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from duchenne.notebook.colours import FAINT, GRID, INK, QUIET, SERIES, TEAL
from duchenne.notebook.tables import said, shorten

WIDE: Final = 9.6
"""Inches from left to right."""

_DPI: Final = 110
_NAMED: Final = 38
_TITLED: Final = 60
_ROW: Final = 0.3


class NotebookFigure(Figure):
    """A figure that a notebook shows though pyplot was never imported.

    IPython draws figures only once pyplot has told it how. White in dark notebooks too: the
    colours are chosen against it.
    """

    def _repr_png_(self) -> bytes:
        held = io.BytesIO()
        self.savefig(held, format="png", dpi=_DPI, metadata={"Software": None})
        return held.getvalue()


@dataclass(frozen=True)
class Row:
    """One row of ``draw_intervals``: a name, a value, and its 95 % interval where it has one."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    colour: str = TEAL


def new_figure(high: float, wide: float = WIDE) -> Figure:
    """An empty figure, of a height and width in inches."""
    return NotebookFigure(figsize=(wide, high), layout="constrained", facecolor="white")


def label(axes: Axes, across: str, up: str, title: str = "") -> None:
    """Name both axes, with their units, and style them."""
    axes.set_xlabel(across, color=FAINT, fontsize=10)
    axes.set_ylabel(up, color=FAINT, fontsize=10)
    if title:
        axes.set_title(plain(title), loc="left", color=INK, fontsize=11, fontweight="bold")
    axes.set_facecolor("white")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.tick_params(length=0, colors=INK, labelsize=9)
    axes.set_axisbelow(True)


def plain(text: str, most: int = 90) -> str:
    """Text that Matplotlib shows as it is, ``$`` and all, cut to ``most`` letters."""
    return shorten(text, most).replace("$", r"\$")


def say_nothing(axes: Axes, text: str) -> None:
    """Say inside empty axes why they are empty."""
    axes.text(0.5, 0.5, plain(text), transform=axes.transAxes, ha="center", va="center",
              color=FAINT, fontsize=10)  # fmt: skip


def draw_courses(
    axes: Axes,
    times: ArrayLike,
    courses: Mapping[str, NDArray[Any]],
    colours: Mapping[str, str] | None = None,
) -> None:
    """A line for each course, with gaps where nothing was measured, named at the right.

    Args:
        axes: to draw into.
        times: (n,) rising.
        courses: name to (n,) values; NaN where nothing was measured.
        colours: name to colour; the others take those of ``SERIES`` in turn.
    """
    moments = np.asarray(times, np.float64)
    gaps = _gaps(moments)
    for place, (name, values) in enumerate(courses.items()):
        colour = (colours or {}).get(name, SERIES[place % len(SERIES)])
        # Two frames are a line too short to be seen.
        mark = "o" if len(moments) < 3 else ""
        axes.plot(
            np.insert(moments, gaps, np.nan),
            np.insert(np.asarray(values, np.float64), gaps, np.nan),
            color=colour, linewidth=1.5, marker=mark, ms=4, label=plain(name, 28),
        )  # fmt: skip
    axes.grid(axis="y", color=GRID, linewidth=1)
    if courses:
        axes.legend(
            loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, labelcolor=INK,
            fontsize=9, handlelength=1.4,
        )  # fmt: skip


def draw_bars(axes: Axes, values: Mapping[str, float], colours: Mapping[str, str]) -> None:
    """A bar from the left for each name, the first on top, its value behind it."""
    places = range(len(values))
    known = [0.0 if np.isnan(value) else value for value in values.values()]
    axes.barh(places, known, 0.7, color=[colours.get(name, TEAL) for name in values])
    for place, value in zip(places, values.values(), strict=True):
        text = " –" if np.isnan(value) else f" {value:.2f}"
        axes.text(0.0 if np.isnan(value) else value, place, text, va="center", color=INK,
                  fontsize=8)  # fmt: skip
    axes.set_yticks(places, [plain(name, _NAMED) for name in values])
    axes.invert_yaxis()


def draw_intervals(axes: Axes, rows: Sequence[Row], chance: float | None = None) -> None:
    """A dot for each row, the first on top, with its interval as a line and its value in words.

    Args:
        axes: to draw into.
        rows: values that are not known (NaN) are left empty.
        chance: where a dashed line says what guessing gives.
    """
    for place, row in enumerate(rows):
        if row.low is not None and row.high is not None:
            axes.plot([row.low, row.high], [place, place], color=row.colour, linewidth=2.2,
                      solid_capstyle="round")  # fmt: skip
        axes.plot([row.value], [place], "o", color=row.colour, ms=6)
        axes.annotate(said(row), (1.01, place), xycoords=("axes fraction", "data"), va="center",
                      color=INK, fontsize=8.5)  # fmt: skip
    if chance is not None:
        axes.axvline(chance, color=QUIET, linewidth=1.2, linestyle=(0, (4, 3)), zorder=0)
    axes.set_yticks(range(len(rows)), [plain(row.name, _NAMED) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(axis="x", color=GRID, linewidth=1)


def intervals_figure(
    title: str, panels: Mapping[str, Sequence[Row]], chance: float | None = None, up: str = ""
) -> Figure:
    """Panels of ``draw_intervals`` side by side, the same names down each, high as they need.

    Args:
        title: above the first panel.
        panels: what the values are, with their unit, to the rows.
        chance: as in ``draw_intervals``.
        up: what the rows are.
    """
    most = max(len(rows) for rows in panels.values())
    figure = new_figure(1.3 + _ROW * max(2, most), WIDE if len(panels) < 3 else 1.3 * WIDE)
    for place, (unit, rows) in enumerate(panels.items()):
        axes = figure.add_subplot(1, len(panels), place + 1)
        draw_intervals(axes, rows, chance)
        label(axes, unit, "" if place else up, "" if place else shorten(title, _TITLED))
        if place:
            axes.set_yticklabels([])
        if not rows:
            say_nothing(axes, "Nothing was measured.")
    return figure


def _gaps(times: NDArray[np.float64]) -> NDArray[np.intp]:
    """Where a line must break: pauses longer than a quarter of a second and three frames."""
    between = np.diff(times)
    if not len(between):
        return np.zeros(0, np.intp)
    return np.flatnonzero(between > max(0.25, 3 * float(np.nanmedian(between)))) + 1
