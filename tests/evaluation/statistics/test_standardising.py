from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import DataError
from duchenne.evaluation.statistics.standardising import Standardiser, by_person


def test_means_go_and_what_is_unknown_is_the_mean() -> None:
    features = np.array([[1.0, 5.0, np.nan], [3.0, 5.0, np.nan], [np.nan, 5.0, np.nan]])
    found = Standardiser.fit(features)(features)
    np.testing.assert_allclose(found, [[-1, 0, 0], [1, 0, 0], [0, 0, 0]])


@given(people=st.lists(st.integers(0, 4), min_size=1, max_size=30), seed=st.integers(0, 5))
def test_a_person_s_level_and_scale_are_gone(people: list[int], seed: int) -> None:
    generator = np.random.default_rng(seed)
    features = generator.normal(size=(len(people), 3))
    level, scale = generator.normal(0, 9, (5, 3)), generator.uniform(0.5, 5, (5, 3))
    moved = level[people] + scale[people] * features
    np.testing.assert_allclose(by_person(moved, people), by_person(features, people), atol=1e-6)


def test_one_clip_says_nothing_about_its_person() -> None:
    assert not by_person(np.array([[4.0, 2.0]]), [1]).any()


def test_bad_tables_are_refused() -> None:
    with pytest.raises(DataError, match=r"should be \(n, features\)"):
        Standardiser.fit(np.zeros((0, 3)))
    with pytest.raises(DataError, match=r"\(2,\) people for 3 rows"):
        by_person(np.zeros((3, 2)), [1, 2])
