"""Enhanced boosted support vector machine, EBSVM (SYSTEMS S9).

Annadurai, Arock and Vadivel, Multimedia Tools and Applications 82, 2023, as Gagatsis (master's
thesis, Maastricht University) describes it: ReliefF keeps the features that tell, and AdaBoost
(SAMME; Zhu, Zou, Rosset and Hastie, Statistics and Its Interface 2, 2009) weighs RBF machines, each
on a random subset of those. All rows go into every machine, the misjudged ones with more weight.
The thesis does not give the paper's settings; those below were set beforehand. Nor does it say that
the paper's folds (98 %) keep people apart.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from duchenne.errors import DataError, ModelError
from duchenne.evaluation.statistics.relieff import relieff
from duchenne.evaluation.statistics.sigmoid import Sigmoid
from duchenne.evaluation.statistics.standardising import Standardiser
from duchenne.learning.genuineness_curve import fit_curve

Matrix = NDArray[np.float64]
Tables = dict[str, NDArray[Any]]

_LEAST_ERROR: Final = 1e-3


@dataclass(frozen=True)
class EbsvmSettings:
    """What decides a training.

    Attributes:
        kept: features that ReliefF leaves.
        subset: of those, how many each machine sees.
        machines: how many.
        cost: C of each machine.
        width: gamma times the number of features it sees.
    """

    kept: int = 120
    subset: int = 30
    machines: int = 40
    cost: float = 1.0
    width: float = 0.5


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Boosted machines over shared rows, without scikit-learn.

    Attributes:
        chosen: (kept,) int, the features that ReliefF left, best first.
        rows: (n, kept) of the training rows, standardised.
        columns: (machines, subset) int, places among ``chosen``.
        pull: (machines, n) of each row on the decision; 0 for what is no support vector.
        offset: (machines,).
        votes: (machines,) how much each counts; they sum to 1.
        gamma: (machines,) of the RBF kernels.
    """

    chosen: NDArray[np.int64]
    rows: Matrix
    columns: NDArray[np.int64]
    pull: Matrix
    offset: Matrix
    votes: Matrix
    gamma: Matrix

    def __call__(self, features: Matrix) -> Matrix:
        """(k, features) standardised to (k,), the votes for genuine less those for posed."""
        seen = features[:, self.chosen]
        decided = np.zeros(len(seen))
        parts = zip(self.columns, self.pull, self.offset, self.votes, self.gamma, strict=True)
        for columns, pull, offset, vote, gamma in parts:
            support = np.flatnonzero(pull)
            close = _kernel(seen[:, columns], self.rows[support][:, columns], gamma)
            decided += vote * np.where(close @ pull[support] + offset > 0, 1.0, -1.0)
        return decided


_PARTS: Final = fields(Ensemble)


@dataclass(frozen=True, eq=False)
class FittedEbsvm:
    """A trained ensemble with probabilities.

    Attributes:
        standardiser: fitted on the training rows.
        ensemble: the machines.
        curve: from votes to probabilities.
    """

    standardiser: Standardiser
    ensemble: Ensemble
    curve: Sigmoid

    def __call__(self, features: Matrix) -> Matrix:
        """(n, features) to (n,) probabilities of genuine."""
        return self.curve(self.ensemble(self.standardiser(features)))


def fit_ebsvm(
    features: Matrix,
    genuine: NDArray[np.bool_],
    people: NDArray[Any],
    settings: EbsvmSettings | None = None,
    seed: int = 0,
) -> FittedEbsvm:
    """Select, boost, and fit the curve on people that neither step saw.

    Args:
        features: (n, features); NaN counts as the mean.
        genuine: (n,) bool.
        people: (n,) whose rows they are; at least two people with both types among the others.
        settings: by default those of ``EbsvmSettings``.
        seed: of the subsets and of the inner folds.

    Raises:
        DataError: only one type, or too few people.
    """
    wanted = settings or EbsvmSettings()
    standardiser = Standardiser.fit(features)
    rows = standardiser(features)

    def fit(some: Matrix, kinds: NDArray[np.bool_]) -> Ensemble:
        return boost(some, kinds, wanted, seed)

    curve = fit_curve(rows, genuine, people, fit, seed)
    return FittedEbsvm(standardiser, fit(rows, genuine), curve)


