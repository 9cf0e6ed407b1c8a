"""How well labels can be told without the expression, and whether chance could do as much.

All questions are asked together: labels are shuffled once for all, and a finding counts when chance
makes *any* question stand out as much in at most 1 % of the shuffles (max T, Westfall and Young
1993). So a data set without shortcuts is accused in at most one audit of a hundred, however many
nuisances are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from duchenne.evaluation.audit import chance
from duchenne.evaluation.audit.items import AuditSet
from duchenne.evaluation.audit.probes import Probe, Sort, probes
from duchenne.evaluation.audit.ridge import average_ranks, ranked, scores_out_of_fold
from duchenne.evaluation.datasets.uva_nemo import deal
from duchenne.evaluation.statistics.intervals import Estimate, bootstrap_interval, finite_or_none

Matrix = NDArray[np.float64]

FOLDS: Final = 5
BOOTSTRAPS: Final = 200
_CELLS: Final = 2_000_000


@dataclass(frozen=True, eq=False)
class Shortcut:
    """One way to tell the labels apart without looking at the expression.

    Attributes:
        name: what was looked at.
        sort: of the question, as in ``Probe``; ``single`` for one nuisance alone.
        auc: macro AUC, 0.5 to 1 or below by chance, out of fold; of a single nuisance its own
            AUC, fitted to nothing, the better of both directions. The interval is a bootstrap over
            people; None where chance does as much.
        value: the AUC's value.
        chance: the AUC that 95 % of the shuffles stay below.
        p: corrected for all questions together.
        draws: (399,) AUC of each shuffle, or as many as were asked for.
    """

    name: str
    sort: Sort | Literal["single"]
    value: float
    chance: float
    p: float
    draws: Matrix
    auc: Estimate | None = None

    @property
    def found(self) -> bool:
        """Whether chance seldom does as much."""
        return self.p <= chance.ALPHA

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, without the draws."""
        return {
            "name": self.name,
            "sort": self.sort,
            "auc": finite_or_none(self.value),
            "interval": None if self.auc is None else self.auc.to_dict(),
            "chance_95": finite_or_none(self.chance),
            "p": finite_or_none(self.p),
            "found": self.found,
        }


@dataclass(frozen=True, eq=False)
class _Asked:
    """The data as numbers: labels, their shuffles, people, folds."""

    data: AuditSet
    label: NDArray[np.intp]
    shuffled: NDArray[np.intp]
    fold: NDArray[np.intp]

    @classmethod
    def of(cls, data: AuditSet, seed: int, draws: int) -> _Asked:
        label = np.unique(data.label, return_inverse=True)[1].astype(np.intp)
        groups = data.groups
        folds = min(FOLDS, len(np.unique(groups)))
        fold = deal(groups, seed, folds) if folds > 1 else np.arange(len(label)) % FOLDS
        return cls(data, label, chance.shuffled_labels(label, groups, draws, seed), fold)

    @property
    def classes(self) -> int:
        return len(self.data.classes)


def find_shortcuts(
    data: AuditSet, seed: int = 0, draws: int = chance.PERMUTATIONS, intervals: bool = True
) -> list[Shortcut]:
    """Every question with its answer, the strongest first.

    Args:
        data: the items; those that were not measured are left out.
        seed: of folds, shuffles and bootstraps.
        draws: how often labels are shuffled; with fewer than 99 nothing can be found.
        intervals: whether to compute those of the findings, which takes most of the time.
    """
    data = data.known()
    asked = _Asked.of(data, seed, draws)
    questions: list[tuple[str, Sort | Literal["single"]]] = []
    rows: list[Matrix] = []
    held: dict[str, Probe] = {}
    for probe in probes(data):
        held[probe.name] = probe
        questions.append((probe.name, probe.sort))
        rows.append(_model_areas(probe.basis, asked))
    singles = _single_areas(data, asked)
    questions += [(name, "single") for name in data.nuisances]
    if not questions:
        return []
    statistics = np.vstack([*rows, singles]) if len(singles) else np.vstack(rows)
    p = chance.adjusted_p(statistics)
    found = [
        Shortcut(name, sort, float(line[0]), float(np.quantile(line[1:], 0.95)), float(q), line[1:])
        for (name, sort), line, q in zip(questions, statistics, p, strict=True)
    ]
    if intervals:
        found = [_with_interval(one, held.get(one.name), asked) for one in found]
    return sorted(found, key=lambda one: (not one.found, -one.value))


def macro_area(scores: Matrix, targets: Matrix) -> float:
    """Mean AUC over the questions (N, questions)."""
    return float(chance.areas(scores, targets).mean())


def _model_areas(basis: Matrix, asked: _Asked) -> Matrix:
    """(1 + draws,) macro AUC out of fold, of the labels as they are and of each shuffle."""
    targets = chance.indicators(asked.shuffled, asked.classes)
    scores = scores_out_of_fold(basis, targets, asked.fold)
    step = max(1, _CELLS // len(scores))
    parts = [
        chance.areas(scores[:, start : start + step], targets[:, start : start + step])
        for start in range(0, scores.shape[1], step)
    ]
    return chance.macro(np.concatenate(parts), asked.shuffled.shape[1])


def _single_areas(data: AuditSet, asked: _Asked) -> Matrix:
    """(nuisances, 1 + draws): each alone, as it is or as its distance from the middle."""
    if not data.nuisances:
        return np.zeros((0, asked.shuffled.shape[1]))
    values = both_ways(np.column_stack(list(data.nuisances.values())))
    targets = chance.indicators(asked.shuffled, asked.classes)
    areas = chance.macro(chance.folded_areas(values, targets), asked.shuffled.shape[1])
    return np.maximum(*np.split(areas, 2))


def both_ways(values: Matrix) -> Matrix:
    """(n, p) to (n, 2 p): ranks, then how far they lie from the middle; unknown in between."""
    x = ranked(values)
    ends = np.abs(x)
    known = np.isfinite(values)
    return np.concatenate([x, np.where(known, ends, 0.5)], axis=1)


def _with_interval(one: Shortcut, probe: Probe | None, asked: _Asked) -> Shortcut:
    if not (one.found or one.sort == "nuisances"):
        return one
    targets = chance.indicators(asked.label[:, None], asked.classes)
    if probe is not None:
        scores = scores_out_of_fold(probe.basis, targets, asked.fold)
    else:
        scores = _best_way(asked.data.nuisances[one.name], targets)

    def statistic(rows: NDArray[np.intp]) -> float:
        return macro_area(scores[rows], targets[rows])

    groups = asked.data.groups
    estimate = bootstrap_interval(statistic, len(scores), groups, n=BOOTSTRAPS)
    return Shortcut(one.name, one.sort, one.value, one.chance, one.p, one.draws, estimate)


def _best_way(values: NDArray[np.float64], targets: Matrix) -> Matrix:
    """(N, questions): the nuisance, turned so that more of it speaks for each label."""
    ways = both_ways(values[:, None])
    areas = chance.areas_of_ranks
    ranks = average_ranks(ways)
    each = np.stack([areas(ranks[:, [way]], targets) for way in range(2)])
    way = int(np.abs(each - 0.5).mean(axis=1).argmax())
    return ways[:, [way]] * np.where(each[way] >= 0.5, 1.0, -1.0)


def strongest(found: Sequence[Shortcut], *sorts: str) -> Shortcut | None:
    """The best of the findings of these sorts; None where chance does as much as any of them."""
    some = [one for one in found if one.sort in sorts and one.found]
    return max(some, key=lambda one: one.value, default=None)
