"""Genuineness models in a notebook: accuracy and AUC beside people and trivial models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from duchenne.evaluation.forests import forest
from duchenne.notebook import tables

if TYPE_CHECKING:
    from duchenne.evaluation.genuineness.evaluation import GenuinenessEvaluation
    from duchenne.evaluation.genuineness.smile_scores import SmileEvaluation
    from duchenne.evaluation.statistics.intervals import Estimate

_ACCURACY = "accuracy (0 to 1)"
_AUC = "AUC (0 to 1)"


def plot_evaluation(found: GenuinenessEvaluation) -> Figure:
    """See ``GenuinenessEvaluation.plot``."""
    accuracy, auc = _scores(found)
    title = f"{found.model}, {_who(found)}"
    return forest(title, {_ACCURACY: accuracy, _AUC: auc}, 0.5, "clips")


def evaluation_html(found: GenuinenessEvaluation) -> str:
    """For a notebook's eye."""
    accuracy, auc = _scores(found)
    facts = {
        "folds": _who(found),
        "clips": found.scores.rows,
        "people": int(found.clips["subject"].nunique()),
        "person's other clips": "used" if found.person_information else "not used",
        "Brier score": found.scores.brier,
        "calibration error": found.scores.ece,
        "AUC in equally strong pairs": found.matched,
    }
    lines = [(name, accuracy[name], auc[name]) for name in accuracy]
    table = tables.rows(["clips", "accuracy (95 %)", "AUC (95 %)"], lines)
    return tables.noun(f"Genuineness model {found.model}", facts, table)


def plot_smiles(found: SmileEvaluation) -> Figure:
    """See ``SmileEvaluation.plot``."""
    names = [f"{one.model}, {one.data}" for one in found.scores]
    panels = {
        _ACCURACY: dict(zip(names, (one.accuracy for one in found.scores), strict=True)),
        _AUC: dict(zip(names, (one.auc for one in found.scores), strict=True)),
    }
    return forest("Smile models", panels, 0.5, "model and data")


def smiles_html(found: SmileEvaluation) -> str:
    """For a notebook's eye."""
    columns = ["model", "data", "smiles", "accuracy (95 %)", "AUC (95 %)", "calibration error"]
    lines = [
        (one.model, one.data, one.rows, one.accuracy, one.auc, one.ece) for one in found.scores
    ]
    table = tables.rows(columns, lines)
    return tables.noun("Smile models", {}, table, tables.items(found.notes))


def _scores(
    found: GenuinenessEvaluation,
) -> tuple[dict[str, Estimate], dict[str, Estimate]]:
    """Accuracies and AUCs by the same names, the model's own first."""
    each = {"all": found.scores} | found.by_emotion | {"intensity alone": found.intensity}
    accuracy = {name: scores.accuracy for name, scores in each.items()}
    auc = {name: scores.auc for name, scores in each.items()}
    crowd = "crowd of raters"
    return accuracy | {crowd: found.raters.crowd}, auc | {crowd: found.raters.crowd_auc}


def _who(found: GenuinenessEvaluation) -> str:
    return "unseen people" if found.folds == "subject" else "random folds: no result"
