"""The machine behind the shipped genuineness models: normal scores, a rotation, a Gaussian kernel.

``c`` and ``width`` are chosen by people kept apart inside the training rows, and so is everything
that turns the machine's value into a verdict. scikit-learn does the optimising.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import SVC

from duchenne.errors import DataError
from duchenne.evaluation.statistics.ranking import area_under_curve
from duchenne.evaluation.statistics.sigmoid import Sigmoid
from duchenne.genuineness.clip_model import CLASSES, LEAST_CLIPS, Baseline
from duchenne.genuineness.normal_scores import NormalScores

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]

COSTS: Final = (3.0,)
WIDTHS: Final = (0.6, 0.8)
"""Tried for C and for the kernel exp(-width d²), d² the mean squared difference of the scores."""

DIRECTIONS: Final = 600
INNER: Final = 4

_CACHE_MB: Final = 400


@dataclass(frozen=True, eq=False)
class Rows:
    """What a machine learns from.

    Attributes:
        inputs: (n, inputs); NaN counts as typical.
        genuine: (n,) bool.
        people: (n,) whose they are.
        original: (n,) bool, False for noisy or cut copies of other rows: machines learn from
            them, calibration and choices do not look at them.
    """

    inputs: Matrix
    genuine: Flags
    people: NDArray[Any]
    original: Flags

    def __getitem__(self, chosen: NDArray[Any]) -> Rows:
        columns = (self.inputs, self.genuine, self.people, self.original)
        return Rows(*(column[chosen] for column in columns))


@dataclass(frozen=True, eq=False)
class Machine:
    """A fitted machine without its calibration.

    Attributes:
        scorer: inputs to normal scores.
        by_person: whether it also looks at scores relative to the person's own.
        rotation: (width of the scores, q) to the directions in which training rows differ most.
        vectors: (m, q) support vectors.
        weights: (m,) of them.
        offset: added to the weighed kernel.
        gamma: of the kernel exp(-gamma |a - b|²).
    """

    scorer: NormalScores
    by_person: bool
    rotation: Matrix
    vectors: Matrix
    weights: Matrix
    offset: float
    gamma: float

    def __call__(self, inputs: Matrix, people: NDArray[Any] | None = None) -> tuple[Matrix, Matrix]:
        """(n,) values, above 0 for genuine, and (n,) familiarity of (n, inputs).

        Args:
            inputs: of clips.
            people: (n,) whose they are: baselines come from these clips themselves.
        """
        seen = design(self.scorer, inputs, people if self.by_person else None)
        return self.of_placed(seen @ self.rotation)

    def of_placed(self, placed: Matrix) -> tuple[Matrix, Matrix]:
        """The same from (n, q) rotated scores."""
        kernel = gaussian(placed, self.vectors, self.gamma)
        return kernel @ self.weights + self.offset, kernel.max(axis=1)


def design(scorer: NormalScores, inputs: Matrix, people: NDArray[Any] | None) -> Matrix:
    """(n, inputs) scores, followed by (n, inputs) relative to each person's own where asked for.

    Someone with fewer than ``LEAST_CLIPS`` clips has no own: the scores themselves stand there.
    What is NaN is typical in both respects, 0.
    """
    scores = scorer(inputs)
    if people is None:
        return scores
    relative = scores.copy()
    for person in np.unique(people):
        own = people == person
        if own.sum() >= LEAST_CLIPS:
            relative[own] = Baseline.from_scores(scores[own])(scores[own])
    return np.concatenate([scores, np.where(np.isnan(inputs), 0.0, relative)], axis=1)


def gaussian(left: Matrix, right: Matrix, gamma: float) -> Matrix:
    """(n, m) kernel exp(-gamma |a - b|²) of (n, q) and (m, q)."""
    apart = (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1) - 2 * left @ right.T
    return np.asarray(np.exp(-gamma * np.maximum(apart, 0.0)))


def rotate(seen: Matrix, directions: int = DIRECTIONS) -> Matrix:
    """(columns, q) orthonormal directions of the largest sums of squares of (n, columns)."""
    _, axes = np.linalg.eigh(seen.T @ seen if seen.shape[1] <= len(seen) else seen @ seen.T)
    axes = axes[:, ::-1][:, :directions]
    if seen.shape[1] > len(seen):
        axes = np.linalg.qr(seen.T @ axes)[0]
    return np.ascontiguousarray(axes)


@dataclass(frozen=True, eq=False)
class _Prepared:
    """Rows as the kernel sees them; shared by all settings that are tried on them."""

    scorer: NormalScores
    rotation: Matrix
    placed: Matrix
    genuine: Flags
    by_person: bool

    @classmethod
    def of(cls, rows: Rows, by_person: bool) -> _Prepared:
        scorer = NormalScores.fit(rows.inputs[rows.original])
        seen = design(scorer, rows.inputs, _owners(rows) if by_person else None)
        rotation = rotate(seen)
        return cls(scorer, rotation, seen @ rotation, rows.genuine, by_person)

    def place(self, rows: Rows) -> Matrix:
        people = _owners(rows) if self.by_person else None
        return design(self.scorer, rows.inputs, people) @ self.rotation

    def fit(self, cost: float, width: float) -> Machine:
        gamma = width / len(self.scorer.floors)
        svc = SVC(C=cost, gamma=gamma, cache_size=_CACHE_MB).fit(self.placed, self.genuine)
        return Machine(
            self.scorer,
            self.by_person,
            self.rotation,
            self.placed[svc.support_],
            svc.dual_coef_[0],
            float(svc.intercept_[0]),
            gamma,
        )


def _owners(rows: Rows) -> NDArray[Any]:
    """A person's copies have a baseline of their own, as clips of another camera would."""
    return np.array([f"{p} {o}" for p, o in zip(rows.people, rows.original, strict=True)])


