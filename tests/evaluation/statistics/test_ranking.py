from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import DataError
from duchenne.evaluation.statistics.ranking import area_under_curve


@pytest.mark.parametrize(
    ("scores", "positive", "area"),
    [
        ([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], 0.75),
        ([1, 2, 3, 4], [0, 0, 1, 1], 1.0),
        ([1, 2, 3, 4], [1, 1, 0, 0], 0.0),
        ([5, 5, 5], [1, 0, 0], 0.5),
    ],
)
def test_areas_by_hand(scores: list[float], positive: list[int], area: float) -> None:
    assert area_under_curve(scores, positive) == pytest.approx(area)


@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=2, max_size=40))
def test_the_area_is_the_share_of_pairs_in_order(rows: list[tuple[int, bool]]) -> None:
    above = [score for score, kind in rows if kind]
    below = [score for score, kind in rows if not kind]
    found = area_under_curve([score for score, _ in rows], [kind for _, kind in rows])
    if not (above and below):
        assert np.isnan(found)
        return
    pairs = [(a > b) + 0.5 * (a == b) for a in above for b in below]
    assert found == pytest.approx(float(np.mean(pairs)))


@pytest.mark.parametrize("scores", [[float("nan"), 1.0], [1.0], [[1.0, 2.0]]])
def test_bad_scores_are_named(scores: list[float]) -> None:
    with pytest.raises(DataError, match="Ranking needs"):
        area_under_curve(scores, [True, False])
