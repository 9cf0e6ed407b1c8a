import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.synchrony.nulls import bridged, draw_shifts, random_phases, shuffled, with_phases


@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(1, 8), st.integers(0, 40))
def test_shifts_keep_everybody_apart(seed: int, people: int, least: int, slack: int) -> None:
    places = people * least + slack
    shifts = draw_shifts(np.random.default_rng(seed), people, places, least)
    assert ((shifts >= 0) & (shifts < places)).all()
    ordered = np.sort(shifts)
    gaps = np.diff(np.append(ordered, ordered[0] + places))
    assert (gaps >= least).all()


def test_every_place_is_as_likely_for_everybody() -> None:
    random = np.random.default_rng(0)
    drawn = np.stack([draw_shifts(random, 3, 12, 3) for _ in range(6000)])
    for person in drawn.T:
        counts = np.bincount(person, minlength=12)
        # 500 expected; the chance of a place outside 390 to 610 is below 1e-6.
        assert counts.min() > 390
        assert counts.max() < 610


def test_a_circle_without_room() -> None:
    with pytest.raises(ValueError, match="no room"):
        draw_shifts(np.random.default_rng(0), 4, 11, 3)


def with_a_gap() -> np.ndarray:
    series = np.cumsum(np.random.default_rng(1).standard_normal((3, 101)), axis=1)
    series[1, 20:30] = np.nan
    return series


def test_shuffling_keeps_values_and_gaps() -> None:
    series = with_a_gap()
    made = shuffled(series, np.random.default_rng(0))
    np.testing.assert_array_equal(np.isnan(made), np.isnan(series))
    np.testing.assert_array_equal(np.sort(made, axis=1), np.sort(series, axis=1))
    assert not np.array_equal(made[0], series[0])


@pytest.mark.parametrize("samples", [100, 101])
def test_random_phases_keep_mean_and_spectrum(samples: int) -> None:
    series = np.cumsum(np.random.default_rng(1).standard_normal((3, samples)), axis=1)
    phases = random_phases(np.random.default_rng(0), *series.shape)
    made = with_phases(np.fft.rfft(series), phases, series)
    np.testing.assert_allclose(np.abs(np.fft.rfft(made)), np.abs(np.fft.rfft(series)), atol=1e-8)
    np.testing.assert_allclose(made.mean(axis=1), series.mean(axis=1), atol=1e-10)
    assert np.abs(made - series).max() > 0.1


def test_gaps_are_bridged_and_come_back() -> None:
    series = with_a_gap()
    straight = bridged(series)
    expected = np.linspace(series[1, 19], series[1, 30], 12)
    np.testing.assert_allclose(straight[1, 19:31], expected)
    phases = random_phases(np.random.default_rng(0), *series.shape)
    made = with_phases(np.fft.rfft(straight), phases, series)
    np.testing.assert_array_equal(np.isnan(made), np.isnan(series))
    assert (bridged(np.full((1, 5), np.nan)) == 0).all()
