"""A face network of several heads on ONNX Runtime, and how often each head is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.emotion.classifier import softmax
from duchenne.errors import DataError, ModelError
from duchenne.evaluation.datasets.face_attributes import HEADS, UNKNOWN, FaceAttributes
from duchenne.evaluation.statistics.metrics import ClassificationReport
from duchenne.weights.card import ModelCard, load_card
from duchenne.weights.facts import Figure, Result
from duchenne.weights.session import open_session

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

TASK: Final = "attributes"
_CHUNK: Final = 64


class AttributeNetwork:
    """Gives each face crop a probability for every class of every head.

    Args:
        model: the path of an ``.onnx`` file with its card beside it, or a card.

    Raises:
        ModelError: no such file, no whole card, another task, or a file that cannot run.
    """

    def __init__(self, model: str | Path | ModelCard) -> None:
        self.card = model if isinstance(model, ModelCard) else load_card(model)
        if self.card.task != TASK:
            raise ModelError(f"{self.card.name} answers {self.card.task}, not {TASK}.")
        self.heads = heads_of(self.card)
        self._session = open_session(self.card)
        outputs = {output.name: output.shape[-1] for output in self._session.get_outputs()}
        for head, classes in self.heads.items():
            if outputs.get(head) != len(classes):
                raise ModelError(
                    f"{self.card.path} has no output {head!r} of {len(classes)} classes, which its "
                    "card names: one of the two is from another network."
                )

    def predict(self, crops: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        """Probabilities by head: (n, K) float32, each row summing to 1; see ``logits``."""
        return {head: softmax(values) for head, values in self.logits(crops).items()}

    def logits(self, crops: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        """What ``predict`` turns into probabilities.

        Args:
            crops: (n, 48, 48) uint8 grey crops, n may be 0.

        Raises:
            ValueError: another shape or type.
        """
        size = self.card.input.size
        if crops.ndim != 3 or crops.shape[1:] != size or crops.dtype != np.uint8:
            raise ValueError(f"Face crops are (n, *{size}) uint8, got {crops.shape} {crops.dtype}.")
        parts = [self._run(crops[i : i + _CHUNK]) for i in range(0, len(crops), _CHUNK)]
        empty = [np.zeros((0, len(classes)), np.float32) for classes in self.heads.values()]
        columns = zip(*parts, strict=True) if parts else ([array] for array in empty)
        return {h: np.concatenate(list(c)) for h, c in zip(self.heads, columns, strict=True)}

    def _run(self, pixels: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        scale, offset = self.card.input.scale, self.card.input.offset
        values = pixels[:, None].astype(np.float32) * np.float32(scale) + np.float32(offset)
        named = {self._session.get_inputs()[0].name: values}
        return [np.asarray(x, np.float32) for x in self._session.run(list(self.heads), named)]


@dataclass(frozen=True, eq=False)
class AttributeEvaluation:
    """A network of several heads measured on one split.

    Attributes:
        data: the rows in words.
        rows: how many.
        reports: by head, on the rows whose label is known; heads without any are left out.
    """

    data: str
    rows: int
    reports: Mapping[str, ClassificationReport]

    def result(self, command: str) -> Result:
        """What goes into the card: by head accuracy, macro F1, and the most frequent class's share.

        The last is the accuracy of an answer that never looks at the face.
        """
        figures: list[Figure] = []
        for head, report in self.reports.items():
            for name, estimate in (("accuracy", report.accuracy), ("macro_F1", report.macro_f1)):
                bounds = (estimate.value, estimate.low, estimate.high)
                figures.append(Figure(f"{head}_{name}", *(round(x, 6) for x in bounds)))
            common = float(report.support.max()) / report.rows
            figures.append(Figure(f"{head}_most_frequent_class", round(common, 6)))
        return Result(self.data, self.rows, command, tuple(figures))

    def to_text(self) -> str:
        """One line a head, for the terminal."""
        return "\n".join(
            f"{head}: accuracy {100 * report.accuracy.value:.2f} % of {report.rows:,} rows "
            f"(always answering the most frequent class: "
            f"{100 * float(report.support.max()) / report.rows:.2f} %)"
            for head, report in self.reports.items()
        )

    def plot(self) -> Picture:
        """Accuracy and macro F1 of each head, with intervals."""
        from duchenne.evaluation.emotion.showing import plot_attributes

        return plot_attributes(self)

    def _repr_html_(self) -> str:
        from duchenne.evaluation.emotion.showing import attributes_html

        return attributes_html(self)


def evaluate_attributes(
    network: AttributeNetwork,
    data: FaceAttributes,
    split: str,
    on_progress: Callable[[int], object] | None = None,
) -> AttributeEvaluation:
    """Measure every head on the rows of one split whose label it is.

    Args:
        network: of the heads of ``face_attributes.HEADS``.
        data: crops of the network's size.
        split: Training, Validation or Test.
        on_progress: told how many more rows are done.

    Raises:
        DataError: no such rows, or crops of another size.
    """
    rows = data.split(split)
    if rows.images.shape[1:] != network.card.input.size:
        raise DataError(
            f"{network.card.name} takes crops of {network.card.input.size[0]} pixels, not "
            f"{rows.side}: read the data at that size."
        )
    parts = []
    for start in range(0, len(rows), _CHUNK):
        parts.append(network.predict(rows.images[start : start + _CHUNK]))
        if on_progress is not None:
            on_progress(min(_CHUNK, len(rows) - start))
    reports = {}
    for head, classes in network.heads.items():
        truth = getattr(rows, head)
        known = truth != UNKNOWN
        if known.any():
            scores = np.concatenate([part[head] for part in parts])[known]
            reports[head] = ClassificationReport.from_predictions(truth[known], scores, classes)
    return AttributeEvaluation(f"{' and '.join(data.sources)} {split}", len(rows), reports)


def heads_of(card: ModelCard) -> dict[str, tuple[str, ...]]:
    """The heads that a card names under its settings, each with its classes.

    Raises:
        ModelError: it names none, or not those of ``face_attributes.HEADS``.
    """
    named = card.settings.get("heads")
    heads = {k: tuple(v) for k, v in named.items()} if isinstance(named, Mapping) else {}
    if heads != HEADS:
        raise ModelError(f"The card of {card.name!r} does not name the heads {', '.join(HEADS)}.")
    return heads
