"""Trains and cross-validates the smile models: trees and a line over the movement of the lips.

Extremely randomized trees (Geurts, Ernst and Wehenkel 2006) and a logistic regression vote with
weights that sum to 1. The weight is the one choice that is made by numbers, and it is made on the
training rows alone, by folds of their own that keep people of one gender and age together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from duchenne.evaluation.datasets.uva_nemo import REPEATS, UvaNemo, deal
from duchenne.genuineness.smile import calibrated, log_odds
from duchenne.genuineness.smile_inputs import Part, inputs_of

Vector = NDArray[np.float64]
Matrix = NDArray[np.float32]
Labels = NDArray[np.bool_]
Fit = Callable[[Matrix, Labels, NDArray[np.int64], int], Any]

TREES: Final = 120
TREES_TO_CHOOSE: Final = 30
LEAST_IN_A_LEAF: Final = 3
SHARE_OF_INPUTS: Final = 0.3
WEIGHTS: Final = (0.5, 0.7, 1.0)
"""Weights of the trees that are tried; the line has the rest."""

_INNER_FOLDS: Final = 3
_STRENGTH: Final = 0.1


@dataclass(frozen=True)
class Platt:
    """Probabilities are logistic in the log odds of scores (Platt 1999)."""

    slope: float
    intercept: float

    @classmethod
    def fit(cls, scores: Vector, labels: Labels) -> Platt:
        """Fit to scores (N,) of rows that did not train the model."""
        line = LogisticRegression(C=1e6).fit(log_odds(scores)[:, None], labels)
        return cls(float(line.coef_[0, 0]), float(line.intercept_[0]))

    def __call__(self, scores: Vector) -> Vector:
        return calibrated(scores, self.slope, self.intercept)


def trees(seed: int, count: int = TREES) -> Any:
    """The trees, not yet fitted."""
    return ExtraTreesClassifier(
        count,
        min_samples_leaf=LEAST_IN_A_LEAF,
        max_features=SHARE_OF_INPUTS,
        random_state=seed,
        n_jobs=1,
    )


def line() -> Any:
    """The logistic regression over standardised inputs, not yet fitted."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=_STRENGTH, max_iter=2000))


def fit_smile(inputs: Matrix, labels: Labels, groups: NDArray[np.int64], seed: int) -> Any:
    """Choose the weight on these rows alone, then fit trees and line on all of them.

    Args:
        inputs: (N, k), see ``inputs_of``.
        labels: (N,) bool, True for spontaneous.
        groups: (N,) rows of one group stay together.
        seed: of the trees and of the folds.

    Returns:
        A fitted classifier of scikit-learn with classes False and True.
    """
    weight = choose_weight(inputs, labels, groups, seed)
    parts = [("trees", trees(seed)), ("line", line())]
    # An array, not a list: the exporter asks it for its sum.
    weights = np.array([weight, 1 - weight])
    # Flat outputs are what the exporter cannot write; predicting does not need them.
    vote = VotingClassifier(parts, voting="soft", weights=weights, flatten_transform=False)
    return vote.fit(inputs, labels)


def fit_line(inputs: Matrix, labels: Labels, groups: NDArray[np.int64], seed: int) -> Any:
    """The peer: the logistic regression alone."""
    del groups, seed
    return line().fit(inputs, labels)


def choose_weight(inputs: Matrix, labels: Labels, groups: NDArray[np.int64], seed: int) -> float:
    """The weight of the trees with the least log loss over folds inside these rows."""
    fold = deal(groups, seed, _INNER_FOLDS)
    by_trees = _scores_of_folds(lambda: trees(seed, TREES_TO_CHOOSE), inputs, labels, fold)
    by_line = _scores_of_folds(line, inputs, labels, fold)
    losses = [log_loss(labels, w * by_trees + (1 - w) * by_line) for w in WEIGHTS]
    return WEIGHTS[int(np.argmin(losses))]


def cross_validate(
    data: UvaNemo, inputs: Matrix, fit: Fit = fit_smile, repeats: int = REPEATS
) -> Iterator[Vector]:
    """Scores (N,) of "spontaneous", each by a model that saw nobody of that gender and age.

    Yields:
        One vector a repeat, each repeat with folds by its own number.
    """
    for repeat in range(repeats):
        fold = data.folds(repeat)
        scores = np.empty(len(data))
        for number in range(int(fold.max()) + 1):
            told, asked = fold != number, fold == number
            seed = 100 * repeat + number
            model = fit(inputs[told], data.spontaneous[told], data.groups[told], seed)
            scores[asked] = model.predict_proba(inputs[asked])[:, 1]
        yield scores


def cross_calibrated(scores: Vector, data: UvaNemo, repeat: int) -> Vector:
    """Scores (N,) of one repeat as probabilities, each fold by the scores of the other folds."""
    fold = data.folds(repeat)
    probabilities = np.empty(len(scores))
    for number in range(int(fold.max()) + 1):
        asked = fold == number
        told = Platt.fit(scores[~asked], data.spontaneous[~asked])
        probabilities[asked] = told(scores[asked])
    return probabilities


def fit_part(data: UvaNemo, part: Part) -> Any:
    """The model to ship: fitted on all smiles."""
    return fit_smile(inputs_of(data.lips, part), data.spontaneous, data.groups, seed=0)


def _scores_of_folds(
    make: Callable[[], Any], inputs: Matrix, labels: Labels, fold: NDArray[np.intp]
) -> Vector:
    scores = np.empty(len(labels))
    for number in range(_INNER_FOLDS):
        asked = fold == number
        model = make().fit(inputs[~asked], labels[~asked])
        scores[asked] = model.predict_proba(inputs[asked])[:, 1]
    return scores
