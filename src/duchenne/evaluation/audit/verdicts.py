"""What the numbers of an audit mean, in plain words: the finding, its evidence, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from duchenne.emotion.labels import EMOTIONS
from duchenne.evaluation.audit.finding import Evidence, Verdict, chance_words, span, together
from duchenne.evaluation.audit.gaps import Content, Gap
from duchenne.evaluation.audit.shortcuts import Shortcut, strongest
from duchenne.evaluation.audit.verdicts_copies import copy_verdicts, set_verdicts
from duchenne.evaluation.audit.verdicts_model import model_verdicts
from duchenne.evaluation.datasets.pedfe import PEDFE_EMOTIONS

_GIVEN_AWAY: Final = {
    "intensity": (
        "How strong a display is gives its label away.",
        "Compare displays of equal strength only, or show that a model holds within pairs of "
        "equal strength.",
    ),
    "neutral": (
        "Frames in which nothing is displayed give the label away.",
        "Something besides the display differs: the session, the pose, what came before. "
        "Film both kinds in one sitting, or leave such frames out and report this figure.",
    ),
}
"""By sort of question: the finding, and what to do."""


def verdicts(found: Evidence) -> tuple[Verdict, ...]:
    """All findings, the worst first."""
    each = [
        *_nuisances(found),
        *_expression(found),
        *_groups(found),
        *_gaps(found),
        *copy_verdicts(found),
        *set_verdicts(found),
        *(one for model in found.models for one in model_verdicts(model, found.bar)),
    ]
    order = {"bad": 0, "note": 1, "good": 2}
    return tuple(sorted(each, key=lambda one: order[one.level]))


def _nuisances(found: Evidence) -> Iterator[Verdict]:
    some = [one for one in found.shortcuts if one.sort in {"nuisances", "single"}]
    if not some:
        return
    best = strongest(found.shortcuts, "nuisances", "single")
    if best is None:
        yield _no_better(max(some, key=lambda one: one.value), len(some), found.bar)
        return
    carriers = [one.name for one in found.shortcuts if one.sort == "single" and one.found][:3]
    seen = together(carriers) if carriers else "nuisances together"
    seen = best.name if best.sort == "single" else seen
    numbers = _carriers(found.shortcuts)
    if best.value >= found.bar:
        yield Verdict(
            "bad",
            "nuisances",
            f"A model that sees only {seen} reaches {best.value:.2f}: this data set would teach "
            f"your network {_lesson(carriers)}.",
            f"AUC {span(best.auc, best.value)}, {best.name}; {chance_words(best)}. {numbers}",
            _cure(carriers),
        )
        return
    yield Verdict(
        "note",
        "nuisances",
        f"Nuisances leave a trace of the labels, mostly {seen}.",
        f"AUC {span(best.auc, best.value)}, {best.name}; {chance_words(best)}. {numbers}",
        "Below the bar, but no chance: show this figure beside your model's, and test the model "
        "within pairs matched on it.",
    )


def _no_better(top: Shortcut, questions: int, bar: float) -> Verdict:
    evidence = f"The best of {questions} questions, {top.name}: AUC {top.value:.2f}; "
    evidence += f"{chance_words(top)}."
    if top.value < bar:
        text = "Nuisances tell the labels no better than chance."
        return Verdict("good", "nuisances", text, evidence)
    return Verdict(
        "note",
        "nuisances",
        f"Nuisances reach {top.value:.2f}, but shuffled labels do so too often to say more.",
        evidence,
        "Too few people or items to tell: audit more of them.",
    )


def _lesson(carriers: Sequence[str]) -> str:
    timed = {"duration", "frames", "frame rate"}
    return "how long its clips are" if timed & {*carriers[:1]} else "the camera"


def _cure(carriers: Sequence[str]) -> str:
    if _lesson(carriers) == "the camera":
        return (
            "Film or choose both kinds alike, or bring them to one size, light, rate and format "
            "before training; then audit again. Report every result beside this one."
        )
    return (
        "Show that a model holds within pairs of equal length, or cut the clips alike; then audit "
        "again. Report every result beside this one."
    )


def _carriers(shortcuts: Sequence[Shortcut]) -> str:
    alone = [f"{s.name} {s.value:.2f}" for s in shortcuts if s.sort == "single" and s.found][:6]
    return f"Alone: {', '.join(alone)}." if alone else "No single one of them does it alone."


def _expression(found: Evidence) -> Iterator[Verdict]:
    emotions = set(found.data.classes) <= {*EMOTIONS, *PEDFE_EMOTIONS}
    for one in found.shortcuts:
        if one.sort not in _GIVEN_AWAY:
            continue
        if not one.found:
            yield _as_chance(one, found.bar)
            continue
        text, advice = _GIVEN_AWAY[one.sort]
        harmless = emotions and one.sort == "intensity"
        if harmless:
            advice = "Emotions do differ in strength: no flaw, but the least a model should beat."
        bad = one.value >= found.bar and not harmless
        evidence = f"AUC {span(one.auc, one.value)} from {one.name}; {chance_words(one)}."
        yield Verdict("bad" if bad else "note", one.sort, text, evidence, advice)


def _as_chance(one: Shortcut, bar: float) -> Verdict:
    name, evidence = one.name.capitalize(), f"AUC {one.value:.2f}; {chance_words(one)}."
    if one.value < bar:
        return Verdict("good", one.sort, f"{name} tells no more than chance.", evidence)
    text = f"{name} reaches {one.value:.2f}, which may be chance."
    return Verdict("note", one.sort, text, evidence)


def _groups(found: Evidence) -> Iterator[Verdict]:
    if found.content is not None and found.content.untestable:
        yield Verdict(
            "bad",
            "source",
            "Every source has one label only: no split can tell the label from the source.",
            f"{len(set(found.data.source.tolist()))} sources; a small model of "
            f"{found.content.name} reaches an AUC of {found.content.plain:.2f}, and nobody can say "
            "by what.",
            "Add items of both labels from each source, or do not train on this set.",
        )
    for one in found.shortcuts:
        if one.sort == "group" and one.found:
            yield Verdict(
                "bad" if one.value >= found.bar else "note",
                "groups",
                f"Knowing only {one.name} goes a long way to the label.",
                f"AUC {span(one.auc, one.value)}; {chance_words(one)}.",
                f"Balance the labels within each {one.name}, or weight the items so.",
            )
        if one.sort == "names" and one.found:
            yield Verdict(
                "note",
                "file names",
                "File names give the label away.",
                f"AUC {span(one.auc, one.value)} from the characters of the names.",
                "Harmless as long as nothing reads the names: raters do, and so do some loaders.",
            )


def _gaps(found: Evidence) -> Iterator[Verdict]:
    if found.content is None:
        return
    for gap in found.content.gaps:
        # Where the source is the label, folds by person agree with random ones, and say nothing.
        if gap.found or not found.content.untestable:
            yield _gap(gap, found.content)
    if not found.data.knows_subjects:
        yield Verdict(
            "note",
            "people",
            "Nobody says who is seen, so nothing can keep people apart.",
            "No column of subjects.",
            "Name who is seen in each item: a person on both sides makes a result worthless.",
        )


def _gap(gap: Gap, content: Content) -> Verdict:
    evidence = (
        f"A small model of {content.name}: AUC {span(gap.random, 0)} under random folds, "
        f"{span(gap.kept, 0)} with {gap.apart} kept apart ({gap.groups} {gap.apart}); the gap is "
        f"{span(gap.gap, 0)}."
    )
    if not gap.found:
        text = f"Random folds promise no more than folds that keep {gap.apart} apart."
        return Verdict("good", "folds", text, evidence)
    return Verdict(
        "note",
        "folds",
        f"Random folds promise {gap.gap.value:.2f} too much: a model knows {gap.apart} again.",
        evidence,
        f"Keep {gap.apart} apart in every split, in tuning as well.",
    )
