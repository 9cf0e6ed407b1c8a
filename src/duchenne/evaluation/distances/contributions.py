"""Which pairs of landmarks tell the classes apart.

RELIEF (Kira and Rendell, ICML 1992; Kononenko, ECML 1994): a pair counts for as much as it sets
clips farther from the nearest clips of other classes than from the nearest of their own. For
squared Euclidean distances the pairs' margins add up exactly to that of the whole face.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duchenne.evaluation.distances.neighbours import NOBODY, Labels, nearest
from duchenne.evaluation.statistics.intervals import (
    REPLICATES,
    Estimate,
    finite_or_none,
    group_members,
    percentile_interval,
)

NEIGHBOURS: Final = 9
SHOWN: Final = 40
_COLUMNS: Final = 2048
_FLAT: Final = 1e-12


@dataclass(frozen=True)
class Contribution:
    """One pair of landmarks.

    Attributes:
        first: landmark number.
        second: the other's.
        margin: mean over clips, in variances of the distance: how much farther the nearest clips
            of other classes are than those of the same; its interval over people.
        share: of the margin of all pairs together; NaN where those have none.
    """

    first: int
    second: int
    margin: Estimate
    share: float

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        found = {"first": self.first, "second": self.second, "margin": self.margin.to_dict()}
        return found | {"share": finite_or_none(self.share)}


def contributions(
    rows: NDArray[np.float32],
    pairs: NDArray[np.intp],
    distances: NDArray[np.float32],
    labels: Labels,
    people: ArrayLike,
) -> list[Contribution]:
    """The pairs with the largest margin, that one first.

    Args:
        rows: (n, numbers x pairs) descriptions.
        pairs: (pairs, 2) landmark numbers.
        distances: (n, n) by which clips are near; infinite where they may not be compared.
        labels: (n,) classes from 0.
        people: (n,) who each clip shows.
    """
    members = group_members(len(rows), people)
    by_person = _margins(rows, distances, labels, members)
    by_person = by_person.reshape(len(members), -1, len(pairs)).mean(axis=1)
    mean = by_person.sum(axis=0) / len(rows)
    order = np.argsort(-mean, kind="stable")[:SHOWN]
    sizes = np.array([len(own) for own in members])
    random = np.random.default_rng(0)
    times = random.multinomial(len(members), np.full(len(members), 1 / len(members)), REPLICATES)
    drawn = times @ by_person[:, order] / (times @ sizes)[:, None]
    total = float(mean.sum())
    return [
        Contribution(
            int(pairs[pair, 0]),
            int(pairs[pair, 1]),
            percentile_interval(float(mean[pair]), drawn[:, place]),
            float(mean[pair]) / total if total > 0 else float("nan"),
        )
        for place, pair in enumerate(order.tolist())
    ]


def _margins(
    rows: NDArray[np.float32],
    distances: NDArray[np.float32],
    labels: Labels,
    members: list[NDArray[np.intp]],
) -> NDArray[np.float64]:
    """(people, columns) how much nearer the same class is, number by number, summed over clips."""
    same = labels[:, None] == labels
    hits, misses = nearest(distances, NEIGHBOURS, same), nearest(distances, NEIGHBOURS, ~same)
    # A clip without a neighbour of either kind is compared with itself there: no margin.
    itself = np.arange(len(rows))[:, None]
    hits, misses = (np.where(found == NOBODY, itself, found) for found in (hits, misses))
    margins = np.empty((len(members), rows.shape[1]))
    for start in range(0, rows.shape[1], _COLUMNS):
        some = slice(start, start + _COLUMNS)
        block = rows[:, some] - rows[:, some].mean(axis=0)
        spread = block.std(axis=0)
        block /= np.where(spread**2 > _FLAT, spread, np.float32(np.inf))
        found = _mean_square(block, misses) - _mean_square(block, hits)
        margins[:, some] = [found[own].sum(axis=0) for own in members]
    return margins


def _mean_square(block: NDArray[np.float32], others: NDArray[np.intp]) -> NDArray[np.float32]:
    total = np.zeros_like(block)
    for other in others.T:
        total += (block - block[other]) ** 2
    return np.asarray(total / others.shape[1], np.float32)
