"""Emotion networks in a notebook: accuracy with intervals, beside each other and by group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from duchenne.emotion.labels import EMOTIONS
from duchenne.evaluation.datasets.fer2013 import SPLITS
from duchenne.evaluation.forests import forest
from duchenne.notebook import tables
from duchenne.notebook.figures import label, new_figure

if TYPE_CHECKING:
    from duchenne.evaluation.emotion.attribute_network import AttributeEvaluation
    from duchenne.evaluation.emotion.comparison import NetworkComparison
    from duchenne.evaluation.emotion.cross_data import PedfeResult
    from duchenne.evaluation.emotion.explore import Exploration
    from duchenne.evaluation.emotion.london import LondonResult
    from duchenne.evaluation.emotion.scores import EmotionEvaluation

_ACCURACY = "accuracy (0 to 1)"


def evaluation_html(found: EmotionEvaluation) -> str:
    """For a notebook's eye."""
    rest = found.without_copies
    facts = {
        "data": found.data,
        "rows": found.whole.rows,
        "accuracy (95 %)": found.whole.accuracy,
        "macro F1 (95 %)": found.whole.macro_f1,
        "calibration error": found.whole.calibration_error,
        "copies of Training rows": "unknown" if found.copies is None else found.copies,
        "accuracy without copies": None if rest is None else rest.accuracy,
    }
    return tables.noun(f"Emotion network {found.model}", facts, note=found.warning)


def plot_comparison(found: NetworkComparison) -> Figure:
    """See ``NetworkComparison.plot``."""
    names = [f"{one.name}, {len(one.target.classes)} classes" for one in found.networks]
    panels = {
        _ACCURACY: dict(zip(names, (one.whole.accuracy for one in found.networks), strict=True)),
        "macro F1 (0 to 1)": dict(
            zip(names, (one.whole.macro_f1 for one in found.networks), strict=True)
        ),
    }
    return forest(f"FER-2013 {found.split}", panels, up="network")


def comparison_html(found: NetworkComparison) -> str:
    """For a notebook's eye."""
    columns = ["network", "classes", "rows", "accuracy (95 %)", "macro F1 (95 %)", "MB"]
    lines = [
        (
            one.name,
            len(one.target.classes),
            one.whole.rows,
            one.whole.accuracy,
            one.whole.macro_f1,
            f"{one.megabytes:.1f}",
        )
        for one in found.networks
    ]
    facts = {"split": f"FER-2013 {found.split}", "rows": found.rows, "copies": found.copies}
    return tables.noun("Emotion networks", facts, tables.rows(columns, lines), note=found.warning)


def plot_london(found: LondonResult) -> Figure:
    """See ``LondonResult.plot``."""
    names = [f"{one.name} ({one.people} people)" for one in found.groups]
    panels = {
        "AUC (0 to 1)": dict(zip(names, (one.auc for one in found.groups), strict=True)),
        _ACCURACY: dict(zip(names, (one.accuracy for one in found.groups), strict=True)),
    }
    return forest(f"{found.model}, London faces", panels, 0.5, "people")


def london_html(found: LondonResult) -> str:
    """For a notebook's eye."""
    columns = ["people", "how many", "AUC (95 %)", "accuracy (95 %)", ""]
    lines = [
        (one.name, one.people, one.auc, one.accuracy, "too few for a claim" if one.few else " ")
        for one in found.groups
    ]
    facts = {"pictures": len(found.faces), "without a face": len(found.without_face)}
    return tables.noun(f"{found.model} on London faces", facts, tables.rows(columns, lines))


def plot_pedfe(found: PedfeResult) -> Figure:
    """See ``PedfeResult.plot``."""
    panels = {
        f"share found, {kind.kind} clips (0 to 1)": {"all": kind.report.accuracy} | kind.found
        for kind in found.kinds
    }
    return forest(f"{found.model}, PEDFE", panels or {"share found (0 to 1)": {}}, up="emotion")


def pedfe_html(found: PedfeResult) -> str:
    """For a notebook's eye."""
    columns = ["clips", "how many", "people", "accuracy (95 %)", "raters (95 %)"]
    lines = [
        (one.kind, one.report.rows, one.subjects, one.report.accuracy, one.people["all"])
        for one in found.kinds
    ]
    facts = {"clips": found.clips, "without crops": found.without_crops}
    return tables.noun(f"{found.model} on PEDFE", facts, tables.rows(columns, lines))


def plot_attributes(found: AttributeEvaluation) -> Figure:
    """See ``AttributeEvaluation.plot``."""
    return forest(
        found.data,
        {
            _ACCURACY: {head: report.accuracy for head, report in found.reports.items()},
            "macro F1 (0 to 1)": {head: report.macro_f1 for head, report in found.reports.items()},
        },
        up="head",
    )


def attributes_html(found: AttributeEvaluation) -> str:
    """For a notebook's eye."""
    lines = [(head, one.rows, one.accuracy, one.macro_f1) for head, one in found.reports.items()]
    table = tables.rows(["head", "rows", "accuracy (95 %)", "macro F1 (95 %)"], lines)
    return tables.noun("Network of several heads", {"data": found.data, "rows": found.rows}, table)


def plot_exploration(found: Exploration) -> Figure:
    """See ``Exploration.plot``."""
    figure = new_figure(2.3, 11.0)
    panels = figure.subplots(1, len(EMOTIONS))
    for axes, name, average, count in zip(
        panels, EMOTIONS, found.averages, found.class_counts, strict=True
    ):
        axes.imshow(average, cmap="gray", vmin=0, vmax=255)
        label(axes, f"{int(count):,} pictures", "", name)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    return figure


def exploration_html(found: Exploration) -> str:
    """For a notebook's eye."""
    lines = [
        (split, *(int(count) for count in counts), int(counts.sum()))
        for split, counts in zip(SPLITS, found.counts, strict=True)
    ]
    facts = {
        "rows": found.rows,
        "blank pictures": len(found.blank),
        "groups of copies": len(found.copies),
        "of these with other labels": len(found.conflicting),
        "pairs nearly the same": len(found.near_conflicting),
    }
    table = tables.rows(["split", *EMOTIONS, "all"], lines)
    return tables.noun("FER-2013", facts, table, note=found.warning)
