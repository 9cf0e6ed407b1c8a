"""The checks of the Action Units in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from duchenne.action_units.names import ACTION_UNITS
from duchenne.evaluation.forests import forest
from duchenne.notebook import tables

if TYPE_CHECKING:
    from duchenne.evaluation.action_units.checks import ActionUnitEvaluation
    from duchenne.evaluation.statistics.intervals import Estimate


def plot_checks(found: ActionUnitEvaluation) -> Figure:
    """See ``ActionUnitEvaluation.plot``."""
    every: dict[str, dict[str, Estimate]] = {}
    for one in found.measures:
        every.setdefault(f"{one.check}: {one.name}", {})[one.unit] = one.estimate
    # The others are about one or two units alone; of several, the first.
    widest = max(every, key=lambda name: len(every[name]), default="value")
    return forest("Action Units", {widest: every.get(widest, {})}, up="Action Unit")


def checks_html(found: ActionUnitEvaluation) -> str:
    """For a notebook's eye."""
    lines = [(unit, name, found.verdict(unit)) for unit, name in ACTION_UNITS.items()]
    table = tables.rows(["unit", "movement", "verdict"], lines, most=len(lines))
    facts = {"measures": len(found.measures)}
    return tables.noun("Checks of the Action Units", facts, table, tables.items(found.skipped))
