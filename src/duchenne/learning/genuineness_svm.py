"""A support vector machine on the statistics of a clip, with probabilities.

RBF kernel, C = 10, gamma = 0.5 over the number of features, features standardised over the training
rows. The settings come from a first look at the same 44 people, so the figures on them may flatter
a little; no choice is made here. scikit-learn does the work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.evaluation.statistics.sigmoid import Sigmoid
from duchenne.evaluation.statistics.standardising import Standardiser
from duchenne.learning.genuineness_curve import Decide, fit_curve

Matrix = NDArray[np.float64]

COST: Final = 10.0
WIDTH: Final = 0.5


@dataclass(frozen=True, eq=False)
class FittedSvm:
    """A trained machine.

    Attributes:
        standardiser: fitted on the training rows.
        machine: scikit-learn's.
        curve: from its decision values to probabilities.
    """

    standardiser: Standardiser
    machine: Any
    curve: Sigmoid

    def __call__(self, features: Matrix) -> Matrix:
        """(n, features) to (n,) probabilities of genuine."""
        return self.curve(self.machine.decision_function(self.standardiser(features)))


def fit_svm(
    features: Matrix, genuine: NDArray[np.bool_], people: NDArray[Any], seed: int = 0
) -> FittedSvm:
    """Train, and fit the curve on decision values for people the machine did not see.

    Args:
        features: (n, features); NaN counts as the mean.
        genuine: (n,) bool.
        people: (n,) whose rows they are; at least two people with both types among the others.
        seed: of the deal of people into three inner folds.

    Raises:
        DataError: only one type, or too few people.
    """
    standardiser = Standardiser.fit(features)
    rows = standardiser(features)

    def fit(some: Matrix, kinds: NDArray[np.bool_]) -> Decide:
        decide: Decide = _machine(some, kinds).decision_function
        return decide

    curve = fit_curve(rows, genuine, people, fit, seed)
    return FittedSvm(standardiser, _machine(rows, genuine), curve)


def _machine(rows: Matrix, genuine: NDArray[np.bool_]) -> Any:
    from sklearn.svm import SVC

    return SVC(C=COST, gamma=WIDTH / rows.shape[1], cache_size=400).fit(rows, genuine)