@dataclass(frozen=True, eq=False)
class Fitted:
    """A machine with what people kept apart said about it.

    Attributes:
        machine: fitted on all rows.
        curve: from its values to probabilities.
        cost: the C that was chosen.
        width: the width that was chosen.
        p: (originals,) probabilities of the original rows, by machines and curves that did not
            see the person.
        familiarity: (originals,) of the same.
    """

    machine: Machine
    curve: Sigmoid
    cost: float
    width: float
    p: Matrix
    familiarity: Matrix

    def __call__(self, inputs: Matrix, people: NDArray[Any] | None = None) -> Matrix:
        """(n,) probabilities of genuine for (n, inputs)."""
        return self.curve(self.machine(inputs, people)[0])


def fit_kernel(rows: Rows, by_person: bool = False, seed: int = 0) -> Fitted:
    """Choose the settings, calibrate, and fit.

    Args:
        rows: of several people with both kinds.
        by_person: give the machine scores relative to the person's own as well.
        seed: of the deal of people into inner folds.

    Raises:
        DataError: only one type, or too few people.
    """
    why = too_little(rows, seed)
    if why is not None:
        raise DataError(why)
    kept = rows.original
    tried: dict[tuple[float, float], Matrix] = {
        setting: np.full((2, len(rows.genuine)), np.nan) for setting in product(COSTS, WIDTHS)
    }
    for inside, outside in inner_folds(rows, seed):
        learn, watch = rows[inside], rows[outside]
        prepared = _Prepared.of(learn, by_person)
        placed = prepared.place(watch)
        for setting, values in tried.items():
            values[:, outside] = prepared.fit(*setting).of_placed(placed)
    best = max(tried, key=lambda s: area_under_curve(tried[s][0, kept], rows.genuine[kept]))
    values, familiarity = tried[best][:, kept]
    p = _cross_calibrated(values, rows[kept], seed)
    machine = _Prepared.of(rows, by_person).fit(*best)
    return Fitted(machine, Sigmoid.fit(values, rows.genuine[kept]), *best, p, familiarity)


def too_little(rows: Rows, seed: int) -> str | None:
    """Why a machine cannot be fitted on these rows, in a sentence; None where it can.

    Copies of clips do not count, for nothing is calibrated on them. Whichever people are left out
    to choose the settings, both types must stay.
    """
    own = rows.genuine[rows.original]
    if own.all() or not own.any():
        return "Training needs clips of both types, genuine and posed."
    people = len(np.unique(rows.people[rows.original]))
    if people < INNER:
        return (
            f"Training needs the clips of {INNER} people or more ({INNER} clips where nobody says "
            f"who is who), and there are {people}."
        )
    for inside, _ in inner_folds(rows, seed):
        there = rows.genuine[inside]
        if there.all() or not there.any():
            lacking = CLASSES[int(not there.any())]
            return (
                f"Training needs {lacking} clips of more people: those who are left out to choose "
                "the settings hold all of them."
            )
    return None


def inner_folds(rows: Rows, seed: int) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Row numbers to learn from and to watch, by person."""
    everybody, whose = np.unique(rows.people, return_inverse=True)
    dealt = np.random.default_rng(seed).permutation(len(everybody)) % INNER
    for number in range(INNER):
        outside = dealt[whose] == number
        yield np.flatnonzero(~outside), np.flatnonzero(outside)


def _cross_calibrated(values: Matrix, rows: Rows, seed: int) -> Matrix:
    p = np.empty(len(values))
    for inside, outside in inner_folds(rows, seed):
        p[outside] = Sigmoid.fit(values[inside], rows.genuine[inside])(values[outside])
    return p
