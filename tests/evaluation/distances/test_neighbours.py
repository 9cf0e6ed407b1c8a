from __future__ import annotations

import numpy as np
import pytest

from duchenne.errors import DataError
from duchenne.evaluation.distances.choosing import choose
from duchenne.evaluation.distances.neighbours import NOBODY, nearest, vote
from duchenne.evaluation.statistics.subject_folds import Folds


def test_nearest_first_and_none_beyond_those_allowed() -> None:
    apart = np.array([[np.inf, 3, 1, 2], [3, np.inf, 5, 4]], np.float32)
    np.testing.assert_array_equal(nearest(apart, 2), [[2, 3], [0, 3]])
    few = nearest(apart, 3, np.array([False, True, True, False]))
    np.testing.assert_array_equal(few, [[2, 1, NOBODY], [2, NOBODY, NOBODY]])
    with pytest.raises(DataError, match="at least one neighbour"):
        nearest(apart, 0)
    with pytest.raises(DataError, match="no number"):
        nearest(np.array([[np.nan]], np.float32))


@pytest.mark.parametrize(
    ("neighbours", "expected"),
    [
        ([0], 0),
        ([0, 1, 2], 1),  # two votes beat the nearest
        ([0, 1], 0),  # between equals the nearer
        ([1, 0, 2, 3], 1),  # a pair of pairs: ranks 1 and 3 before 2 and 4
        ([NOBODY, NOBODY], NOBODY),
        ([1, NOBODY], 1),
    ],
)
def test_vote(neighbours: list[int], expected: int) -> None:
    labels = np.array([0, 1, 1, 0])
    assert vote(np.array([neighbours]), labels)[0] == expected


def test_each_fold_chooses_without_the_clips_that_it_scores() -> None:
    """The metric that is perfect on the training clips is taken, though it fails on the rest."""
    random = np.random.default_rng(0)
    folds = Folds("subject", np.repeat(np.arange(3), 20))
    labels = np.tile([0, 1], 30)
    same = labels[:, None] == labels
    good = np.where(same, 1, 2) + 0.1 * random.random((60, 60))
    bad = np.where(same, 2, 1) + 0.1 * random.random((60, 60))
    held = folds.fold == 0
    # Fold 0's clips are badly served by the first metric, everybody else well.
    mixed = np.where(held[:, None] | held, bad, good).astype(np.float32)
    apart = {"mixed": mixed, "bad": bad.astype(np.float32)}
    for each in apart.values():
        each[folds.fold[:, None] == folds.fold] = np.inf
    found = choose(apart, labels, folds)
    assert sum(found.times.values()) == 3
    assert (found.predicted[held] != labels[held]).all()
    assert {metric for metric, _ in found.times} == {"mixed"}
    assert (found.predicted[~held] == labels[~held]).mean() > 0.45
