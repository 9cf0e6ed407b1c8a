"""A fitted ``GenuinenessClassifier`` as a weight file with its card, as the shipped models are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import ModelError
from duchenne.evaluation.statistics.intervals import bootstrap_interval, finite_or_none
from duchenne.evaluation.statistics.ranking import area_under_curve
from duchenne.genuineness.clip_model import CLASSES, LEAST_CLIPS, Baseline, KernelModel
from duchenne.learning.estimators_checks import EstimatorError
from duchenne.learning.genuineness_kernel import COSTS, WIDTHS
from duchenne.learning.genuineness_onnx import kernel_onnx
from duchenne.recording.exporting import exported
from duchenne.weights.card import ModelCard, sha256_of
from duchenne.weights.facts import Figure, ModelInput, Result

if TYPE_CHECKING:
    from duchenne.learning.estimators_genuineness import GenuinenessClassifier

TOLERANCE: Final = 0.01
"""Probabilities may differ by so much for the halved precision of the stored vectors."""

FIT: Final = "duchenne.learning.estimators.GenuinenessClassifier.fit"
_LIMITS: Final = (
    "It says how far a display resembles the recordings that were labelled genuine or those that "
    "were labelled posed. It does not tell what anybody feels, and it tells nobody's truth from "
    "lies.",
    "Its figures are those of people kept apart inside the training rows; where nobody said who is "
    "who, people are on both sides and the figures flatter.",
    "The probabilities hold where genuine and posed displays are equally common.",
)


@dataclass(frozen=True)
class About:
    """What only its maker knows of a model.

    Attributes:
        data: what it was fitted on, with its source.
        licence: of the weights.
        names: of the inputs, in order.
    """

    data: str
    licence: str
    names: tuple[str, ...]


def write_model(classifier: GenuinenessClassifier, path: Path, about: About) -> KernelModel:
    """Write weights and card, and compare what they say with the estimator.

    Raises:
        EstimatorError: another number of names than inputs, or no ``.onnx`` file.
        DataError: the file cannot be written.
        ModelError: it says something else, or the card cannot be written.
    """
    if path.suffix != ".onnx":
        raise EstimatorError(f"{path} should end in .onnx, so that its card finds its place.")
    if len(about.names) != classifier.n_features_in_:
        raise EstimatorError(
            f"There are {len(about.names)} names for {classifier.n_features_in_} inputs."
        )
    with exported(path) as fresh:
        fresh.write_bytes(kernel_onnx(classifier.fitted_.machine))
    card = _card(classifier, path, about)
    written = KernelModel(card)
    _compare(classifier, written)
    card.save()
    return written


def _card(classifier: GenuinenessClassifier, path: Path, about: About) -> ModelCard:
    fitted = classifier.fitted_
    curve = fitted.curve
    _, people = classifier.learned_from_
    return ModelCard(
        name=path.stem,
        task="genuineness",
        summary="How far a displayed expression resembles spontaneous recordings.",
        file=path.name,
        sha256=sha256_of(path),
        folder=path.parent,
        licence=about.licence,
        data=f"{about.data}: {len(people)} clips of {len(np.unique(people))} groups",
        split="figures: inner folds by group; the weights: all rows",
        input=ModelInput("a clip's inputs", (classifier.n_features_in_,)),
        training={
            "method": "support vector machine, Gaussian kernel on normal scores",
            "c": fitted.cost,
            "width": fitted.width,
            "tried": f"C of {list(COSTS)}, width of {list(WIDTHS)}, by groups kept apart",
            "support_vectors": len(fitted.machine.weights),
            "calibration": "Platt (1999) on groups kept apart",
        },
        retrain=FIT,
        limits=_LIMITS,
        numbers=(_result(classifier),),
        classes=CLASSES,
        settings={
            "inputs": list(about.names),
            "by_person": classifier.by_person,
            "slope": curve.slope / curve.spread,
            "intercept": curve.offset - curve.slope * curve.centre / curve.spread,
            "band": classifier.band_,
            "least_familiarity": classifier.least_familiarity_,
        },
    )


def _result(classifier: GenuinenessClassifier) -> Result:
    genuine, people = classifier.learned_from_
    p = classifier.fitted_.p

    def accuracy(rows: NDArray[Any]) -> float:
        return float(((p[rows] > 0.5) == genuine[rows]).mean())

    def auc(rows: NDArray[Any]) -> float:
        return area_under_curve(p[rows], genuine[rows])

    figures = []
    for name, measure in (("accuracy", accuracy), ("auc", auc)):
        found = bootstrap_interval(measure, len(p), people)
        ends = (finite_or_none(end) for end in (found.low, found.high))
        figures.append(Figure(name, round(found.value, 6), *ends))
    return Result("training rows, groups kept apart", len(p), FIT, tuple(figures))


def _compare(classifier: GenuinenessClassifier, written: KernelModel) -> None:
    # Inputs all over the range of the training rows: the knots of their normal scores.
    inputs = classifier.fitted_.machine.scorer.lows.T
    assert len(inputs) >= LEAST_CLIPS
    baseline = Baseline.from_inputs(written, inputs) if written.by_person else None
    found = written.judge(inputs, baseline).p_genuine
    wanted = classifier.fitted_(inputs, np.zeros(len(inputs)))
    gap = float(np.abs(found - wanted).max())
    # Written so that NaN fails it too.
    if not gap <= TOLERANCE:
        raise ModelError(
            f"The written model differs from the fitted one by {gap:.2g}, more than rounding "
            "explains: do not use it."
        )
