"""How much of a result is people and collections: the same small model under three kinds of folds.

Random folds let a model know everybody it is tested on. What they promise beyond folds that keep
people, or whole sources, apart is what a network would lose on a stranger (Chaibub Neto et al.,
npj Digital Medicine 2019: identity confounding).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.evaluation.audit import chance
from duchenne.evaluation.audit.items import AuditSet
from duchenne.evaluation.audit.ridge import joint_basis, scores_out_of_fold, standardised
from duchenne.evaluation.audit.shortcuts import FOLDS, macro_area
from duchenne.evaluation.datasets.uva_nemo import deal
from duchenne.evaluation.statistics.intervals import (
    REPLICATES,
    Estimate,
    finite_or_none,
    group_members,
    percentile_interval,
)

Matrix = NDArray[np.float64]

MOST_ROWS: Final = 4000
LARGEST_HARMLESS: Final = 0.03
"""Gaps whose interval begins above this are told; smaller ones are noise of the folds."""
_BOOTSTRAPS: Final = REPLICATES // 5


@dataclass(frozen=True, eq=False)
class Gap:
    """Random folds beside folds that keep something apart.

    Attributes:
        apart: what is kept apart: people, or sources.
        random: macro AUC of the content model under random folds.
        kept: the same under folds that keep it apart, on the same rows.
        gap: random less kept; the interval is a bootstrap over people or sources.
        groups: how many people or sources there are.
    """

    apart: str
    random: Estimate
    kept: Estimate
    gap: Estimate
    groups: int

    @property
    def found(self) -> bool:
        """Whether random folds promise too much."""
        return self.gap.low > LARGEST_HARMLESS

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "apart": self.apart,
            "groups": self.groups,
            "random": self.random.to_dict(),
            "kept_apart": self.kept.to_dict(),
            "gap": self.gap.to_dict(),
            "found": self.found,
        }


@dataclass(frozen=True, eq=False)
class Content:
    """What a simple model reaches on the content itself.

    Attributes:
        name: what the content is.
        rows: how many items it was fitted to and tested on, out of fold.
        gaps: people and sources, where they are known.
        plain: macro AUC under the strictest folds there are.
        shuffled: 95 % of shuffles of the labels stay below this AUC, under the same folds.
        untestable: every source has one label only, so no folds can keep sources apart.
    """

    name: str
    rows: int
    gaps: tuple[Gap, ...]
    plain: float
    shuffled: float
    untestable: bool

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "content": self.name,
            "rows": self.rows,
            "auc": finite_or_none(self.plain),
            "shuffled_labels_95": finite_or_none(self.shuffled),
            "gaps": [gap.to_dict() for gap in self.gaps],
            "each_source_has_one_label": self.untestable,
        }


def content_model(data: AuditSet, seed: int = 0) -> Content | None:
    """Fit the content under each kind of folds; None where there is no content.

    The model is a ridge on the content and on random Fourier features of it: nearer to a nearest
    neighbour, which knows people again, than a line alone is.
    """
    data = data.known()
    if data.content is None or not data.content.size:
        return None
    data = data.rows(_some(len(data), seed))
    assert data.content is not None
    basis = np.concatenate([standardised(data.content), joint_basis(data.content)], axis=1)
    label = np.unique(data.label, return_inverse=True)[1].astype(np.intp)
    targets = chance.indicators(label[:, None], len(data.classes))
    strict = deal(np.arange(len(data)), seed, FOLDS)
    random, gaps = scores_out_of_fold(basis, targets, strict), []
    kinds = [("people", data.groups)] if data.knows_subjects else []
    if _mixed_sources(data) > 1:
        kinds.append(("sources", np.unique(data.source, return_inverse=True)[1].astype(np.int64)))
    for name, groups in kinds:
        count = len(np.unique(groups))
        if count < 2:
            continue
        fold = deal(groups, seed, min(FOLDS, count) if name == "people" else count)
        kept = scores_out_of_fold(basis, targets, fold)
        gaps.append(_gap(name, random, kept, targets, groups))
        strict = fold if name == "people" else strict
    return Content(
        name=data.content_name,
        rows=len(data),
        gaps=tuple(gaps),
        plain=macro_area(scores_out_of_fold(basis, targets, strict), targets),
        shuffled=_shuffled(basis, data, label, strict, seed),
        untestable=_untestable(data),
    )


def _some(rows: int, seed: int) -> NDArray[np.bool_]:
    chosen = np.zeros(rows, bool)
    drawn = np.random.default_rng(seed).permutation(rows)[:MOST_ROWS]
    chosen[drawn] = True
    return chosen


def _gap(
    name: str, random: Matrix, kept: Matrix, targets: Matrix, groups: NDArray[np.int64]
) -> Gap:
    members = group_members(len(targets), groups)
    generator = np.random.default_rng(0)
    draws = np.empty((2, _BOOTSTRAPS))
    for i in range(_BOOTSTRAPS):
        rows = np.concatenate(
            [members[j] for j in generator.integers(0, len(members), len(members))]
        )
        draws[:, i] = [macro_area(scores[rows], targets[rows]) for scores in (random, kept)]
    values = macro_area(random, targets), macro_area(kept, targets)
    return Gap(
        name,
        percentile_interval(values[0], draws[0]),
        percentile_interval(values[1], draws[1]),
        percentile_interval(values[0] - values[1], draws[0] - draws[1]),
        len(members),
    )


def _shuffled(
    basis: Matrix, data: AuditSet, label: NDArray[np.intp], fold: NDArray[np.intp], seed: int
) -> float:
    labels = chance.shuffled_labels(label, data.groups, 60, seed)[:, 1:]
    targets = chance.indicators(labels, len(data.classes))
    areas = chance.areas(scores_out_of_fold(basis, targets, fold), targets)
    return float(np.quantile(chance.macro(areas, labels.shape[1]), 0.95))


def _mixed_sources(data: AuditSet) -> int:
    """How many sources there are, if all of them hold every label; else 0."""
    sources = np.unique(data.source)
    if len(sources) < 2 or "" in sources.tolist():
        return 0
    whole = all(len(np.unique(data.label[data.source == s])) == len(data.classes) for s in sources)
    return len(sources) if whole else 0


def _untestable(data: AuditSet) -> bool:
    sources = np.unique(data.source)
    return len(sources) > 1 and all(
        len(np.unique(data.label[data.source == source])) == 1 for source in sources
    )
