from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duchenne.expressions.clip_statistics import (
    NAMES,
    SIGNALS,
    STATISTICS,
    clip_statistics,
    signal_statistics,
    statistics,
)
from duchenne.faces.faces import LANDMARKS


def of(name: str, values: np.ndarray) -> float:
    return float(values[0, STATISTICS.index(name)])


def test_names_are_what_they_promise() -> None:
    assert len(SIGNALS) == 75
    assert len(STATISTICS) == len(set(STATISTICS)) == 26
    assert len(NAMES) == len(set(NAMES)) == 1950


def test_a_ramp_has_its_speed_per_second() -> None:
    found = statistics(np.linspace(0.0, 2.0, 51)[None], 25.0)
    assert of("mean", found) == pytest.approx(1.0)
    assert of("change", found) == pytest.approx(2.0)
    assert of("q25", found) == pytest.approx(0.5)
    assert (of("place_of_max", found), of("place_of_min", found)) == (1.0, 0.0)
    for name in ("speed_max", "speed_min", "speed_mean_abs", "speed_q10", "speed_mean_rise"):
        assert of(name, found) == pytest.approx(1.0)
    assert of("speed_turns", found) == 0
    assert of("acceleration_mean_abs", found) == pytest.approx(0.0, abs=1e-9)


def test_a_trembling_signal_turns_at_each_sample() -> None:
    found = statistics((np.arange(40) % 2).astype(float)[None], 25.0)
    assert of("speed_turns", found) == 1
    assert of("speed_mean_rise", found) == pytest.approx(25 * 20 / 39)


@pytest.mark.parametrize("rate", [60.0, 30.0, 15.0])
def test_the_rate_of_the_camera_hardly_shows(rate: float) -> None:
    def rise(times: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-6 * (times - 1.5)))

    times = np.arange(0, 3.001, 1 / rate)
    fine = np.arange(0, 3.001, 1 / 200)
    found, wanted = (signal_statistics(t, rise(t)[:, None]) for t in (times, fine))
    for name in ("mean", "max", "q75", "speed_max", "speed_mean_rise", "change"):
        assert of(name, found) == pytest.approx(of(name, wanted), rel=0.05)


@settings(max_examples=25)
@given(count=st.integers(1, 12), seed=st.integers(0, 9))
def test_the_shortest_clips_have_numbers(count: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    times = np.cumsum(generator.uniform(0.02, 0.1, count))
    found = clip_statistics(
        times,
        generator.random((count, 52)).astype(np.float32),
        generator.normal(size=(count, 3)).astype(np.float32),
        generator.uniform(0, 300, (count, LANDMARKS, 3)).astype(np.float32),
    )
    assert found.shape == (len(NAMES),)
    assert np.isfinite(found).all()


def test_turning_and_coming_nearer_change_no_distance() -> None:
    generator = np.random.default_rng(0)
    landmarks = generator.uniform(0, 300, (10, LANDMARKS, 3))
    turn, _ = np.linalg.qr(generator.normal(size=(3, 3)))
    still = np.zeros((10, 52), np.float32), np.zeros((10, 3), np.float32)
    times = np.arange(10) / 30
    one = clip_statistics(times, *still, landmarks.astype(np.float32))
    other = clip_statistics(times, *still, (1.7 * landmarks @ turn + 5).astype(np.float32))
    np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-3)


def test_an_empty_clip_is_nan_and_bad_times_are_refused() -> None:
    def empty(count: int) -> tuple[np.ndarray, ...]:
        return np.zeros((count, 52)), np.zeros((count, 3)), np.zeros((count, LANDMARKS, 3))

    assert np.isnan(clip_statistics(np.zeros(0), *empty(0))).all()
    with pytest.raises(ValueError, match="should rise"):
        clip_statistics(np.zeros(2), *empty(2))
    with pytest.raises(ValueError, match="as many"):
        clip_statistics(np.arange(3.0), *empty(2))


def test_a_signal_that_was_not_measured_is_nan() -> None:
    values = np.column_stack([np.arange(9.0), np.full(9, np.nan)])
    found = signal_statistics(np.arange(9) / 30, values)
    assert np.isfinite(found[0]).all()
    assert np.isnan(found[1]).all()
