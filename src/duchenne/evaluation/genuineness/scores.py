"""How well a model tells genuine from posed displays, beside the people who judged the same clips.

Rows of one person are not independent, so every interval comes from drawing whole people
(percentile bootstrap, Efron, Ann. Statist. 1979). A draw is a weight for each row, so all scores of
one draw come from the same people, and two models are compared draw by draw.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from duchenne.errors import DataError
from duchenne.evaluation.statistics.intervals import (
    REPLICATES,
    Estimate,
    finite_or_none,
    percentile_interval,
)

MATCHED: Final = 0.25
"""Clips count as equally strong where raters' mean intensities (1.1 to 8.0 in PEDFE) differ by this
at most."""

_BINS: Final = 15

Vector = NDArray[np.float64]
Scorer = Callable[[NDArray[np.float64]], Vector]


@dataclass(frozen=True, eq=False)
class Judged:
    """Clips with what a model says of them.

    Attributes:
        genuine: (n,) bool, what they are.
        p: (n,) float64, the model's probability of genuine, 0 to 1.
        subject: (n,) whose clips they are.
    """

    genuine: NDArray[np.bool_]
    p: Vector
    subject: NDArray[Any]

    def __post_init__(self) -> None:
        if not len(self.p):
            raise DataError("There are no clips to score.")
        if not (self.genuine.shape == self.p.shape == self.subject.shape == (len(self.p),)):
            raise DataError("Scoring needs one probability and one person for each clip.")
        if not ((self.p >= 0) & (self.p <= 1)).all():
            raise DataError("The probabilities of genuine should be numbers from 0 to 1.")

    @classmethod
    def from_clips(cls, clips: pd.DataFrame, p: ArrayLike) -> Judged:
        """From PEDFE's table of clips and (n,) probabilities in its order.

        Raises:
            DataError: lengths that differ, or values that are no probabilities.
        """
        genuine = (clips["type"] == "genuine").to_numpy(bool)
        return cls(genuine, np.asarray(p, np.float64), clips["subject"].to_numpy())

    def weights(self, seed: int = 0) -> Vector:
        """(1 + draws, n): once everybody, then how often each row's person is drawn."""
        people, place = np.unique(self.subject, return_inverse=True)
        shares = np.full(len(people), 1 / len(people))
        drawn = np.random.default_rng(seed).multinomial(len(people), shares, size=REPLICATES)
        return np.concatenate([np.ones((1, len(self.p))), drawn[:, place]])


@dataclass(frozen=True)
class GenuinenessScores:
    """Scores over some clips; a score is NaN where one of the types is missing.

    Attributes:
        rows: how many clips.
        accuracy: share of clips on the right side of 0.5.
        auc: area under the ROC curve, ties half.
        brier: mean squared distance of p to 1 (genuine) or 0 (posed), 0 to 1 (Brier 1950).
        ece: mean gap of confidence and accuracy in 15 bins (Guo et al., ICML 2017, eq. 3).
        genuine: share of the genuine clips called so.
        posed: share of the posed clips called so.
    """

    rows: int
    accuracy: Estimate
    auc: Estimate
    brier: Estimate
    ece: Estimate
    genuine: Estimate
    posed: Estimate

    @classmethod
    def from_judged(cls, judged: Judged, seed: int = 0) -> GenuinenessScores:
        """Scores with their 95 % intervals over people."""
        weights = judged.weights(seed)
        right = _right(judged)
        squared = (judged.p - judged.genuine) ** 2
        draws = (
            _mean(weights, right),
            area(weights, judged.p, judged.genuine),
            _mean(weights, squared),
            _calibration_error(weights, judged.p, right),
            _mean(weights, right, judged.genuine),
            _mean(weights, right, ~judged.genuine),
        )
        return cls(len(judged.p), *(_estimate(values) for values in draws))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        names = ("accuracy", "auc", "brier", "ece", "genuine", "posed")
        return {"rows": self.rows} | {name: getattr(self, name).to_dict() for name in names}


@dataclass(frozen=True)
class ModelDifference:
    """A first model's score less a second's on the same clips, with intervals over people.

    Attributes:
        accuracy: difference of the accuracies, -1 to 1.
        auc: difference of the areas, -1 to 1.
        p_accuracy: two-sided bootstrap p value; how often drawing people turns the sign.
        p_auc: the same for the areas.
    """

    accuracy: Estimate
    auc: Estimate
    p_accuracy: float
    p_auc: float

    @classmethod
    def from_judged(cls, first: Judged, second: Judged, seed: int = 0) -> ModelDifference:
        """Compare two models' verdicts on the same clips, in the same order.

        Raises:
            DataError: the clips are not the same.
        """
        same = np.array_equal(first.genuine, second.genuine)
        if not same or not np.array_equal(first.subject, second.subject):
            raise DataError("Two models are compared on the same clips in the same order.")
        weights = first.weights(seed)
        accuracy = _mean(weights, _right(first)) - _mean(weights, _right(second))
        areas = [area(weights, model.p, model.genuine) for model in (first, second)]
        auc = areas[0] - areas[1]
        return cls(_estimate(accuracy), _estimate(auc), _sign_p(accuracy[1:]), _sign_p(auc[1:]))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "accuracy": self.accuracy.to_dict(),
            "auc": self.auc.to_dict(),
            "p_accuracy": finite_or_none(self.p_accuracy),
            "p_auc": finite_or_none(self.p_auc),
        }


