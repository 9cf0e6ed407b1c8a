"""Verdicts as figures: the probability beside the undecided band, and what it rests on."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from duchenne.genuineness.verdict import Genuineness, Reason, Verdict, shown
from duchenne.notebook.colours import AMBER, FAINT, GRID, INK, QUIET, TEAL
from duchenne.notebook.figures import label, new_figure, plain, say_nothing

if TYPE_CHECKING:
    from duchenne.genuineness.verdict import Judged

_COLOURS: Final[dict[Verdict, str]] = {"genuine": TEAL, "posed": AMBER, "undecided": QUIET}
# Shapes as well as colours: on grey prints colours look alike.
_SHAPES: Final[dict[Verdict, str]] = {"genuine": "o", "posed": "D", "undecided": "s"}
_SCALE: Final = "p_genuine (0: as posed, 1: as spontaneous recordings)"
_UNKNOWN: Final = -0.06
_WRAPPED: Final = 62
_MOST_REASONS: Final = 10
_LINE: Final = 0.19


def plot_verdict(verdict: Genuineness) -> Figure:
    """See ``Genuineness.plot``."""
    reasons = verdict.reasons[:_MOST_REASONS]
    texts = [textwrap.fill(plain(one.text, 180), _WRAPPED) for one in reasons]
    lines = sum(text.count("\n") + 2 for text in texts)
    figure = new_figure(1.5 + (0.7 + _LINE * lines if texts else 0.0))
    if not texts:
        _draw_probability(figure.add_subplot(), verdict)
        return figure
    upper, lower = figure.subplots(2, 1, height_ratios=[1.3, 0.7 + _LINE * lines])
    _draw_probability(upper, verdict)
    _draw_reasons(lower, reasons, texts)
    return figure


def plot_judgements(judged: Sequence[Judged]) -> Figure:
    """See ``Judgements.plot``."""
    figure = new_figure(3.4)
    axes = figure.add_subplot()
    label(axes, "time (s)", "p_genuine (0 to 1)", "How far displays resemble spontaneous ones")
    axes.set_ylim(-0.1, 1.02)
    axes.grid(axis="y", color=GRID, linewidth=1)
    if not judged:
        say_nothing(axes, "No expression was found.")
        return figure
    _draw_bands(axes, judged)
    for expression, verdict in judged:
        p = _UNKNOWN if verdict.p_genuine is None else verdict.p_genuine
        colour = _COLOURS[verdict.verdict]
        axes.plot([expression.onset_s, expression.offset_s], [p, p], color=colour, linewidth=2.4,
                  solid_capstyle="round")  # fmt: skip
        axes.plot([expression.apex_s], [p], _SHAPES[verdict.verdict], ms=7, color=colour)
        if len(judged) <= 24:
            said = f"face {expression.face_id}: {expression.emotion or 'display'}"
            axes.annotate(plain(said, 30), (expression.apex_s, p), (0, 8), ha="center",
                          textcoords="offset points", color=INK, fontsize=8)  # fmt: skip
    for verdict_name, shape in _SHAPES.items():
        axes.plot([], [], shape, color=_COLOURS[verdict_name], label=verdict_name)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, labelcolor=INK,
                fontsize=9)  # fmt: skip
    if any(verdict.p_genuine is None for _, verdict in judged):
        axes.axhline(0, color=GRID, linewidth=1)
        axes.set_yticks([_UNKNOWN, *np.arange(0, 1.01, 0.2)],
                        ["none", *(f"{p:.1f}" for p in np.arange(0, 1.01, 0.2))])  # fmt: skip
    return figure


def _draw_bands(axes: Axes, judged: Sequence[Judged]) -> None:
    """Each expression's own undecided band; a still's is wider than a clip's."""
    bands = {verdict.band for _, verdict in judged}
    if len(bands) == 1:
        (band,) = bands
        axes.axhspan(0.5 - band, 0.5 + band, color=QUIET, alpha=0.18, linewidth=0, zorder=0)
        return
    for expression, verdict in judged:
        axes.fill_between(
            [expression.onset_s, expression.offset_s],
            0.5 - verdict.band, 0.5 + verdict.band,
            color=QUIET, alpha=0.18, linewidth=0, zorder=0,
        )  # fmt: skip


def _draw_probability(axes: Axes, verdict: Genuineness) -> None:
    label(axes, _SCALE, "", plain(verdict.said, 100))
    axes.set(xlim=(0, 1), ylim=(-1, 1), yticks=[])
    axes.axhline(0, color=GRID, linewidth=3, zorder=0)
    axes.axvspan(0.5 - verdict.band, 0.5 + verdict.band, color=QUIET, alpha=0.25, linewidth=0)
    if verdict.band:
        axes.text(0.5, 0.62, "undecided", ha="center", va="center", color=FAINT, fontsize=8)
    if verdict.p_genuine is None:
        axes.text(0.5, -0.5, "no probability", ha="center", va="center", color=FAINT, fontsize=9)
        return
    axes.plot([verdict.p_genuine], [0], _SHAPES[verdict.verdict], ms=10, clip_on=False,
              color=_COLOURS[verdict.verdict], mec="white", mew=1.5)  # fmt: skip
    axes.annotate(shown(verdict.p_genuine), (verdict.p_genuine, 0), (0, -14), ha="center", va="top",
                  textcoords="offset points", color=INK, fontsize=9)  # fmt: skip


def _draw_reasons(axes: Axes, reasons: Sequence[Reason], texts: Sequence[str]) -> None:
    """A bar for each reason; those without a number of their own stand as text alone."""
    places = np.arange(len(reasons))
    widths = np.array([one.contribution or 0.0 for one in reasons])
    axes.barh(places, widths, 0.55, color=[TEAL if width > 0 else AMBER for width in widths])
    axes.set_yticks(places, texts)
    axes.invert_yaxis()
    axes.axvline(0, color=QUIET, linewidth=1)
    axes.grid(axis="x", color=GRID, linewidth=1)
    furthest = float(np.abs(widths).max()) or 1.0
    axes.set_xlim(-1.15 * furthest, 1.15 * furthest)
    label(axes, "contribution (log odds; right: spontaneous, left: posed)", "reasons")
    axes.tick_params(axis="y", labelsize=8.5)
