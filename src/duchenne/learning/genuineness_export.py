"""From a fitted genuineness model to a weight file with its card, and the quantiles for reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import ModelError
from duchenne.evaluation.datasets.pedfe import PEDFE_EMOTIONS
from duchenne.evaluation.genuineness.evaluation import GenuinenessEvaluation
from duchenne.evaluation.genuineness.plot import plot_verdicts
from duchenne.evaluation.genuineness.rows import GenuinenessRows
from duchenne.evaluation.genuineness.scores import GenuinenessScores, Judged
from duchenne.evaluation.plots import save_figure
from duchenne.evaluation.statistics.intervals import Estimate
from duchenne.genuineness.clip_inputs import INPUTS
from duchenne.genuineness.clip_model import CLASSES, MODEL, Baseline, KernelModel
from duchenne.genuineness.reference import EVERY, KINDS, SHARES, Reference
from duchenne.genuineness.still_model import LANDMARK_INPUTS, UNIT_INPUTS
from duchenne.learning.export import write_weights
from duchenne.learning.genuineness_default import (
    IN_WORDS,
    SHIPPED,
    Tried,
    fit_shipped,
    thresholds,
)
from duchenne.learning.genuineness_kernel import COSTS, DIRECTIONS, WIDTHS, Fitted
from duchenne.learning.genuineness_onnx import kernel_onnx
from duchenne.weights.card import ModelCard, sha256_of
from duchenne.weights.facts import Figure, ModelInput, Result

COMMAND: Final = "duchenne train genuineness --model default --data pedfe --ship"
EVALUATE: Final = "duchenne evaluate genuineness --model default --data pedfe"
TOLERANCE: Final = 0.01
"""Probabilities may differ by so much for the halved precision of the stored vectors."""

_LEAST_GROUP: Final = 100
_INPUTS: Final[dict[str, tuple[str, ...]]] = {
    "whole": INPUTS,
    "aus": UNIT_INPUTS,
    "landmarks": LANDMARK_INPUTS,
}
_LIMITS: Final = (
    "It says how far a display resembles the spontaneous or the posed recordings of one data set. "
    "It does not tell what anybody feels, and it tells nobody's truth from lies.",
    "Research use: that is what the data are for. EU AI Act, Art. 5: no use at work or in "
    "education.",
    "44 Italian adults, filmed from the front in one laboratory. Genuine means: while a film meant "
    "to move them ran; posed means: when asked. Other cameras, cultures, ages and tasks were not "
    "tried.",
    "In PEDFE where somebody looks and holds the head differs between watching a film and acting "
    "for a camera; head pose alone tells the types apart with an AUC of 0.69 (0.65 to 0.74), gaze "
    "alone 0.64 (0.59 to 0.68; benchmarks/setting.py). Part of what it knows may be this setting "
    "and not the face.",
    "Where a clip begins and ends speaks too: without the first and last values, their difference "
    "and the places of the extremes the AUC falls from 0.83 to 0.79 (0.75 to 0.83; "
    "benchmarks/setting.py). On expressions that our own finder cuts out of a clip it is far "
    "weaker: see that column.",
    "The kernel, the normal scores and the choice of statistics come from looks at the same 44 "
    "people, which flatters the figures a little; C, the kernel's width, calibration, band and "
    "familiarity are chosen inside the training people of each fold.",
    "The probabilities hold where genuine and posed displays are equally common.",
)


def export_shipped(
    rows: GenuinenessRows, name: str, tried: Sequence[Tried], folder: Path
) -> ModelCard:
    """Fit a model of ``SHIPPED`` on all clips and write it with its card.

    Args:
        rows: PEDFE.
        name: of the model.
        tried: its figures on people not seen, that of its own view first.
        folder: for ``<name>.onnx``, the card and the plot; with ``genuineness`` also for the
            quantiles that reasons are read from.

    Raises:
        ModelError: a file cannot be written, or says something else than the model.
    """
    fitted = fit_shipped(rows, name)
    target = folder / f"{name}.onnx"
    write_weights(kernel_onnx(fitted.machine), target)
    card = _card(rows, name, fitted, target)
    if name == MODEL:
        path = reference_of(rows).save(folder)
        card = replace(card, settings={**card.settings, "reference_sha256": sha256_of(path)})
    _compare(rows, name, fitted, KernelModel(card))
    for one in tried:
        card = card.with_result(result_of(one))
    own = tried[0].evaluation
    card = _with_groups(card, own)
    figure = plot_verdicts(
        own.judged.genuine,
        own.judged.p,
        float(card.settings["band"]),
        f"{name} on people that it had not seen (PEDFE, 11 folds)",
        own.raters.crowd.value,
    )
    save_figure(figure, card.reliability_plot)
    card.save()
    return card


def reference_of(rows: GenuinenessRows) -> Reference:
    """How every input is spread over posed and genuine clips, of each emotion and of all."""
    emotions = (EVERY, *PEDFE_EMOTIONS.values())
    shown = rows.clips["emotion"].map(PEDFE_EMOTIONS).to_numpy()
    quantiles = np.empty((len(emotions), len(KINDS), len(INPUTS), len(SHARES)), np.float32)
    for place, emotion in enumerate(emotions):
        among = np.full(len(rows), True) if emotion == EVERY else shown == emotion
        for kind, flag in enumerate((~rows.genuine, rows.genuine)):
            quantiles[place, kind] = np.nanquantile(rows.whole[among & flag], SHARES, axis=0).T
    return Reference(INPUTS, emotions, quantiles)


def result_of(tried: Tried) -> Result:
    """Figures as they stand in a card."""
    evaluation = tried.evaluation
    scores = evaluation.scores
    figures = [
        _figure("accuracy", scores.accuracy),
        _figure("auc", scores.auc),
        _figure("calibration_error", scores.ece),
        _figure("brier", scores.brier),
        _figure("right_about_genuine", scores.genuine),
        _figure("right_about_posed", scores.posed),
        Figure("share_with_a_verdict", round(tried.coverage, 6)),
        Figure("accuracy_of_verdicts", round(tried.decided_accuracy, 6)),
        _figure("auc_of_equally_strong_pairs", evaluation.matched),
        _figure("intensity_alone_auc", evaluation.intensity.auc),
        _figure("one_rater_accuracy", evaluation.raters.single),
        _figure("crowd_accuracy", evaluation.raters.crowd),
        _figure("crowd_auc", evaluation.raters.crowd_auc),
    ]
    name = evaluation.model.split(", ", 1)[1]
    return Result(f"PEDFE, people not seen, {name}", scores.rows, EVALUATE, tuple(figures))


def _with_groups(card: ModelCard, evaluation: GenuinenessEvaluation) -> ModelCard:
    """Results by emotion and by gender."""
    groups = dict(evaluation.by_emotion)
    clips = evaluation.clips
    for gender in sorted(set(clips["gender"])):
        chosen = (clips["gender"] == gender).to_numpy()
        if chosen.sum() >= _LEAST_GROUP:
            judged = Judged.from_clips(clips[chosen], clips.loc[chosen, "p_genuine"])
            groups[f"gender {gender}"] = GenuinenessScores.from_judged(judged)
    for group, scores in groups.items():
        figures = (_figure("accuracy", scores.accuracy), _figure("auc", scores.auc))
        card = card.with_result(Result(f"PEDFE, {group}", scores.rows, EVALUATE, figures))
    return card.with_result(people_result(clips))


def people_result(clips: pd.DataFrame) -> Result:
    """How much it differs from person to person: accuracies of single people not seen.

    Args:
        clips: PEDFE's table with a column ``p_genuine``.
    """
    right = (clips["p_genuine"] >= 0.5) == (clips["type"] == "genuine")
    people = right.groupby(clips["subject"].to_numpy()).mean()
    figures = (
        Figure("lowest_accuracy_of_a_person", round(float(people.min()), 6)),
        Figure("lower_quartile_of_people", round(float(people.quantile(0.25)), 6)),
        Figure("upper_quartile_of_people", round(float(people.quantile(0.75)), 6)),
        Figure("highest_accuracy_of_a_person", round(float(people.max()), 6)),
    )
    return Result("PEDFE, person by person", len(clips), EVALUATE, figures)


def _card(rows: GenuinenessRows, name: str, fitted: Fitted, target: Path) -> ModelCard:
    shipped = SHIPPED[name]
    band, familiar = thresholds(fitted, rows.genuine)
    copies = [IN_WORDS[view] for view in shipped.copies]
    names = _INPUTS[shipped.view]
    return ModelCard(
        name=name,
        task="genuineness",
        summary="How far a displayed expression resembles spontaneous recordings rather than posed "
        f"ones: {shipped.title}.",
        file=target.name,
        sha256=sha256_of(target),
        folder=target.parent,
        licence="MIT (the weights; the recordings are for research use, and so is this model)",
        data="Padova Emotional Dataset of Facial Expressions (Miolla, Cardaioli and Scarpazza, "
        "Behavior Research Methods 55, 2023; doi 10.3758/s13428-022-01914-4): "
        f"{len(rows)} clips of {len(np.unique(rows.people))} people",
        split="figures: 11 folds by person (evaluation/statistics/folds/pedfe11.json), each "
        "person judged by a model of the others; the shipped weights: everybody",
        input=ModelInput(shipped.title, (len(names),)),
        training={
            "method": "support vector machine, Gaussian kernel on normal scores",
            "c": fitted.cost,
            "width": fitted.width,
            "tried": f"C of {list(COSTS)}, width of {list(WIDTHS)}, by people kept apart",
            "directions": DIRECTIONS,
            "support_vectors": len(fitted.machine.weights),
            "also_learned_from": copies or "nothing",
            "calibration": "Platt (1999) on people kept apart",
        },
        retrain=COMMAND,
        limits=_LIMITS,
        numbers=(),
        classes=CLASSES,
        settings={
            "inputs": list(names),
            "by_person": shipped.by_person,
            "slope": fitted.curve.slope / fitted.curve.spread,
            "intercept": fitted.curve.offset
            - fitted.curve.slope * fitted.curve.centre / fitted.curve.spread,
            "band": band,
            "least_familiarity": familiar,
            "people": sorted(int(person) for person in np.unique(rows.people)),
        },
    )


def _compare(rows: GenuinenessRows, name: str, fitted: Fitted, written: KernelModel) -> None:
    inputs = rows.view(SHIPPED[name].view)
    for person in np.unique(rows.people)[:3]:
        own = rows.people == person
        baseline = None
        if written.by_person:
            baseline = Baseline.from_scores(written.scores(inputs[own]))
        wanted = fitted(inputs[own], rows.people[own])
        _same(wanted, written.judge(inputs[own], baseline).p_genuine)


def _same(wanted: NDArray[np.float64], found: NDArray[np.float64]) -> None:
    gap = float(np.abs(wanted - found).max())
    # Written so that NaN fails it too.
    if not gap <= TOLERANCE:
        raise ModelError(
            f"The written genuineness model differs from the fitted one by {gap:.2g}, more than "
            "rounding explains: do not use it."
        )


def _figure(name: str, estimate: Estimate) -> Figure:
    return Figure(name, *(_number(end) for end in (estimate.value, estimate.low, estimate.high)))


def _number(value: Any) -> Any:
    return None if value is None else round(float(value), 6)
