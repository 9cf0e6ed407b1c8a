"""The assignment against trying every way."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from duchenne.faces.assignment import best_assignment

SHAPES = st.tuples(st.integers(1, 4), st.integers(0, 2)).map(lambda s: (s[0], s[0] + s[1]))
SCORES = st.one_of(st.floats(-20, 20), st.integers(-3, 3).map(float), st.just(-1e6))


@given(SHAPES.flatmap(lambda shape: arrays(np.float64, shape, elements=SCORES)))
def test_no_other_way_has_a_greater_sum(scores: np.ndarray) -> None:
    rows, columns = scores.shape
    chosen = best_assignment(scores)
    assert len(set(chosen.tolist())) == rows
    every = (scores[range(rows), way].sum() for way in permutations(range(columns), rows))
    assert scores[range(rows), chosen].sum() == pytest.approx(max(every), abs=1e-6)


def test_nobody_needs_no_place() -> None:
    assert best_assignment(np.zeros((0, 3))).tolist() == []


def test_more_rows_than_columns_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(2, 1\)"):
        best_assignment(np.zeros((2, 1)))
