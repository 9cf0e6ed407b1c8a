"""An audit in a notebook: its findings, and every question's AUC beside the bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.figure import Figure

from duchenne.evaluation.audit.result import MARKS, Audit
from duchenne.evaluation.forests import row
from duchenne.notebook import tables
from duchenne.notebook.colours import AMBER, FAINT, INK, QUIET, TEAL
from duchenne.notebook.figures import Row, intervals_figure

if TYPE_CHECKING:
    from duchenne.evaluation.audit.shortcuts import Shortcut

_MOST: Final = 24


def plot_audit(audit: Audit) -> Figure:
    """See ``Audit.plot``; the 24 strongest questions."""
    shown = audit.shortcuts[:_MOST]
    title = f"Shortcuts in {audit.data.name}"
    unit = "AUC, out of fold (amber: a finding above the bar; grey: as chance)"
    figure = intervals_figure(title, {unit: [_row(one, audit.bar) for one in shown]}, 0.5, "asked")
    (axes,) = figure.axes
    axes.plot([one.chance for one in shown], range(len(shown)), "|", color=INK, ms=9, zorder=1)
    axes.axvline(audit.bar, color=AMBER, linewidth=1.2, zorder=0)
    axes.text(audit.bar, len(shown) - 0.45, f" bar {audit.bar:g}", color=FAINT, fontsize=8)
    lows = [one.value if one.auc is None else one.auc.low for one in shown]
    axes.set_xlim(min([0.4, *(np.array(lows) - 0.02)]), 1.01)
    return figure


def audit_html(audit: Audit) -> str:
    """For a notebook's eye."""
    facts = {
        "data": audit.data.name,
        "items": len(audit.data),
        "labels": audit.data.classes,
        "passed": audit.passed,
    }
    findings = tables.rows(
        ["", "finding", "evidence"],
        [(MARKS[one.level], one.text, one.evidence) for one in audit.verdicts],
    )
    head = f"Audit: {audit.headline}"
    return tables.noun(head, facts, findings, tables.items(audit.data.notes))


def _row(one: Shortcut, bar: float) -> Row:
    colour = QUIET if not one.found else AMBER if one.value >= bar else TEAL
    if one.auc is None:
        return Row(one.name, one.value, colour=colour)
    return row(one.name, one.auc, colour)
