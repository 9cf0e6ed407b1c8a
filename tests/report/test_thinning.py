"""Thinned series keep what they promise: extremes, or means that add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from duchenne.report.thinning import group_size, thin_extremes, thin_means, thin_times

Values = NDArray[np.float64]
numbers = st.floats(-1e6, 1e6) | st.just(np.nan)
series = st.integers(1, 60).flatmap(lambda n: arrays(np.float64, (2, n), elements=numbers))


@given(st.integers(1, 5000), st.integers(2, 2000).map(lambda n: 2 * n))
def test_as_few_frames_a_point_as_the_limit_allows(count: int, limit: int) -> None:
    group = group_size(count, limit)
    assert len(thin_times(np.arange(count, dtype=float), group)) <= limit
    assert group == 1 or -(-count // (group - 1)) > limit


@given(series, st.integers(1, 9))
def test_extremes_survive(values: Values, group: int) -> None:
    thin = thin_extremes(values, group)
    for before, after in zip(values, thin, strict=True):
        known, kept = before[~np.isnan(before)], after[~np.isnan(after)]
        assert set(kept) <= set(known)
        if known.size:
            assert kept.min() == known.min()
            assert kept.max() == known.max()
        else:
            assert not kept.size


@given(series, st.integers(1, 9))
def test_all_series_stay_on_one_axis(values: Values, group: int) -> None:
    times = thin_times(np.arange(values.shape[1], dtype=float), group)
    assert (np.diff(times) >= 0).all()
    assert len(times) == thin_means(values, group).shape[1] == thin_extremes(values, group).shape[1]


@given(st.integers(1, 60), st.integers(1, 9), st.integers(0, 99))
def test_means_of_shares_add_up_to_one(count: int, group: int, seed: int) -> None:
    shares = np.random.default_rng(seed).dirichlet(np.ones(7), count).T
    totals = thin_means(shares, group).sum(axis=0)
    assert totals[np.isfinite(totals)] == pytest.approx(1.0)


@given(series)
def test_short_series_stay_as_they_are(values: Values) -> None:
    np.testing.assert_array_equal(thin_extremes(values, 1), values)
    np.testing.assert_array_equal(thin_means(values, 1), values)
