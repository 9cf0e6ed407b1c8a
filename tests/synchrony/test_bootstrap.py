import numpy as np
import pytest

from duchenne.synchrony.bootstrap import people_interval, subject_interval


def pairs(true: float, people: int, seed: int) -> np.ndarray:
    """Correlations of people who share a signal with everybody's noise of its own."""
    random = np.random.default_rng(seed)
    common = random.standard_normal(60)
    own = random.standard_normal((people, 60))
    series = np.sqrt(true) * common + np.sqrt(1 - true) * own
    found: np.ndarray = np.corrcoef(series)
    np.fill_diagonal(found, np.nan)
    return found


def test_intervals_hold_the_mean_and_shrink_with_people() -> None:
    few, many = pairs(0.3, 8, 0), pairs(0.3, 60, 0)
    widths = []
    for found in (few, many):
        low, high = subject_interval(found)
        assert low < np.nanmean(found) < high
        widths.append(high - low)
    assert widths[1] < widths[0]


def test_a_person_drawn_twice_is_no_pair() -> None:
    found = np.full((5, 5), 0.25)
    np.fill_diagonal(found, 1.0)
    np.testing.assert_allclose(subject_interval(found), 0.25)


def test_each_table_has_its_interval_and_the_unknown_none() -> None:
    stack = np.stack([pairs(0.5, 6, 1), np.full((6, 6), np.nan)])
    found = subject_interval(stack)
    assert found.shape == (2, 2)
    assert np.isfinite(found[0]).all()
    assert np.isnan(found[1]).all()
    np.testing.assert_array_equal(found[0], subject_interval(stack[0]))


def test_people_are_drawn_for_leave_one_out() -> None:
    values = np.random.default_rng(0).normal(0.4, 0.1, 80)
    low, high = people_interval(values)
    standard_error = values.std() / np.sqrt(80)
    assert high - low == pytest.approx(2 * 1.96 * standard_error, rel=0.15)
