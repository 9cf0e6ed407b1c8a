"""Findings about a model in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from duchenne.evaluation.audit.finding import FLIPS, Level, Verdict, span
from duchenne.evaluation.audit.model_check import Explained, ModelCheck


def model_verdicts(model: ModelCheck, bar: float) -> Iterator[Verdict]:
    """What it leans on, and how steady it is."""
    for one in model.scores[:1]:
        said = _learned(model) if model.learned else _explained(model, one, bar)
        yield replace(said, evidence=f"{said.evidence} {model.caution}".strip())
    if not model.flips:
        return
    worst = max(model.flips, key=lambda name: model.flips[name].value)
    share = model.flips[worst]
    evidence = ", ".join(f"{name} {100 * e.value:.0f} %" for name, e in model.flips.items())
    loud = share.low > FLIPS
    text = (
        f"{model.model} changes its verdict on {100 * share.value:.0f} % of pictures that are "
        f"merely {worst}."
        if loud
        else f"{model.model} keeps its verdict when pictures are edited harmlessly."
    )
    yield Verdict(
        "note" if loud else "good",
        "model",
        text,
        f"Verdicts that change, of {model.edited:,} pictures: {evidence}.",
        "Train with such edits, or bring pictures to the form it knows." if loud else "",
    )


def _learned(model: ModelCheck) -> Verdict:
    return Verdict(
        "note",
        "model",
        f"{model.model} learned from these very items: how good it is, they cannot say.",
        "",
        "Audit it on others, or give its scores out of fold as a column.",
    )


def _explained(model: ModelCheck, one: Explained, bar: float) -> Verdict:
    if one.auc is None or one.partial is None or one.matched is None or one.with_label is None:
        by = one.by_nuisances
        return Verdict(
            "note" if by.low > 0.3 else "good",
            "model",
            f"What {model.model} says of {one.name} goes along with nuisances at r = "
            f"{by.value:.2f}.",
            f"Out of fold, {model.rows:,} items; interval {by.low:.2f} to {by.high:.2f}.",
        )
    evidence = (
        f"AUC {span(one.auc, 0)}; within pairs that nuisances cannot tell apart "
        f"{span(one.matched, 0)}. Correlation with the label {one.with_label.value:.2f}, freed of "
        f"nuisances {one.partial.value:.2f}; with what nuisances predict "
        f"{one.by_nuisances.value:.2f}."
    )
    lost = one.auc.value - one.matched.value
    leans = one.auc.low > 0.5 and lost > (one.auc.value - 0.5) / 3
    empty = one.auc.value >= bar and one.matched.low <= 0.5
    text = (
        f"What {model.model} knows of {one.name} is mostly nuisances."
        if empty
        else f"{model.model} leans on nuisances for {one.name}."
        if leans
        else f"{model.model} tells {one.name} by more than nuisances."
        if one.matched.low > 0.5
        else f"{model.model} does not tell {one.name}."
    )
    level: Level = "bad" if empty else "note" if leans or one.matched.low <= 0.5 else "good"
    advice = "Balance the training data on what carries it, then train again." if leans else ""
    return Verdict(level, "model", text, evidence, advice)
