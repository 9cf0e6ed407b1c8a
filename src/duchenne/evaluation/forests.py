"""Estimates as rows of a figure."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure

from duchenne.evaluation.statistics.intervals import Estimate
from duchenne.notebook.colours import TEAL
from duchenne.notebook.figures import Row, intervals_figure


def row(name: str, estimate: Estimate, colour: str = TEAL) -> Row:
    """An estimate under a name."""
    return Row(name, estimate.value, estimate.low, estimate.high, colour)


def forest(
    title: str,
    panels: Mapping[str, Mapping[str, Estimate]],
    chance: float | None = None,
    up: str = "",
) -> Figure:
    """Estimates with their 95 % intervals: see ``duchenne.notebook.figures.intervals_figure``.

    Args:
        title: above the first panel.
        panels: what the estimates are, with the unit, to names and estimates.
        chance: where guessing lies.
        up: what the names are of.
    """
    rows = {unit: [row(name, one) for name, one in each.items()] for unit, each in panels.items()}
    return intervals_figure(title, rows, chance, up)
