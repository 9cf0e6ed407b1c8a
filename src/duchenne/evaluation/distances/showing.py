"""A study of distances in a notebook: which way to compare, by which protocol, on how much data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from duchenne.evaluation.forests import row
from duchenne.notebook import tables
from duchenne.notebook.colours import AMBER, GRID, INK, TEAL
from duchenne.notebook.figures import draw_intervals, label, new_figure

if TYPE_CHECKING:
    from duchenne.evaluation.distances.results import DistanceStudy, Protocol
    from duchenne.evaluation.statistics.intervals import Estimate

_SAID: Final[dict[Protocol, str]] = {"kfold": "random 10-fold", "loso": "person left out"}
_COLOURS: Final[dict[Protocol, str]] = {"kfold": AMBER, "loso": TEAL}


def plot_study(study: DistanceStudy) -> Figure:
    """See ``DistanceStudy.plot``."""
    figure = new_figure(3.6, 12.0)
    left, right = figure.subplots(1, 2, width_ratios=[1.2, 1])
    rows = [row(name, one, _COLOURS[protocol]) for name, protocol, one in _accuracies(study)]
    draw_intervals(left, rows, 1 / len(study.classes))
    label(left, "accuracy (0 to 1; dashed: guessing)", "", study.result.settings.target)
    _draw_curves(right, study)
    return figure


def study_html(study: DistanceStudy) -> str:
    """For a notebook's eye."""
    facts = {
        "settings": study.result.settings.name(),
        "clips": len(study.clips),
        "people": int(study.clips["subject"].nunique()),
        "classes": study.classes,
        "owed to the person's own clips": None if study.own is None else study.own.owed,
    }
    lines = [(name, one) for name, _, one in _accuracies(study)]
    return tables.noun(
        "Study of distances", facts, tables.rows(["compared by", "accuracy (95 %)"], lines)
    )


def _accuracies(study: DistanceStudy) -> list[tuple[str, Protocol, Estimate]]:
    reports = {
        "poster's way": study.plain.reports,
        "as asked for": study.result.reports,
        "chosen by fold": {name: found.report for name, found in study.nested.items()},
    }
    return [
        (f"{way}, {_SAID[protocol]}", protocol, each[protocol].accuracy)
        for way, each in reports.items()
        for protocol in _SAID
        if protocol in each
    ]


def _draw_curves(axes: Axes, study: DistanceStudy) -> None:
    for protocol, parts in study.curves.items():
        across = [part.training for part in parts]
        colour = _COLOURS[protocol]
        axes.fill_between(across, [part.accuracy.low for part in parts],
                          [part.accuracy.high for part in parts], color=colour, alpha=0.16,
                          linewidth=0)  # fmt: skip
        axes.plot(across, [part.accuracy.value for part in parts], "o-", color=colour, ms=4,
                  linewidth=1.6, label=_SAID[protocol])  # fmt: skip
    axes.set_ylim(0, 1)
    axes.grid(axis="y", color=GRID, linewidth=1)
    label(axes, "clips that each is compared with", "accuracy (0 to 1)", "With more clips")
    if study.curves:
        axes.legend(loc="best", frameon=False, labelcolor=INK, fontsize=9)
