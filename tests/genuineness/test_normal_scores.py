from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from duchenne.errors import DataError
from duchenne.genuineness.normal_scores import HIGHEST, NormalScores

columns = hnp.arrays(
    np.float64, st.integers(2, 60), elements=st.floats(-1e3, 1e3, allow_nan=False, width=32)
)


def test_many_values_become_normal_whatever_their_own_spread() -> None:
    values = np.random.default_rng(0).exponential(size=(4000, 1))
    scores = NormalScores.fit(values)(values)
    within = np.abs(scores[:, 0]) < 1
    assert within.mean() == pytest.approx(NormalDist().cdf(1) - NormalDist().cdf(-1), abs=0.01)
    assert np.median(scores) == pytest.approx(0, abs=0.02)


@given(columns)
def test_scores_rise_with_the_value_and_stay_within_bounds(values: np.ndarray) -> None:
    curve = NormalScores.fit(values[:, None])
    along = np.sort(np.concatenate([values, np.linspace(-2e3, 2e3, 9)]))
    scores = curve(along[:, None])[:, 0]
    assert (np.diff(scores) >= -1e-9).all()
    assert (np.abs(scores) <= HIGHEST + 1e-9).all()


@given(columns, st.floats(0.5, 20), st.integers(-50, 50))
def test_the_unit_does_not_matter(values: np.ndarray, scale: float, shift: int) -> None:
    rounded = np.round(values)
    first = NormalScores.fit(rounded[:, None])(rounded[:, None])
    other = scale * rounded[:, None] + shift
    assert NormalScores.fit(other)(other) == pytest.approx(first, abs=0.02)


def test_ties_share_the_mean_of_their_scores() -> None:
    values = np.array([0.0] * 50 + list(np.linspace(1, 2, 50)))[:, None]
    tied = NormalScores.fit(values)(np.zeros((1, 1)))[0, 0]
    lower_half = np.linspace(-HIGHEST, 0, 17)
    assert tied == pytest.approx(lower_half.mean(), abs=0.1)


def test_what_was_not_measured_or_never_varies_is_typical() -> None:
    values = np.column_stack([np.arange(5.0), np.full(5, 3.0), np.full(5, np.nan)])
    scores = NormalScores.fit(values)(np.array([[np.nan, 7.0, 1.0]]))
    assert scores.tolist() == [[0.0, 0.0, 0.0]]


@pytest.mark.parametrize("wrong", [np.zeros((0, 3)), np.zeros(4)])
def test_no_rows_no_curve(wrong: np.ndarray) -> None:
    with pytest.raises(DataError, match="Features should be"):
        NormalScores.fit(wrong)
