"""Whether a classifier's probabilities mean what they say, and the one number that mends them.

Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", ICML 2017. The
temperature is fitted on rows that neither trained the network nor are reported: FER-2013's
PublicTest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duchenne.errors import DataError
from duchenne.evaluation.statistics.intervals import finite_or_none
from duchenne.evaluation.statistics.metrics import expected_calibration_error
from duchenne.notebook import tables

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BINS: Final = 15
COLDEST: Final = 0.05
HOTTEST: Final = 20.0

# Below this a probability counts as this; float32 can round a rare class to nothing.
_LEAST: Final = 1e-12
_HALVINGS: Final = 60


@dataclass(frozen=True)
class CalibrationScores:
    """How far probabilities are from what happened; lower is better in all three.

    Attributes:
        nll: mean negative logarithm of the labelled class's probability, in nats, 0 upwards.
        brier: mean squared distance to the label as a vector of 0 and 1, 0 to 2 (Brier 1950).
        ece: see ``metrics.expected_calibration_error``, 0 to 1.
    """

    nll: float
    brier: float
    ece: float

    @classmethod
    def from_predictions(cls, labels: ArrayLike, probabilities: ArrayLike) -> CalibrationScores:
        """Scores of (N, K) probabilities against (N,) class indices.

        Raises:
            DataError: no rows, other shapes, or values that are no labels or probabilities.
        """
        scores, truth = _checked(probabilities, labels, "probabilities")
        if not ((scores >= 0).all() and (np.abs(scores.sum(axis=1) - 1) < 1e-3).all()):
            raise DataError("The probabilities of each row should be from 0 to 1 and sum to 1.")
        told = scores[np.arange(len(truth)), truth]
        wanted = np.eye(scores.shape[1])[truth]
        return cls(
            float(-np.log(np.maximum(told, _LEAST)).mean()),
            float(((scores - wanted) ** 2).sum(axis=1).mean()),
            expected_calibration_error(truth, scores, BINS),
        )

    def to_dict(self) -> dict[str, float | None]:
        """JSON-ready."""
        return {
            "nll": finite_or_none(self.nll),
            "brier": finite_or_none(self.brier),
            "ece": finite_or_none(self.ece),
        }


@dataclass(frozen=True, eq=False)
class Reliability:
    """Confidence beside accuracy in equally wide bins of the top probability.

    Attributes:
        edges: (B + 1,) from 0 to 1.
        confidence: (B,) mean top probability of the bin's rows, NaN where it has none.
        accuracy: (B,) share of right rows, NaN where it has none.
        rows: (B,) how many rows.
    """

    edges: NDArray[np.float64]
    confidence: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    rows: NDArray[np.int64]

    @classmethod
    def from_predictions(
        cls, labels: ArrayLike, probabilities: ArrayLike, bins: int = BINS
    ) -> Reliability:
        """The bins of (N, K) probabilities against (N,) class indices.

        Raises:
            DataError: no rows, or other shapes or values.
        """
        scores, truth = _checked(probabilities, labels, "probabilities")
        top, right = scores.max(axis=1), scores.argmax(axis=1) == truth
        # The bins of ``expected_calibration_error``: open below, closed above.
        place = np.clip(np.ceil(top * bins).astype(np.intp) - 1, 0, bins - 1)
        rows = np.bincount(place, minlength=bins)
        known = np.where(rows > 0, rows, np.nan)
        confidence = np.bincount(place, weights=top, minlength=bins) / known
        accuracy = np.bincount(place, weights=right.astype(np.float64), minlength=bins) / known
        return cls(np.linspace(0, 1, bins + 1), confidence, accuracy, rows.astype(np.int64))


@dataclass(frozen=True, eq=False)
class Calibration:
    """A network's probabilities with its card's temperature, beside those without.

    Attributes:
        temperature: of the card.
        before: scores at temperature 1.
        after: scores at the card's temperature; equal to ``before`` where that is 1.
        reliability_before: bins at temperature 1.
        reliability_after: bins at the card's temperature.
    """

    temperature: float
    before: CalibrationScores
    after: CalibrationScores
    reliability_before: Reliability
    reliability_after: Reliability

    @classmethod
    def from_logits(cls, logits: ArrayLike, labels: ArrayLike, temperature: float) -> Calibration:
        """Compare (N, K) logits at temperature 1 with the same at ``temperature``.

        Raises:
            DataError: no rows, or other shapes or values.
        """
        values, truth = _checked(logits, labels, "logits")
        plain, soft = (_probabilities(values, t) for t in (1.0, temperature))
        return cls(
            temperature,
            CalibrationScores.from_predictions(truth, plain),
            CalibrationScores.from_predictions(truth, soft),
            Reliability.from_predictions(truth, plain),
            Reliability.from_predictions(truth, soft),
        )

    def to_dict(self) -> dict[str, object]:
        """JSON-ready."""
        return {
            "temperature": self.temperature,
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
        }

    def to_text(self) -> str:
        """A small table for the terminal."""
        lines = [f"{'':19}     NLL   Brier     ECE"]
        named = (("at temperature 1", self.before), (f"at {self.temperature:.3f}", self.after))
        for name, scores in named if self.temperature != 1.0 else named[:1]:
            lines.append(f"{name:19}{scores.nll:8.4f}{scores.brier:8.4f}{scores.ece:8.4f}")
        return "\n".join(lines)

    def plot(self, title: str = "Reliability") -> Figure:
        """Confidence beside accuracy, before and after the temperature."""
        from duchenne.evaluation.plots import plot_reliability

        return plot_reliability(self, title)

    def _repr_html_(self) -> str:
        facts = {
            "temperature": self.temperature,
            "calibration error at temperature 1": self.before.ece,
            "calibration error at the card's": self.after.ece,
        }
        return tables.noun("Calibration", facts)


def fit_temperature(logits: ArrayLike, labels: ArrayLike) -> float:
    """The temperature at which probabilities fit the labels best (Guo et al. 2017, section 4.2).

    Minimises the negative log-likelihood of ``softmax(logits / T)``. In 1 / T it is convex, its
    slope the mean of the expected logit less the labelled one; so the slope's only zero is found
    by halving. A set that is all right (or worse than chance) has no finite minimum: the nearest
    of ``COLDEST`` and ``HOTTEST`` is returned.

    Args:
        logits: (N, K) of rows that did not train the network.
        labels: (N,) class indices.

    Returns:
        T, from 0.05 to 20; above 1 where the network is too sure of itself.

    Raises:
        DataError: no rows, other shapes, labels that are no classes, or logits that are not
            finite.
    """
    values, truth = _checked(logits, labels, "logits")
    low, high = np.log(COLDEST), np.log(HOTTEST)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        # Expected logit above the labelled one: too sure, so the temperature must rise.
        if _slope(values, truth, float(np.exp(middle))) > 0:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2))


def _slope(logits: NDArray[np.float64], truth: NDArray[np.intp], temperature: float) -> float:
    expected = (_probabilities(logits, temperature) * logits).sum(axis=1)
    return float((expected - logits[np.arange(len(truth)), truth]).mean())


def _probabilities(logits: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    powers = np.exp((logits - logits.max(axis=1, keepdims=True)) / temperature)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float64)


def _checked(
    values: ArrayLike, labels: ArrayLike, what: str
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    scores, truth = np.asarray(values, np.float64), np.asarray(labels)
    if scores.ndim != 2 or truth.shape != scores.shape[:1]:
        raise DataError(
            f"The {what} should be (N, K) with (N,) labels, got {scores.shape} and {truth.shape}."
        )
    if len(truth) == 0:
        raise DataError("There are no rows to calibrate.")
    if not np.isfinite(scores).all():
        raise DataError(f"The {what} hold values that are not finite.")
    if truth.dtype.kind not in "iu" or truth.min() < 0 or truth.max() >= scores.shape[1]:
        raise DataError(f"The labels should be whole numbers from 0 to {scores.shape[1] - 1}.")
    return scores, truth.astype(np.intp)
