"""How often a classifier is right, class by class and as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from duchenne.errors import DataError
from duchenne.evaluation.statistics.intervals import (
    REPLICATES,
    Estimate,
    finite_or_none,
    group_members,
    percentile_interval,
    wilson_interval,
)
from duchenne.notebook import tables

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class ClassificationReport:
    """How a classifier did on labelled rows.

    Attributes:
        names: the K classes, in the order of their labels.
        confusion: (K, K) int64 counts; rows are the labels, columns the predictions.
        accuracy: share of right rows, 0 to 1.
        macro_f1: mean F1 of the classes that occur, 0 to 1, each class counting the same.
        calibration_error: see ``expected_calibration_error``; None without probabilities.
        f1_intervals: ``f1`` of each class with its interval, from the same draws as that of
            ``macro_f1``.
    """

    names: tuple[str, ...]
    confusion: NDArray[np.int64]
    accuracy: Estimate
    macro_f1: Estimate
    calibration_error: float | None = None
    f1_intervals: tuple[Estimate, ...] = ()

    @classmethod
    def from_predictions(
        cls,
        labels: ArrayLike,
        predicted: ArrayLike,
        names: Sequence[str],
        groups: ArrayLike | None = None,
        seed: int = 0,
    ) -> ClassificationReport:
        """Compare labels with predictions.

        Args:
            labels: (N,) class indices, 0 to K - 1.
            predicted: (N,) class indices, or (N, K) probabilities of each class.
            names: the K class names.
            groups: (N,) who or what each row belongs to; the intervals then come from drawing
                whole groups. None: rows are independent.
            seed: of the bootstrap.

        Raises:
            DataError: no rows, lengths that differ, or values that are no classes or
                probabilities.
        """
        truth = _class_indices(labels, len(names), "labels")
        probabilities, choice = _predictions(predicted, len(names))
        if len(truth) != len(choice):
            raise DataError(f"There are {len(truth)} labels for {len(choice)} predictions.")
        if len(truth) == 0:
            raise DataError("There are no rows to evaluate.")
        confusion = _confusion(truth, choice, len(names))
        draws = _draw_confusions(truth, choice, len(names), groups, seed)
        right = int(np.trace(confusion))
        accuracy = wilson_interval(right, len(truth))
        if groups is not None:
            accuracy = percentile_interval(right / len(truth), _accuracies(draws))
        error = None
        if probabilities is not None:
            error = expected_calibration_error(truth, probabilities)
        macro = percentile_interval(float(_macro_f1(confusion)), _macro_f1(draws))
        pairs = zip(_f1(confusion).tolist(), _f1(draws).T, strict=True)
        each = tuple(percentile_interval(value, values) for value, values in pairs)
        return cls(tuple(names), confusion, accuracy, macro, error, each)

    @property
    def rows(self) -> int:
        """How many rows were compared."""
        return int(self.confusion.sum())

    @property
    def support(self) -> NDArray[np.int64]:
        """(K,) rows of each class."""
        return np.asarray(self.confusion.sum(axis=1), np.int64)

    @property
    def precision(self) -> NDArray[np.float64]:
        """(K,) share of right rows among those called so; NaN where nothing was called so."""
        return _ratio(np.diagonal(self.confusion), self.confusion.sum(axis=0))

    @property
    def recall(self) -> NDArray[np.float64]:
        """(K,) share of each class that was found; NaN where the class does not occur."""
        return _ratio(np.diagonal(self.confusion), self.confusion.sum(axis=1))

    @property
    def f1(self) -> NDArray[np.float64]:
        """(K,) harmonic mean of precision and recall; NaN for a class nobody named."""
        return _f1(self.confusion)

    def to_frame(self) -> pd.DataFrame:
        """A row a class: precision, recall, f1, support."""
        columns = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        frame = pd.DataFrame(columns | {"support": self.support}, index=list(self.names))
        return frame.rename_axis("class")

    def confusion_frame(self) -> pd.DataFrame:
        """The confusion matrix; a row a label, a column a prediction."""
        names = list(self.names)
        frame = pd.DataFrame(self.confusion, index=names, columns=names)
        return frame.rename_axis("label")

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; undefined values are None."""
        columns = (self.names, self.precision, self.recall, self.f1, self.support)
        return {
            "rows": self.rows,
            "accuracy": self.accuracy.to_dict(),
            "macro_f1": self.macro_f1.to_dict(),
            "calibration_error": finite_or_none(self.calibration_error),
            "classes": {
                name: {
                    "precision": finite_or_none(precision),
                    "recall": finite_or_none(recall),
                    "f1": finite_or_none(f1),
                    "support": int(support),
                }
                for name, precision, recall, f1, support in zip(*columns, strict=True)
            },
            "confusion": self.confusion.tolist(),
        }

    def to_text(self) -> str:
        """A table for the terminal."""
        lines = [f"accuracy  {_percent(self.accuracy)}", f"macro F1  {_decimal(self.macro_f1)}"]
        if self.calibration_error is not None:
            lines.append(f"ECE       {self.calibration_error:.4f}")
        width = max(len(name) for name in self.names)
        lines += ["", f"{'':{width}}  precision  recall      F1  support"]
        for name, row in zip(self.names, self.to_frame().itertuples(index=False), strict=True):
            values = f"{row.precision:9.4f}  {row.recall:6.4f}  {row.f1:6.4f}  {row.support:7d}"
            lines.append(f"{name:{width}}  {values.replace('nan', '  -')}")
        return "\n".join(lines)

    def plot(self, title: str = "Confusion matrix") -> Figure:
        """The confusion matrix: share of each label's rows in percent, counts below it."""
        from duchenne.evaluation.plots import plot_confusion

        return plot_confusion(self, title)

    def _repr_html_(self) -> str:
        facts = {
            "rows": self.rows,
            "accuracy (95 %)": self.accuracy,
            "macro F1 (95 %)": self.macro_f1,
            "calibration error": self.calibration_error,
        }
        lines = list(self.to_frame().itertuples())
        table = tables.rows(["class", "precision", "recall", "F1", "rows"], lines, most=len(lines))
        return tables.noun("Classification", facts, table)