@dataclass(frozen=True)
class Raters:
    """How well people told the same clips apart.

    Attributes:
        single: share of raters who were right, mean over clips (``hit_rate_type``).
        crowd: share of clips on which the sign of ``mean_genuineness`` is right; 0 is wrong.
        crowd_auc: area under the ROC curve of ``mean_genuineness``.
    """

    single: Estimate
    crowd: Estimate
    crowd_auc: Estimate

    @classmethod
    def from_clips(cls, clips: pd.DataFrame, seed: int = 0) -> Raters:
        """From the table that ``read_judged_clips`` gives."""
        judged = Judged.from_clips(clips, np.full(len(clips), 0.5))
        weights = judged.weights(seed)
        mean = clips["mean_genuineness"].to_numpy(np.float64)
        right = np.where(judged.genuine, mean > 0, mean < 0).astype(np.float64)
        single = clips["hit_rate_type"].to_numpy(np.float64) / 100
        return cls(
            _estimate(_mean(weights, single)),
            _estimate(_mean(weights, right)),
            _estimate(area(weights, mean, judged.genuine)),
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "single": self.single.to_dict(),
            "crowd": self.crowd.to_dict(),
            "crowd_auc": self.crowd_auc.to_dict(),
        }


def matched_auc(
    judged: Judged, intensity: ArrayLike, within: float = MATCHED, seed: int = 0
) -> Estimate:
    """How often a genuine clip scores above an equally strong posed one, ties half.

    Args:
        judged: the clips.
        intensity: (n,) how strong raters found each.
        within: largest difference of intensity of a pair.
        seed: of the bootstrap.

    Raises:
        DataError: intensities of another number, or that are no numbers.
    """
    strong = np.asarray(intensity, np.float64)
    if strong.shape != judged.p.shape or not np.isfinite(strong).all():
        raise DataError("Matching needs a number for the intensity of each clip.")
    weights = judged.weights(seed)
    return _estimate(area(weights, judged.p, judged.genuine, strong, within))


def area(
    weights: Vector,
    scores: Vector,
    positive: NDArray[np.bool_],
    matched_on: Vector | None = None,
    within: float = math.inf,
) -> Vector:
    """Area under the ROC curve for several weightings of the rows at once.

    Args:
        weights: (k, n) how often each row counts.
        scores: (n,).
        positive: (n,) bool.
        matched_on: (n,) a number in which the rows of a pair may differ by ``within`` at most;
            by default all pairs count.
        within: see ``matched_on``.

    Returns:
        (k,) from 0 to 1; NaN where no pair is left.
    """
    above, below = scores[positive][:, None], scores[~positive][None, :]
    wins = (above > below) + 0.5 * (above == below)
    pairs = np.ones_like(wins)
    if matched_on is not None:
        apart = np.abs(matched_on[positive][:, None] - matched_on[~positive][None, :])
        pairs = (apart <= within).astype(np.float64)
    first, second = weights[:, positive], weights[:, ~positive]
    won = ((first @ (wins * pairs)) * second).sum(axis=1)
    return _ratio(won, ((first @ pairs) * second).sum(axis=1))


def _right(judged: Judged) -> Vector:
    # Exactly one half names neither side.
    named = np.where(judged.genuine, judged.p > 0.5, judged.p < 0.5)
    return np.asarray(named, np.float64)


def _mean(weights: Vector, values: Vector, chosen: NDArray[np.bool_] | None = None) -> Vector:
    rows = np.ones(len(values), bool) if chosen is None else chosen
    return _ratio(weights[:, rows] @ values[rows], weights[:, rows].sum(axis=1))


def _calibration_error(weights: Vector, p: Vector, right: Vector) -> Vector:
    confidence = np.maximum(p, 1 - p)
    place = np.clip(np.ceil(confidence * _BINS).astype(np.intp) - 1, 0, _BINS - 1)
    gaps = weights @ (np.eye(_BINS)[place] * (confidence - right)[:, None])
    return _ratio(np.abs(gaps).sum(axis=1), weights.sum(axis=1))


def _ratio(above: Vector, below: Vector) -> Vector:
    blank = np.full(above.shape, np.nan)
    quotient: Vector = np.divide(above, below, out=blank, where=below > 0)
    return quotient


def _estimate(values: Vector) -> Estimate:
    return percentile_interval(float(values[0]), values[1:])


def _sign_p(draws: Vector) -> float:
    defined = draws[np.isfinite(draws)]
    if not len(defined):
        return math.nan
    # One is added to both, so that a thousand draws never claim certainty.
    tail = min((defined <= 0).sum(), (defined >= 0).sum())
    return float(min(1.0, 2 * (tail + 1) / (len(defined) + 1)))
