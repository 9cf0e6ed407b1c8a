"""What a model's scores of a data set owe to nuisances, and whether harmless edits change them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.evaluation.audit.edits import EDITS
from duchenne.evaluation.audit.items import AuditSet
from duchenne.evaluation.audit.ridge import additive_basis, scores_out_of_fold
from duchenne.evaluation.audit.shortcuts import BOOTSTRAPS, FOLDS
from duchenne.evaluation.datasets.uva_nemo import deal
from duchenne.evaluation.genuineness.scores import area
from duchenne.evaluation.statistics.intervals import (
    Estimate,
    bootstrap_interval,
    group_members,
    percentile_interval,
)
from duchenne.evaluation.statistics.ranking import area_under_curve

Matrix = NDArray[np.float64]
Picture = NDArray[np.uint8]

MATCHED: Final = 0.1
"""Nuisance scores of a pair differ by at most this many standard deviations."""
EDITED: Final = 300
"""Pictures that are edited and scored again, drawn by chance."""
MOST_ROWS: Final = 1500
_DIRECTION: Final = ("genuine", "spontaneous", "positive", "yes", "1", "true")


@dataclass(frozen=True, eq=False)
class Unseen:
    """Items to check a model on.

    Attributes:
        data: the items, those left out that the model learned from, if others are left.
        caution: what to know about them; "" where there is nothing.
        learned: the model learned from these very items, so its figures are no result.
    """

    data: AuditSet
    caution: str = ""
    learned: bool = False


@runtime_checkable
class Scorer(Protocol):
    """A model to be audited."""

    @property
    def name(self) -> str:
        """Of the model."""

    @property
    def classes(self) -> tuple[str, ...]:
        """What its K scores are for: labels; "" where nobody knows, which of two labels is taken
        for the usual positive one (``speaks_for``).
        """

    def score(self, data: AuditSet) -> Matrix:
        """(N, K) scores of the items; rows of NaN where an item cannot be scored."""

    def unseen(self, data: AuditSet) -> Unseen:
        """The items that the model did not learn from."""


@runtime_checkable
class PictureScorer(Scorer, Protocol):
    """A model of pictures: these can be edited and scored again."""

    def score_pictures(self, pictures: Sequence[Picture]) -> Matrix:
        """(n, K) scores of (H, W) or (H, W, 3) uint8 pictures."""


@dataclass(frozen=True)
class Explained:
    """One of a model's scores beside nuisances and label.

    Attributes:
        name: the class or label that the score speaks for.
        by_nuisances: correlation of the score with what nuisances alone predict of it, out of
            fold; near 0 is good.
        with_label: correlation with the label; None where the score speaks for no label.
        partial: the same with both freed of what nuisances predict (partial correlation).
        auc: how well the score tells its label.
        matched: the same within pairs of a label and another that nuisances cannot tell apart.
    """

    name: str
    by_nuisances: Estimate
    with_label: Estimate | None = None
    partial: Estimate | None = None
    auc: Estimate | None = None
    matched: Estimate | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            key: value.to_dict() if isinstance(value, Estimate) else value
            for key, value in vars(self).items()
        }


@dataclass(frozen=True)
class ModelCheck:
    """A model on a data set.

    Attributes:
        model: its name.
        rows: items it scored.
        scores: each of its scores, those that speak for a label first.
        flips: edit to the share of pictures whose verdict it changes, with an interval.
        edited: how many pictures were edited.
        caution: what to know about the items, such as which were left out.
        learned: the model learned from these very items.
    """

    model: str
    rows: int
    scores: tuple[Explained, ...]
    flips: Mapping[str, Estimate] = field(default_factory=dict)
    edited: int = 0
    caution: str = ""
    learned: bool = False

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "model": self.model,
            "caution": self.caution,
            "learned_from_these": self.learned,
            "rows": self.rows,
            "scores": [one.to_dict() for one in self.scores],
            "edited": self.edited,
            "flips": {name: share.to_dict() for name, share in self.flips.items()},
        }


def check_model(
    data: AuditSet,
    scorer: Scorer,
    seed: int = 0,
    on_step: Callable[[str], object] | None = None,
) -> ModelCheck:
    """Score a data set, explain the scores, edit some pictures and score these again.

    Args:
        data: the items.
        scorer: the model.
        seed: of samples, folds and bootstraps.
        on_step: told what comes next.

    Raises:
        DataError: the model cannot score items like these, or too few of them.
    """
    told = on_step or (lambda _: None)
    unseen = scorer.unseen(data.known())
    data = unseen.data
    data = data.rows(_drawn(len(data), MOST_ROWS, seed))
    told(f"{scorer.name} scores")
    scores = np.asarray(scorer.score(data), np.float64)
    if scores.ndim != 2 or len(scores) != len(data):
        raise DataError(f"{scorer.name} gave scores {scores.shape} for {len(data)} items.")
    scored = np.asarray(np.isfinite(scores).all(axis=1), np.bool_)
    if scored.sum() < 2 * FOLDS:
        raise DataError(f"{scorer.name} could score {scored.sum()} of {len(data)} items only.")
    data, scores = data.rows(scored), scores[scored]
    flips, edited = {}, 0
    if isinstance(scorer, PictureScorer) and data.pictures is not None:
        chosen = data.rows(_drawn(len(data), EDITED, seed + 1))
        flips, edited = _flips(chosen, scorer, told), len(chosen)
    explained = tuple(
        _explained(data, name, scores[:, column], seed)
        for column, name in enumerate(_names(scorer, scores.shape[1]))
    )
    ordered = tuple(sorted(explained, key=lambda one: one.auc is None))
    return ModelCheck(
        scorer.name, len(data), ordered, flips, edited, unseen.caution, unseen.learned
    )


def speaks_for(name: str, classes: tuple[str, ...]) -> str | None:
    """The label that a score of this name speaks for; of two labels, the usual positive one."""
    if name in classes:
        return name
    if name == "" and len(classes) == 2:
        return next((c for c in classes if c.lower() in _DIRECTION), classes[1])
    return None


def _names(scorer: Scorer, scores: int) -> tuple[str, ...]:
    return scorer.classes if len(scorer.classes) == scores else ("",) * scores


def _explained(data: AuditSet, name: str, score: Matrix, seed: int) -> Explained:
    groups = data.groups
    fold = deal(groups, seed, min(FOLDS, len(np.unique(groups))))
    values = list(data.nuisances.values())
    basis = additive_basis(np.column_stack(values)) if values else np.zeros((len(data), 1))
    label = speaks_for(name, data.classes)
    truth = (data.label == label).astype(float) if label else np.zeros(len(data))
    predicted = scores_out_of_fold(basis, np.column_stack([score, truth]), fold)

    def interval(statistic: Callable[[NDArray[np.intp]], float]) -> Estimate:
        return bootstrap_interval(statistic, len(data), groups, n=BOOTSTRAPS)

    by = interval(lambda rows: _correlation(score[rows], predicted[rows, 0]))
    shown = label or name or "score"
    if label is None:
        return Explained(shown, by)
    free = np.column_stack([score, truth]) - predicted
    positive = truth > 0.5
    return Explained(
        shown,
        by,
        interval(lambda rows: _correlation(score[rows], truth[rows])),
        interval(lambda rows: _correlation(free[rows, 0], free[rows, 1])),
        interval(lambda rows: area_under_curve(score[rows], positive[rows])),
        _matched(score, positive, predicted[:, 1], groups),
    )


def _matched(
    score: Matrix, positive: NDArray[np.bool_], nuisance: Matrix, groups: NDArray[np.int64]
) -> Estimate:
    members = group_members(len(score), groups)
    generator = np.random.default_rng(0)
    weights = np.ones((1 + BOOTSTRAPS, len(score)))
    for draw in range(1, 1 + BOOTSTRAPS):
        times = np.bincount(
            generator.integers(0, len(members), len(members)), minlength=len(members)
        )
        for rows, count in zip(members, times, strict=True):
            weights[draw, rows] = count
    within = MATCHED * float(nuisance.std())
    found = area(weights, score, positive, nuisance, within)
    return percentile_interval(float(found[0]), found[1:])


def _flips(
    data: AuditSet, scorer: PictureScorer, told: Callable[[str], object]
) -> dict[str, Estimate]:
    assert data.pictures is not None
    pictures = [load() for load in data.pictures]
    plain = _verdicts(scorer.score_pictures(pictures))
    found = {}
    for name, edit in EDITS.items():
        told(f"pictures {name}")
        after = _verdicts(scorer.score_pictures([edit(picture) for picture in pictures]))
        flipped = (after != plain).astype(float)

        def share(rows: NDArray[np.intp], flipped: Matrix = flipped) -> float:
            return float(flipped[rows].mean())

        found[name] = bootstrap_interval(share, len(flipped), data.groups, n=BOOTSTRAPS)
    return found


def _verdicts(scores: Matrix) -> NDArray[np.intp]:
    """The highest class, or whether a single score is above 0.5; -1 where there is no score."""
    known = np.isfinite(scores).all(axis=1)
    one = scores.shape[1] == 1
    verdict = (scores[:, 0] > 0.5) if one else np.nan_to_num(scores, nan=-1).argmax(axis=1)
    return np.where(known, verdict, -1).astype(np.intp)


def _correlation(one: Matrix, other: Matrix) -> float:
    if one.std() < 1e-12 or other.std() < 1e-12:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _drawn(rows: int, most: int, seed: int) -> NDArray[np.bool_]:
    """(rows,) bool: at most ``most`` of them, by chance."""
    drawn = np.zeros(rows, np.bool_)
    drawn[np.random.default_rng(seed).permutation(rows)[:most]] = True
    return drawn
