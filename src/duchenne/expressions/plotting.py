"""Expressions as a figure: Action Units over time, with onset, apex and offset marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from duchenne.notebook.colours import EMOTION_COLOURS, INK, QUIET
from duchenne.notebook.figures import label, new_figure, plain, say_nothing
from duchenne.notebook.tables import shorten
from duchenne.recording.plotting import MOST_FACES, draw_units, moments, strongest_units
from duchenne.recording.recording import Recording

if TYPE_CHECKING:
    from duchenne.expressions.expression import Expression

_AROUND_S: Final = 1.0
_PANEL: Final = 2.5
_NAMED: Final = 12


def plot_expressions(expressions: Sequence[Expression], recording: Recording) -> Figure:
    """See ``Expressions.plot``; the three faces with most expressions."""
    whose = [one.face_id for one in expressions]
    faces = sorted(dict.fromkeys(whose), key=lambda face: -whose.count(face))[:MOST_FACES]
    figure = new_figure(0.4 + _PANEL * max(1, len(faces)))
    panels = figure.subplots(max(1, len(faces)), 1, sharex=True, squeeze=False)[:, 0]
    if not faces:
        label(panels[0], "time (s)", "intensity (0 to 5)", recording.metadata.source.name)
        say_nothing(panels[0], "No expression was found.")
    for face, axes in zip(faces, panels, strict=False):
        mine = [one for one in expressions if one.face_id == face]
        units = list(dict.fromkeys(unit for one in mine for unit in one.order[:2]))
        _draw_face(axes, recording, mine, units[:4])
    return figure


def plot_expression(expression: Expression, recording: Recording) -> Figure:
    """See ``Expression.plot``."""
    figure = new_figure(_PANEL + 0.6)
    axes = figure.add_subplot()
    _draw_face(axes, recording, [expression], list(expression.order[:5]))
    first, last = expression.onset_s - _AROUND_S, expression.offset_s + _AROUND_S
    axes.set_xlim(max(0.0, first), last)
    return figure


def _draw_face(
    axes: Axes, recording: Recording, mine: Sequence[Expression], units: Sequence[str]
) -> None:
    rows = recording.face(mine[0].face_id)
    draw_units(axes, rows, units or strongest_units(rows), moments(rows)[1])
    title = f"{shorten(recording.metadata.source.name, 60)}, face {mine[0].face_id}"
    label(axes, moments(rows)[1], "intensity (0 to 5)", title)
    for one in mine:
        _mark(axes, one, named=len(mine) <= _NAMED)


def _mark(axes: Axes, one: Expression, *, named: bool) -> None:
    """Onset to offset as a band, the apex as a dashed line, the display in words above it."""
    colour = EMOTION_COLOURS.get(one.emotion or "", QUIET)
    axes.axvspan(one.onset_s, one.offset_s, color=colour, alpha=0.16, linewidth=0, zorder=0)
    for end in (one.onset_s, one.offset_s):
        axes.axvline(end, color=colour, linewidth=1, zorder=1)
    axes.axvline(one.apex_s, color=INK, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    if named:
        axes.text(one.apex_s, 4.9, f" {plain(one.emotion or 'display')}", color=INK, fontsize=9,
                  va="top", clip_on=True)  # fmt: skip
