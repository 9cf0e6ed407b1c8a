"""Measures an emotion classifier on FER-2013, whole and without the copies of Training rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from duchenne.emotion.classifier import softmax
from duchenne.errors import DataError
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.evaluation.emotion.targets import EmotionTarget, target_of
from duchenne.evaluation.plots import plot_confusion, plot_reliability, save_figure
from duchenne.evaluation.statistics.calibration import Calibration
from duchenne.evaluation.statistics.intervals import Estimate, finite_or_none
from duchenne.evaluation.statistics.metrics import ClassificationReport
from duchenne.notebook import tables
from duchenne.weights.card import ModelCard
from duchenne.weights.facts import Figure, Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

_BATCH = 64


class Classifier(Protocol):
    """Whatever gives (n, K) logits for (n, 48, 48) uint8 crops and has a card."""

    @property
    def card(self) -> ModelCard:
        """Where it comes from."""

    def logits(self, crops: NDArray[np.uint8], /) -> NDArray[np.float32]:
        """(n, K) logits in the order of ``card.classes``, before the card's temperature."""


@dataclass(frozen=True, eq=False)
class EmotionEvaluation:
    """An emotion classifier measured on one split.

    Attributes:
        model: name of the model.
        sha256: of its weight file.
        split: Training, PublicTest or PrivateTest.
        target: classes and labels that the network answers with.
        left_out: rows of the split that the target has no label for.
        whole: on every other row, comparable with the literature.
        copies: rows that stand, pixel for pixel, in Training too; None where that cannot be
            known because the data set came without its Training rows.
        without_copies: on the other rows; None where there are none or it cannot be known.
        calibration: on the rows of ``whole``, at temperature 1 and at the card's.
        warning: what the data set's reader warned of; empty for the original.
    """

    model: str
    sha256: str
    split: str
    target: EmotionTarget
    left_out: int
    whole: ClassificationReport
    copies: int | None
    without_copies: ClassificationReport | None
    calibration: Calibration
    warning: str = ""

    @property
    def data(self) -> str:
        """The rows in words, as cards name them."""
        name = f"FER-2013 {self.split}"
        return name if self.target.name == "fer7" else f"{name} ({self.target.name})"

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "model": self.model,
            "sha256": self.sha256,
            "data": self.data,
            "target": {"name": self.target.name, "rule": self.target.rule},
            "left_out": self.left_out,
            **self.whole.to_dict(),
            "calibration": self.calibration.to_dict(),
            "copies_of_training": self.copies,
            "without_copies": self.without_copies.to_dict() if self.without_copies else None,
            "warning": self.warning or None,
        }

    def to_text(self) -> str:
        """For the terminal."""
        lines = [f"{self.model} on {self.data}, {self.whole.rows:,} rows"]
        if self.left_out:
            lines.append(f"{self.target.rule} Left out: {self.left_out:,}.")
        if self.warning:
            lines.append(f"Warning: {self.warning}.")
        lines += ["", self.whole.to_text(), "", self.calibration.to_text(), ""]
        if self.copies is None:
            return "\n".join([*lines, "Copies of Training rows: unknown, no Training rows here."])
        lines.append(f"Copies of Training rows: {self.copies:,}")
        if self.without_copies is not None and self.copies:
            rest = self.without_copies.to_text().splitlines()[:3]
            lines += [f"Without them, {self.without_copies.rows:,} rows", *rest]
        return "\n".join(lines)

    def results(self) -> list[Result]:
        """What goes into the model's card."""
        command = f"duchenne evaluate emotion --data PATH --split {self.split}"
        command += f" --model {self.model} --update-card"
        results = [_result(self.data, command, self.whole, self.calibration)]
        if self.without_copies is not None and self.copies:
            label = f"{self.data} without copies of Training"
            results.append(_result(label, command, self.without_copies))
        return results

    def save(self, folder: str | Path) -> Path:
        """Write metrics.json, classes.csv, confusion.csv, confusion.png and reliability.png.

        Raises:
            DataError: the folder cannot be written.
        """
        target = Path(folder)
        try:
            target.mkdir(parents=True, exist_ok=True)
            text = json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n"
            (target / "metrics.json").write_text(text, encoding="utf-8")
            self.whole.to_frame().to_csv(target / "classes.csv")
            self.whole.confusion_frame().to_csv(target / "confusion.csv")
            title = f"{self.model} on {self.data}"
            save_figure(plot_confusion(self.whole, title), target / "confusion.png")
            save_figure(plot_reliability(self.calibration, title), target / "reliability.png")
        except OSError as error:
            raise DataError(f"{target} cannot be written ({error.strerror}).") from error
        return target

    def plot(self) -> Picture:
        """The confusion matrix; ``calibration.plot()`` shows how true the probabilities are."""
        return self.whole.plot(f"{tables.shorten(self.model, 40)} on {self.data}")

    def _repr_html_(self) -> str:
        from duchenne.evaluation.emotion.showing import evaluation_html

        return evaluation_html(self)