def expected_calibration_error(
    labels: ArrayLike, probabilities: ArrayLike, bins: int = 15
) -> float:
    """Mean gap between confidence and accuracy, 0 to 1 (Guo et al., ICML 2017, eq. 3).

    Args:
        labels: (N,) class indices.
        probabilities: (N, K), each row summing to 1.
        bins: equally wide bins of the top probability.
    """
    scores = np.asarray(probabilities, np.float64)
    right = scores.argmax(axis=1) == np.asarray(labels)
    top = scores.max(axis=1)
    place = np.clip(np.ceil(top * bins).astype(np.intp) - 1, 0, bins - 1)
    gaps = np.bincount(place, weights=top - right, minlength=bins)
    return float(np.abs(gaps).sum() / len(top))


def _class_indices(values: ArrayLike, classes: int, what: str) -> NDArray[np.intp]:
    array = np.asarray(values)
    if array.ndim != 1:
        raise DataError(f"The {what} should be a row of class indices, got shape {array.shape}.")
    if array.size == 0:
        return np.zeros(0, np.intp)
    if array.dtype.kind not in "iu" or array.min() < 0 or array.max() >= classes:
        raise DataError(f"The {what} should be whole numbers from 0 to {classes - 1}.")
    return array.astype(np.intp)


def _predictions(
    values: ArrayLike, classes: int
) -> tuple[NDArray[np.float64] | None, NDArray[np.intp]]:
    array = np.asarray(values)
    if array.ndim != 2:
        return None, _class_indices(array, classes, "predictions")
    if array.shape[1] != classes:
        raise DataError(f"There are {array.shape[1]} probabilities a row for {classes} classes.")
    scores = array.astype(np.float64)
    # Written so that NaN fails it too.
    if not ((scores >= 0).all() and (np.abs(scores.sum(axis=1) - 1) < 1e-3).all()):
        raise DataError("The probabilities of each row should be from 0 to 1 and sum to 1.")
    return scores, scores.argmax(axis=1)


def _confusion(
    truth: NDArray[np.intp], choice: NDArray[np.intp], classes: int
) -> NDArray[np.int64]:
    cells = np.bincount(truth * classes + choice, minlength=classes * classes)
    return cells.reshape(classes, classes).astype(np.int64)


def _draw_confusions(
    truth: NDArray[np.intp],
    choice: NDArray[np.intp],
    classes: int,
    groups: ArrayLike | None,
    seed: int,
) -> NDArray[np.int64]:
    generator = np.random.default_rng(seed)
    if groups is None:
        # Drawing rows is drawing cells of the matrix: the same bootstrap, all replicates at once.
        cells = _confusion(truth, choice, classes).reshape(-1)
        drawn = generator.multinomial(len(truth), cells / len(truth), size=REPLICATES)
        return drawn.reshape(REPLICATES, classes, classes)
    members = group_members(len(truth), groups)
    each = np.stack([_confusion(truth[m], choice[m], classes).reshape(-1) for m in members])
    times = generator.multinomial(len(each), np.full(len(each), 1 / len(each)), size=REPLICATES)
    return np.asarray(times @ each, np.int64).reshape(REPLICATES, classes, classes)


def _accuracies(confusions: NDArray[np.int64]) -> NDArray[np.float64]:
    right = np.trace(confusions, axis1=-2, axis2=-1)
    return _ratio(right, confusions.sum(axis=(-2, -1)))


def _f1(confusion: NDArray[np.int64]) -> NDArray[np.float64]:
    right = np.diagonal(confusion, axis1=-2, axis2=-1)
    return _ratio(2 * right, confusion.sum(axis=-1) + confusion.sum(axis=-2))


def _macro_f1(confusion: NDArray[np.int64]) -> NDArray[np.float64]:
    each = _f1(confusion)
    named = np.isfinite(each)
    return _ratio(np.where(named, each, 0.0).sum(axis=-1), named.sum(axis=-1))


def _ratio(above: NDArray[Any], below: NDArray[Any]) -> NDArray[np.float64]:
    blank = np.full(np.broadcast(above, below).shape, np.nan)
    quotient: NDArray[np.float64] = np.divide(above, below, out=blank, where=np.greater(below, 0))
    return quotient


def _percent(estimate: Estimate) -> str:
    value, low, high = (100 * x for x in (estimate.value, estimate.low, estimate.high))
    return f"{value:.2f} % (95 % interval {low:.2f} to {high:.2f})"


def _decimal(estimate: Estimate) -> str:
    return f"{estimate.value:.4f} (95 % interval {estimate.low:.4f} to {estimate.high:.4f})"
