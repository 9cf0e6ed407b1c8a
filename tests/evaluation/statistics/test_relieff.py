from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import DataError
from duchenne.evaluation.statistics.relieff import relieff


def test_weights_by_hand() -> None:
    rows = np.array([[0.0, 0.0], [0.3, 1.0], [1.0, 0.4], [0.7, 0.6]])
    # The nearest row of the same class is the other one of it: hits of the first feature .3, .3,
    # .3, .3, of the second 1, 1, .2, .2. The nearest of the other class is the fourth to the first
    # and to the second, the second to the third and to the fourth: misses .7, .4, .7, .4 and
    # .6, .4, .6, .4.
    found = relieff(rows, [0, 0, 1, 1], neighbours=1)
    np.testing.assert_allclose(found, [0.55 - 0.3, 0.5 - 0.6], atol=1e-6)
    # With both rows of the other class: .85, .55, .85, .55 and .5, .5, .5, .5.
    found = relieff(rows, [0, 0, 1, 1], neighbours=2)
    np.testing.assert_allclose(found, [0.7 - 0.3, 0.5 - 0.6], atol=1e-6)


def test_three_classes_count_by_their_shares_by_hand() -> None:
    # One feature, scaled 0, .1, .5, 1. Row by row, misses weighed by P(C) / (1 - P(own)):
    # 0: hit .1, misses .5 and 1 at a half each; .1: hit .1, .4 and .9; .5: no hit, the nearest of
    # the first class is .4 away (2/3), the third class .5 (1/3); 1: .9 (2/3), .5 (1/3).
    wanted = (0.75 - 0.1 + 0.65 - 0.1 + (0.8 + 0.5) / 3 + (1.8 + 0.5) / 3) / 4
    found = relieff(np.array([[0.0], [1.0], [5.0], [10.0]]), ["a", "a", "b", "c"], neighbours=1)
    np.testing.assert_allclose(found, [wanted], atol=1e-6)


def test_features_that_tell_only_together_are_found() -> None:
    rows = np.random.default_rng(0).uniform(-1, 1, (300, 8))
    found = relieff(rows, rows[:, 2] * rows[:, 5] > 0)
    assert set(np.argsort(-found)[:2]) == {2, 5}


def test_rows_of_one_person_are_not_compared() -> None:
    generator = np.random.default_rng(1)
    people = np.repeat(np.arange(20), 6)
    kinds = np.arange(120) % 2 == 0
    # The first feature is who it is, the second tells the kinds apart a little.
    rows = np.column_stack([people / 19.0, generator.normal(0, 1, 120) + 1.2 * kinds])
    alone, apart = relieff(rows, kinds), relieff(rows, kinds, groups=people)
    assert alone[1] > 0.02
    assert apart[1] > 0.02
    only = relieff(rows, kinds, groups=np.zeros(120))
    np.testing.assert_array_equal(only, 0.0)


@given(
    st.integers(4, 25).flatmap(
        lambda n: st.tuples(
            st.lists(
                st.tuples(st.integers(0, 9), st.integers(0, 9), st.just(3)), min_size=n, max_size=n
            ),
            st.lists(st.sampled_from([0, 1, 2]), min_size=n, max_size=n).filter(
                lambda kinds: len(set(kinds)) > 1
            ),
        )
    )
)
def test_rules(drawn: tuple[list[tuple[int, ...]], list[int]]) -> None:
    rows, kinds = np.array(drawn[0], np.float64), drawn[1]
    found = relieff(rows, kinds, neighbours=3)
    assert (np.abs(found) <= 1 + 1e-6).all()
    assert found[2] == 0  # does not vary
    np.testing.assert_allclose(relieff(rows * 2.0 + 8.0, kinds, neighbours=3), found, atol=1e-6)
    twice = relieff(np.column_stack([rows, rows]), kinds, neighbours=3)
    np.testing.assert_allclose(twice[:3], twice[3:])


@pytest.mark.parametrize(
    ("rows", "kinds", "neighbours", "message"),
    [
        (np.zeros((3, 2)), [0, 1], 5, "a class and a group each"),
        (np.zeros(3), [0, 1, 1], 5, "a class and a group each"),
        (np.full((3, 2), np.nan), [0, 1, 1], 5, "features that are numbers"),
        (np.zeros((3, 2)), [1, 1, 1], 5, "at least two classes"),
        (np.zeros((3, 2)), [0, 1, 1], 0, "at least one neighbour"),
    ],
)
def test_what_it_cannot_use_is_named(
    rows: np.ndarray, kinds: list[int], neighbours: int, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        relieff(rows, kinds, neighbours)
