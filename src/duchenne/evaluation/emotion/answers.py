"""What one emotion network says about the rows of a split that have one of its classes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duchenne.emotion.classifier import softmax
from duchenne.errors import DataError
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.evaluation.emotion.scores import Classifier, logits_of
from duchenne.evaluation.emotion.targets import EmotionTarget, target_of
from duchenne.evaluation.statistics.metrics import ClassificationReport


@dataclass(frozen=True, eq=False)
class Answers:
    """A network's answers beside the labels.

    Attributes:
        classifier: the network.
        target: the K classes and labels that it is held against.
        chosen: (N,) bool, which of the split's N rows have one of these classes.
        labels: (M,) int64 labels of the M rows chosen, 0 to K - 1.
        logits: (M, K) float32 of these rows, before the card's temperature.
    """

    classifier: Classifier
    target: EmotionTarget
    chosen: NDArray[np.bool_]
    labels: NDArray[np.int64]
    logits: NDArray[np.float32]

    @property
    def name(self) -> str:
        """The network's."""
        return self.classifier.card.name

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """(M, K) at the card's temperature, each row summing to 1."""
        return softmax(self.logits / np.float32(self.classifier.card.temperature))

    @property
    def right(self) -> NDArray[np.bool_]:
        """(M,) where the label has the highest logit."""
        return np.asarray(self.logits.argmax(axis=1) == self.labels)

    def report(self, among: NDArray[np.bool_] | None = None) -> ClassificationReport:
        """Scores on the rows chosen, or on those of them that ``among``, (M,) bool, marks."""
        rows = np.ones(len(self.labels), bool) if among is None else among
        return ClassificationReport.from_predictions(
            self.labels[rows], self.probabilities[rows], self.target.classes
        )


def ask(
    classifier: Classifier, rows: Fer2013, on_progress: Callable[[int], object] | None = None
) -> Answers:
    """Run a network on the rows that have one of its classes.

    Args:
        classifier: the network.
        rows: of one split.
        on_progress: told how many more rows are done.

    Raises:
        DataError: no row has one of the classes, or there are no labels for them.
    """
    target = target_of(classifier.card.classes)
    chosen, labels = target.select(rows)
    if not chosen.any():
        raise DataError(f"No row has one of the classes of {classifier.card.name}.")
    logits = logits_of(classifier, rows.images[chosen], on_progress)
    return Answers(classifier, target, chosen, labels, logits)