def boost(
    rows: Matrix, genuine: NDArray[np.bool_], settings: EbsvmSettings, seed: int = 0
) -> Ensemble:
    """ReliefF, then SAMME over machines on random subsets of the features it leaves.

    A machine no better than a coin on the weighted rows gets no vote, and the next one sees the
    same weights.

    Args:
        rows: (n, features), standardised.
        genuine: (n,) bool, both kinds.
        settings: what decides it.
        seed: of the subsets.
    """
    chosen = np.argsort(-relieff(rows, genuine), kind="stable")[: settings.kept]
    seen = rows[:, chosen]
    size = min(settings.subset, len(chosen))
    gamma = settings.width / size
    generator = np.random.default_rng(seed)
    weight, machines = np.ones(len(rows)), []
    for _ in range(settings.machines):
        columns = np.sort(generator.choice(len(chosen), size, replace=False))
        machine = _machine(seen[:, columns], genuine, weight, settings.cost, gamma)
        wrong = machine.predict(seen[:, columns]) != genuine
        error = float(np.clip(weight @ wrong / weight.sum(), _LEAST_ERROR, 1.0))
        vote = max(0.0, float(np.log((1.0 - error) / error))) if error < 1 else 0.0
        weight = weight * np.exp(vote * wrong)
        weight *= len(weight) / weight.sum()
        machines.append((columns, _pull(machine, len(rows)), machine.intercept_[0], vote))
    columns, pull, offset, votes = (np.array(part) for part in zip(*machines, strict=True))
    # Where none has a vote, all are as good as a coin and vote alike.
    shares = votes / votes.sum() if votes.any() else np.full(len(votes), 1 / len(votes))
    return Ensemble(chosen, seen, columns, pull, offset, shares, np.full(len(votes), gamma))


def save_ebsvm(fitted: FittedEbsvm, path: Path) -> None:
    """Write everything as safetensors; it holds the training rows' selected features.

    Raises:
        DataError: the file cannot be written.
    """
    tables: Tables = {"mean": fitted.standardiser.mean, "spread": fitted.standardiser.spread}
    tables |= {f.name: np.ascontiguousarray(getattr(fitted.ensemble, f.name)) for f in _PARTS}
    tables["curve"] = np.array([getattr(fitted.curve, f.name) for f in fields(Sigmoid)])
    try:
        save_file(tables, path)
    except (OSError, SafetensorError) as error:
        raise DataError(f"{path} cannot be written: choose another folder.") from error


def load_ebsvm(path: Path) -> FittedEbsvm:
    """What ``save_ebsvm`` wrote.

    Raises:
        ModelError: the file is not there, or holds something else.
    """
    try:
        tables = load_file(path)
        ensemble = Ensemble(**{f.name: tables[f.name] for f in _PARTS})
        standardiser = Standardiser(tables["mean"], tables["spread"])
        return FittedEbsvm(standardiser, ensemble, Sigmoid(*map(float, tables["curve"])))
    except (OSError, SafetensorError, KeyError, TypeError) as error:
        raise ModelError(f"{path} is not an EBSVM of duchenne train genuineness.") from error


def _machine(
    rows: Matrix, genuine: NDArray[np.bool_], weight: Matrix, cost: float, gamma: float
) -> Any:
    from sklearn.svm import SVC

    return SVC(C=cost, gamma=gamma).fit(rows, genuine, sample_weight=weight)


def _pull(machine: Any, rows: int) -> Matrix:
    pull = np.zeros(rows)
    pull[machine.support_] = machine.dual_coef_[0]
    return pull


def _kernel(first: Matrix, second: Matrix, gamma: float) -> Matrix:
    squared = (first**2).sum(1)[:, None] + (second**2).sum(1) - 2.0 * first @ second.T
    return np.asarray(np.exp(-gamma * np.maximum(squared, 0.0)))
