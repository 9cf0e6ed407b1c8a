"""Synchrony as figures: who with whom, and when; and what people did, on one clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from duchenne.action_units.names import ACTION_UNITS
from duchenne.errors import DataError
from duchenne.notebook.colours import AMBER, FAINT, GRID, INK, QUIET, TEAL
from duchenne.notebook.figures import (
    Row,
    draw_courses,
    draw_intervals,
    label,
    new_figure,
    plain,
    say_nothing,
)

if TYPE_CHECKING:
    from duchenne.synchrony.alignment import Aligned
    from duchenne.synchrony.peaks import Agreement
    from duchenne.synchrony.synchrony import Synchrony

_MOST_NAMES: Final = 24
_MOST_FEATURES: Final = 20
_PANELS: Final = 4
_PANEL: Final = 1.8


def plot_synchrony(found: Synchrony) -> Figure:
    """See ``Synchrony.plot``; a single window shows its features instead of a course."""
    figure = new_figure(4.2, 11.0)
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.5])
    _draw_matrix(left, found)
    if len(found.starts) > 1:
        _draw_course(right, found)
    else:
        _draw_features(right, found)
    return figure


def plot_aligned(aligned: Aligned, features: Sequence[str] | None) -> Figure:
    """See ``Aligned.plot``."""
    names = aligned.features[:_PANELS] if features is None else tuple(dict.fromkeys(features))
    strange = [name for name in names if name not in aligned.features]
    if strange:
        known = ", ".join(aligned.features)
        raise DataError(f"No feature {strange[0]!r}; there are: {known}.")
    count = max(1, len(names))
    figure = new_figure(0.6 + _PANEL * count)
    panels = figure.subplots(count, 1, sharex=True, squeeze=False)[:, 0]
    for name, axes in zip(names, panels, strict=False):
        values = aligned.values[aligned.features.index(name)]
        draw_courses(axes, aligned.times, dict(zip(aligned.people, values, strict=True)))
        label(axes, "", _unit(name), name)
    panels[-1].set_xlabel("time (s)")
    if not names:
        say_nothing(panels[0], "No feature was chosen.")
    return figure


def plot_agreement(found: Agreement) -> Figure:
    """See ``Agreement.plot``."""
    figure = new_figure(2.8)
    axes = figure.add_subplot()
    windows = np.arange(len(found.share))
    colours = [AMBER if share > found.threshold else TEAL for share in found.share]
    axes.bar(windows, found.share, 0.9, color=colours)
    axes.axhline(found.threshold, color=QUIET, linewidth=1.2, linestyle=(0, (4, 3)))
    axes.set_ylim(0, 1)
    axes.grid(axis="y", color=GRID, linewidth=1)
    title = f"Peaks of {len(found.people)} raters (dashed: chance; amber: beyond it)"
    label(axes, "window", "share of raters (0 to 1)", title)
    return figure


def _draw_matrix(axes: Axes, found: Synchrony) -> None:
    known = found.matrix[np.isfinite(found.matrix)]
    most = float(np.abs(known).max()) if known.size else 1.0
    # Brown to blue-green: told apart by every kind of colour vision, white where there is nothing.
    picture = axes.imshow(found.matrix, cmap="BrBG", vmin=-most, vmax=most)
    label(axes, "", "", "Who with whom")
    # Lines of a person's own style would cut the cells in two.
    axes.grid(False, which="both")
    axes.spines[:].set_visible(False)
    count = len(found.people)
    if count <= _MOST_NAMES:
        names = [plain(name, 14) for name in found.people]
        axes.set_xticks(range(count), names, rotation=90 if count > 4 else 0)
        axes.set_yticks(range(count), names)
    axes.set_xlabel("person", color=FAINT, fontsize=10)
    axes.set_ylabel("person", color=FAINT, fontsize=10)
    bar = axes.figure.colorbar(picture, ax=axes, shrink=0.75)
    bar.set_label("mean correlation", color=FAINT, fontsize=9)
    bar.ax.tick_params(labelsize=8, colors=INK, length=0)
    bar.outline.set_visible(False)


def _draw_course(axes: Axes, found: Synchrony) -> None:
    """The mean over features with its interval, chance, and marks where something rises above."""
    middles = (found.starts + found.ends) / 2
    mean, low, high = found.window_means.T
    axes.fill_between(middles, low, high, color=TEAL, alpha=0.2, linewidth=0, label="95 %, people")
    axes.plot(middles, mean, color=TEAL, linewidth=1.6, label="mean of features")
    for limit, name in ((found.upper, "chance, any feature"), (found.lower, "")):
        if np.isfinite(limit).any():
            axes.plot(middles, limit, color=QUIET, linewidth=1.2, linestyle=(0, (4, 3)),
                      label=name or "_")  # fmt: skip
    above = (found.significant == 1).any(axis=1)
    if above.any():
        strongest = np.where(found.significant == 1, found.isc, -np.inf).max(axis=1)[above]
        axes.plot(middles[above], strongest, "o", color=AMBER, ms=3.5,
                  label="strongest feature above chance")  # fmt: skip
    axes.axhline(0, color=GRID, linewidth=1, zorder=0)
    axes.grid(axis="y", color=GRID, linewidth=1)
    label(axes, f"middle of the window (s), {found.ends[0] - found.starts[0]:.3g} s long",
          "t-ISC (-1 to 1)", "When")  # fmt: skip
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2, frameon=False,
                labelcolor=INK, fontsize=8)  # fmt: skip


def _draw_features(axes: Axes, found: Synchrony) -> None:
    order = np.argsort(-np.nan_to_num(found.feature_means[:, 0], nan=-2.0), kind="stable")
    rows = []
    for place in order[:_MOST_FEATURES]:
        mean, low, high = (float(value) for value in found.feature_means[place])
        colour = AMBER if found.significant[0, place] == 1 else TEAL
        rows.append(Row(found.features[place], mean, low, high, colour))
    draw_intervals(axes, rows, 0.0)
    label(axes, "t-ISC (-1 to 1)", "", "Features of the one window (amber: above chance)")


def _unit(feature: str) -> str:
    unit = feature.removesuffix("_r")
    if unit in ACTION_UNITS:
        return "0 to 5"
    return "probability" if feature.startswith("emotion_") else "value"