def evaluate_emotion(
    classifier: Classifier,
    data: Fer2013,
    split: str,
    on_progress: Callable[[int], object] | None = None,
) -> EmotionEvaluation:
    """Measure a classifier on one split, without test-time augmentation.

    Args:
        classifier: for example ``EmotionClassifier()``; its card's classes say which labels it
            is held against (``targets.TARGETS``).
        data: FER-2013; with its Training rows, copies of them are counted.
        split: Training, PublicTest or PrivateTest.
        on_progress: told how many more rows are done.

    Raises:
        DataError: the data set holds no such rows, or no labels for the classifier's classes.
    """
    target = target_of(classifier.card.classes)
    rows = data.split(split)
    chosen, labels = target.select(rows)
    if not chosen.any():
        raise DataError(f"No row of {split} has one of the classes {', '.join(target.classes)}.")
    logits = logits_of(classifier, rows.images[chosen], on_progress)
    probabilities = softmax(logits / np.float32(classifier.card.temperature))
    copies = copies_of_training(data, split)
    copied = None if copies is None else copies[chosen]
    rest = None
    if copied is not None and not copied.all():
        rest = _report(labels[~copied], probabilities[~copied], target)
    return EmotionEvaluation(
        model=classifier.card.name,
        sha256=classifier.card.sha256,
        split=split,
        target=target,
        left_out=int((~chosen).sum()),
        whole=_report(labels, probabilities, target),
        copies=None if copied is None else int(copied.sum()),
        without_copies=rest,
        calibration=Calibration.from_logits(logits, labels, classifier.card.temperature),
        warning=data.warning,
    )


def logits_of(
    classifier: Classifier,
    images: NDArray[np.uint8],
    on_progress: Callable[[int], object] | None = None,
) -> NDArray[np.float32]:
    """(n, K) logits of (n, 48, 48) crops, a few crops at a time, so that memory stays flat."""
    parts = []
    for start in range(0, len(images), _BATCH):
        parts.append(classifier.logits(images[start : start + _BATCH]))
        if on_progress is not None:
            on_progress(len(parts[-1]))
    return np.concatenate(parts)


def copies_of_training(data: Fer2013, split: str) -> NDArray[np.bool_] | None:
    """Which rows of ``split`` stand, pixel for pixel, in Training too; None if it is not here."""
    if not (data.usage == "Training").any():
        return None
    return np.asarray(data.copies_of("Training")[data.usage == split], np.bool_)


def card_with(card: ModelCard, evaluation: EmotionEvaluation) -> ModelCard:
    """The card with the evaluation's numbers in it.

    Raises:
        DataError: they were measured on an edition that mixes the splits.
    """
    if evaluation.warning:
        raise DataError(f"No card takes these numbers: {evaluation.warning}.")
    for result in evaluation.results():
        card = card.with_result(result)
    return card


def _report(
    labels: NDArray[np.int64], scores: NDArray[np.float32], target: EmotionTarget
) -> ClassificationReport:
    return ClassificationReport.from_predictions(labels, scores, target.classes)


def _result(
    data: str, command: str, report: ClassificationReport, calibration: Calibration | None = None
) -> Result:
    figures = [as_figure("accuracy", report.accuracy), as_figure("macro_F1", report.macro_f1)]
    if report.calibration_error is not None:
        figures.append(Figure("expected_calibration_error", round(report.calibration_error, 6)))
    if calibration is not None and calibration.temperature != 1.0:
        before = round(calibration.before.ece, 6)
        figures.append(Figure("expected_calibration_error_at_temperature_1", before))
    f1 = {n: finite_or_none(x) for n, x in zip(report.names, report.f1.tolist(), strict=True)}
    figures += [Figure(f"F1_{name}", value) for name, value in f1.items() if value is not None]
    return Result(data, report.rows, command, tuple(figures))


def as_figure(name: str, estimate: Estimate) -> Figure:
    """An estimate as cards hold it, to six places."""
    return Figure(name, *(round(x, 6) for x in (estimate.value, estimate.low, estimate.high)))
