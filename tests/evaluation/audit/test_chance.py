from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from duchenne.evaluation.audit.chance import (
    adjusted_p,
    areas,
    folded_areas,
    indicators,
    macro,
    shuffled_labels,
)
from duchenne.evaluation.audit.ridge import average_ranks, ranked, scores_out_of_fold
from duchenne.evaluation.statistics.ranking import area_under_curve

numbers = st.lists(st.integers(-3, 3), min_size=4, max_size=40)


@given(numbers)
def test_ranks_are_those_of_pandas(values: list[int]) -> None:
    expected = pd.Series(values).rank().to_numpy() - 1
    np.testing.assert_allclose(average_ranks(np.array(values, float)[:, None])[:, 0], expected)


@given(numbers, st.integers(0, 2**32 - 1))
def test_areas_are_those_of_one_at_a_time(values: list[int], seed: int) -> None:
    scores = np.array(values, float)
    positive = np.random.default_rng(seed).random(len(values)) < 0.5
    found = areas(scores[:, None], positive[:, None].astype(float))[0]
    expected = area_under_curve(scores, positive)
    assert found == 0.5 if np.isnan(expected) else abs(found - expected) < 1e-12
    folded = folded_areas(scores[:, None], positive[:, None].astype(float))[0, 0]
    assert abs(folded - (abs(found - 0.5) + 0.5)) < 1e-12


@given(st.lists(st.integers(0, 5), min_size=2, max_size=40), st.integers(0, 10**6))
def test_people_with_one_label_keep_one_label(groups: list[int], seed: int) -> None:
    _, group = np.unique(groups, return_inverse=True)
    own = np.random.default_rng(seed).integers(0, 3, group.max() + 1)
    shuffled = shuffled_labels(own[group], group.astype(np.int64), 20, seed)
    assert (shuffled[:, 0] == own[group]).all()
    for column in shuffled.T:
        each = [np.unique(column[group == g]) for g in range(group.max() + 1)]
        assert all(len(labels) == 1 for labels in each)
        assert sorted(int(labels[0]) for labels in each) == sorted(own.tolist())


@given(st.lists(st.integers(0, 3), min_size=2, max_size=40), st.integers(0, 10**6))
def test_items_of_nobody_are_plainly_shuffled(labels: list[int], seed: int) -> None:
    label = np.array(labels)
    shuffled = shuffled_labels(label, np.arange(len(label)), 10, seed)
    assert (np.sort(shuffled, axis=0) == np.sort(label)[:, None]).all()


def test_two_labels_are_one_question_and_three_are_three() -> None:
    labels = np.array([[0, 1], [1, 1], [2, 0]])
    assert indicators(np.minimum(labels, 1), 2).tolist() == [[0, 1], [1, 1], [1, 0]]
    assert indicators(labels, 3).shape == (3, 6)
    # Draws stand one after the other, the questions of each together.
    np.testing.assert_allclose(macro(np.array([1.0, 2, 3, 4, 5, 6]), 2), [2, 5])


def test_the_p_of_the_best_of_many_is_as_often_small_as_it_should_be() -> None:
    rng = np.random.default_rng(5)
    p = np.array([adjusted_p(rng.normal(size=(20, 200))).min() for _ in range(600)])
    for level in (0.05, 0.25, 0.5):
        assert abs((p <= level).mean() - level) < 0.06


def test_one_that_stands_out_is_seen_among_many_that_do_not() -> None:
    rng = np.random.default_rng(6)
    statistics = rng.normal(size=(40, 400))
    statistics[7, 0] = 8.0
    p = adjusted_p(statistics)
    assert p[7] == 1 / 400
    assert np.delete(p, 7).min() > 0.01


def test_a_fold_is_scored_by_the_others_only() -> None:
    """A column that numbers the rows tells labels only to a model that saw the row."""
    rng = np.random.default_rng(7)
    fold = np.arange(60) % 5
    targets = (rng.random((60, 1)) < 0.5).astype(float)
    found = scores_out_of_fold(np.eye(60), targets, fold)
    assert abs(areas(found, targets)[0] - 0.5) < 0.25
    seen = scores_out_of_fold(np.column_stack([targets, rng.normal(size=60)]), targets, fold)
    assert areas(seen, targets)[0] == 1.0


def test_ranks_put_what_is_missing_in_the_middle() -> None:
    values = np.array([[1.0], [np.nan], [100.0], [2.0]])
    np.testing.assert_allclose(ranked(values)[:, 0], [-1, 0, 1, 0])
