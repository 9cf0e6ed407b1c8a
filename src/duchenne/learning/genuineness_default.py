"""The shipped genuineness models: how each is trained, and how it does on people not seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.evaluation.genuineness.evaluation import GenuinenessEvaluation
from duchenne.evaluation.genuineness.rows import GenuinenessRows, View
from duchenne.evaluation.genuineness.verdict_bands import undecided_band
from duchenne.evaluation.statistics.subject_folds import Folds, subject_folds
from duchenne.genuineness.clip_inputs import INPUTS
from duchenne.genuineness.clip_model import MODEL, WITH_PERSON
from duchenne.genuineness.reasons import clip_groups
from duchenne.genuineness.still_model import STILL_MODELS
from duchenne.learning.genuineness_kernel import Fitted, Rows, fit_kernel

Say = Callable[[str], object]

STRANGE: Final = 0.01
"""This share of clips of people not seen is called unlike the training clips."""


@dataclass(frozen=True)
class Shipped:
    """How one of the models is trained and tried.

    Attributes:
        title: what it looks at, in words.
        view: of ``GenuinenessRows``, the one that it is meant for.
        copies: views whose rows it also learns from.
        tried_on: further views on which its figures are given.
        by_person: it also sees how a clip differs from the person's others.
    """

    title: str
    view: View
    copies: tuple[View, ...] = ()
    tried_on: tuple[View, ...] = ()
    by_person: bool = False


SHIPPED: Final[dict[str, Shipped]] = {
    MODEL: Shipped("how a face moves over one expression", "whole", ("noisy",), ("noisy", "found")),
    WITH_PERSON: Shipped(
        "the same, also beside the person's other expressions",
        "whole",
        ("noisy",),
        ("noisy", "found"),
        by_person=True,
    ),
    STILL_MODELS["aus"]: Shipped("Action Units in one frame", "aus"),
    STILL_MODELS["landmarks"]: Shipped("landmarks in one frame", "landmarks"),
}
"""Name to what ``duchenne train genuineness --model default`` makes."""

IN_WORDS: Final[dict[View, str]] = {
    "whole": "whole clips",
    "noisy": "with our tracking noise",
    "found": "expressions as found in the clips",
    "aus": "one frame",
    "landmarks": "one frame",
}


@dataclass(frozen=True, eq=False)
class Tried:
    """A shipped model's recipe on people that it had not seen, on one view.

    Attributes:
        evaluation: of all clips that show something in this view.
        decided: (n,) bool, clips that get a verdict by the band and the familiarity that the
            training people gave.
        settings: C and width chosen in each fold.
        without: part of the face to (n,) probabilities when all inputs of that part are made
            typical of the training clips; for models of clips only.
    """

    evaluation: GenuinenessEvaluation
    decided: NDArray[np.bool_]
    settings: tuple[tuple[float, float], ...]
    without: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    @property
    def coverage(self) -> float:
        """Share of clips that get a verdict."""
        return float(self.decided.mean())

    @property
    def decided_accuracy(self) -> float:
        """Share of those verdicts that are right."""
        judged = self.evaluation.judged
        right = (judged.p >= 0.5) == judged.genuine
        return float(right[self.decided].mean()) if self.decided.any() else float("nan")

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return self.evaluation.to_dict() | {
            "coverage": round(self.coverage, 4),
            "accuracy_of_verdicts": round(self.decided_accuracy, 4),
        }


def training_rows(rows: GenuinenessRows, shipped: Shipped, chosen: NDArray[np.intp]) -> Rows:
    """Some clips in the view of a model, and below them their copies in its other views.

    Copies in which there is nothing to see are left out.
    """
    views = (shipped.view, *shipped.copies)
    inputs = np.concatenate([rows.view(view)[chosen] for view in views])
    count = len(views)
    every = Rows(
        inputs,
        np.tile(rows.genuine[chosen], count),
        np.tile(rows.people[chosen], count),
        np.arange(len(inputs)) < len(chosen),
    )
    return every[np.flatnonzero(every.original | ~np.isnan(inputs).all(axis=1))]


def fit_shipped(rows: GenuinenessRows, name: str, seed: int = 0) -> Fitted:
    """The model of that name, fitted on all clips.

    Raises:
        DataError: only one type, or too few people.
    """
    shipped = SHIPPED[name]
    return fit_kernel(training_rows(rows, shipped, np.arange(len(rows))), shipped.by_person, seed)


def thresholds(fitted: Fitted, genuine: NDArray[np.bool_]) -> tuple[float, float]:
    """Band and least familiarity of a fitted model; ``genuine`` of its original rows."""
    familiar = float(np.quantile(fitted.familiarity, STRANGE))
    return undecided_band(genuine, fitted.p), float(f"{familiar:.3g}")


def try_shipped(rows: GenuinenessRows, name: str, say: Say = lambda _: None) -> dict[View, Tried]:
    """Train on the other folds' people, try each fold's: figures by view.

    Settings, calibration, band and familiarity come from the training people of each fold.

    Raises:
        DataError: a fold leaves too few people.
    """
    shipped, folds = SHIPPED[name], subject_folds(rows.clips)
    views = (shipped.view, *shipped.tried_on)
    p = {view: np.full(len(rows), np.nan) for view in views}
    decided = {view: np.zeros(len(rows), bool) for view in views}
    settings = []
    groups = clip_groups(INPUTS) if shipped.view == "whole" else {}
    without = {group: np.full(len(rows), np.nan) for group in groups}
    for number, (train, test) in enumerate(folds.splits()):
        learned = training_rows(rows, shipped, train)
        fitted = fit_kernel(learned, shipped.by_person, number)
        settings.append((fitted.cost, fitted.width))
        band, familiar = thresholds(fitted, learned.genuine[learned.original])
        for view in views:
            seen = test[~np.isnan(rows.view(view)[test]).all(axis=1)]
            whose = rows.people[seen] if shipped.by_person else None
            value, near = fitted.machine(rows.view(view)[seen], whose)
            p[view][seen] = fitted.curve(value)
            decided[view][seen] = (np.abs(p[view][seen] - 0.5) >= band) & (near >= familiar)
        for group, places in groups.items():
            occluded = rows.whole[test].copy()
            occluded[:, places] = np.nan
            whose = rows.people[test] if shipped.by_person else None
            without[group][test] = fitted(occluded, whose)
        say(f"{name}: fold {number + 1} of {len(folds)}")
    return {
        view: Tried(
            _evaluation(rows, f"{name}, {IN_WORDS[view]}", p[view], folds, shipped.by_person),
            decided[view][np.isfinite(p[view])],
            tuple(settings),
            without if view == "whole" else {},
        )
        for view in views
        # Clips that are all too weak or too short hold nothing that the finder would find.
        if view == shipped.view or np.isfinite(p[view]).any()
    }


def _evaluation(
    rows: GenuinenessRows, title: str, p: NDArray[np.float64], folds: Folds, by_person: bool
) -> GenuinenessEvaluation:
    shown = np.flatnonzero(np.isfinite(p))
    if not len(shown):
        raise DataError(f"There is nothing to see in any clip: {title}.")
    return GenuinenessEvaluation.from_predictions(
        title,
        rows.clips.iloc[shown].reset_index(drop=True),
        p[shown],
        Folds(folds.kind, folds.fold[shown]),
        by_person,
    )
