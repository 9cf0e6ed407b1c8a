import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from duchenne.synchrony.segments import Segments, sum_rolled
from duchenne.synchrony.settings import Average, Measure, Method, Settings
from duchenne.synchrony.windows import Windows

WINDOWS = Windows.over(200, 10.0, 3.0, 1.0)


def series(seed: int, missing: bool = False) -> NDArray[np.float64]:
    random = np.random.default_rng(seed)
    walks = np.cumsum(random.standard_normal((5, 200)), axis=1)
    if missing:
        walks[1, 40:90] = np.nan  # gone for a while
        walks[2, 120:123] = np.nan  # a short gap: windows with most of their samples
        walks[3, 150:] = 1.0  # still
    return walks


@given(
    st.integers(0, 1000),
    st.booleans(),
    st.sampled_from(["pairwise", "leave-one-out"]),
    st.sampled_from(["pearson", "spearman"]),
    st.sampled_from(["r", "z"]),
)
@settings(max_examples=25)
def test_moving_windows_is_the_same_as_correlating_moved_windows(
    seed: int, missing: bool, measure: Measure, method: Method, average: Average
) -> None:
    chosen = Settings(measure=measure, method=method, average=average)
    segments = Segments.of(series(seed, missing), WINDOWS, chosen)
    shifts = np.random.default_rng(seed).integers(0, len(WINDOWS), 5)
    moved = Segments(
        np.stack([np.roll(raw, -s, axis=0) for raw, s in zip(segments.raw, shifts, strict=True)]),
        segments.ready,
        np.stack([np.roll(p, -s) for p, s in zip(segments.present, shifts, strict=True)]),
        segments.broken,
        segments.least,
        chosen,
    )
    expected = moved.summary(moved.correlations())
    np.testing.assert_allclose(segments.moved(shifts), expected, atol=2e-5)


def test_a_person_counts_with_enough_samples_that_change() -> None:
    segments = Segments.of(series(0, missing=True), WINDOWS, Settings(min_valid=0.8))
    assert not segments.present[1, 5]  # gone
    assert segments.present[2, 11]  # 27 of 30 samples
    assert segments.broken[2, 11]
    assert not segments.present[3, -1]  # still
    assert segments.people[-1] == 4
    strict = Segments.of(series(0, missing=True), WINDOWS, Settings(min_valid=1.0))
    assert not strict.present[2, 11]


def test_too_few_people_leave_a_window_empty() -> None:
    walks = series(0)
    walks[2:, :100] = np.nan
    segments = Segments.of(walks, WINDOWS, Settings(min_people=3))
    found = segments.summary(segments.correlations())
    assert np.isnan(found[0])
    assert np.isfinite(found[-1])
    assert np.isnan(segments.moved(np.zeros(5, np.int64))[0])


@pytest.mark.parametrize("shift", [-3, 0, 2, 7, 11])
def test_sum_rolled_is_numpys_roll(shift: int) -> None:
    rows = np.arange(2 * 7 * 3, dtype=float).reshape(2, 7, 3)
    expected = np.roll(rows[0], -shift, axis=0) + rows[1]
    np.testing.assert_array_equal(sum_rolled(rows, np.array([shift, 0])), expected)
