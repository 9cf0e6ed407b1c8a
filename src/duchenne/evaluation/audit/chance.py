"""What chance does: labels shuffled so that they stay as clustered within people as they are."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.evaluation.audit.ridge import average_ranks

Matrix = NDArray[np.float64]

PERMUTATIONS: Final = 399
_LEAST_UNIT: Final = 0.3
ALPHA: Final = 0.01
"""How probable it is at most that a data set without any shortcut is accused of one."""


def shuffled_labels(
    label: NDArray[np.intp], groups: NDArray[np.int64], count: int = PERMUTATIONS, seed: int = 0
) -> NDArray[np.intp]:
    """(n, 1 + count): the labels as they are, then shuffled.

    Each person is given the labels of another, in an order by chance, repeated or cut to the number
    of the person's items: rows of one person are not independent, so people are exchanged, not
    rows. Where every item is a person of its own, this is plain shuffling.

    Args:
        label: (n,) class numbers.
        groups: (n,) person numbers, from 0.
        count: how many times.
        seed: of the draws.
    """
    generator = np.random.default_rng(seed)
    sizes = np.bincount(groups)
    starts = np.cumsum(sizes) - sizes
    order = np.argsort(groups, kind="stable")
    within = np.arange(len(label)) - np.repeat(starts, sizes)
    found = np.empty((len(label), 1 + count), np.intp)
    found[:, 0] = label
    for column in range(1, 1 + count):
        mixed = label[np.lexsort((generator.random(len(label)), groups))]
        donor = np.repeat(generator.permutation(len(sizes)), sizes)
        found[order, column] = mixed[starts[donor] + within % sizes[donor]]
    return found


def indicators(labels: NDArray[np.intp], classes: int) -> Matrix:
    """(n, k) class numbers to (n, k x questions) 0 or 1; two labels are one question."""
    asked = range(1, 2) if classes == 2 else range(classes)
    return np.stack([labels == c for c in asked], axis=2).reshape(len(labels), -1).astype(float)


def areas(scores: Matrix, targets: Matrix) -> NDArray[np.float64]:
    """(m,) area under the ROC curve of each column of (n, m); 0.5 where a label is missing."""
    return areas_of_ranks(average_ranks(scores), targets)


def areas_of_ranks(ranks: Matrix, targets: Matrix) -> NDArray[np.float64]:
    """The same from ranks (n, m) that count from 0."""
    return _areas((ranks * targets).sum(axis=0), targets.sum(axis=0), len(targets))


def folded_areas(values: Matrix, targets: Matrix) -> Matrix:
    """(j, m): how well each of (n, j) values alone, high or low, tells each of (n, m) targets."""
    sums = average_ranks(values).T @ targets
    found = _areas(sums, targets.sum(axis=0), len(targets))
    return np.abs(found - 0.5) + 0.5


def _areas(sums: Matrix, ones: Matrix, rows: int) -> Matrix:
    pairs = ones * (rows - ones)
    above = sums - ones * (ones - 1) / 2
    return np.where(pairs > 0, above / np.where(pairs > 0, pairs, 1), 0.5)


def macro(found: Matrix, draws: int) -> Matrix:
    """Areas (..., draws x questions) averaged over the questions: (..., draws)."""
    return np.asarray(found.reshape(*found.shape[:-1], draws, -1).mean(axis=-1))


def adjusted_p(statistics: Matrix) -> NDArray[np.float64]:
    """p values of all tests together (Westfall and Young 1993, max T).

    Args:
        statistics: (tests, 1 + draws), the observed ones first.

    Returns:
        (tests,) how often chance makes any of the tests stand out as much as this one does.
    """
    middle, far = np.quantile(statistics, [0.5, 0.99], axis=1, keepdims=True)
    # Each in units of its own upper tail, so that none with a long one drowns the others; one that
    # hardly varies, such as a rare file format, gets no unit of its own.
    unit = far - middle
    z = (statistics - middle) / np.maximum(unit, max(_LEAST_UNIT * float(np.median(unit)), 1e-12))
    highest = z.max(axis=0)
    return np.asarray((highest[None, :] >= z[:, :1] - 1e-9).mean(axis=1))
