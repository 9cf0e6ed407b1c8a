"""One signal over one expression, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.expressions.movement import FEATURES, half_rise, movement
from tests.expressions.made_up import bump, clock

RATE = 25.0


def table(height: float = 2.0) -> np.ndarray:
    """Half a second of rest, up in 1 s, there for 1 s, down in half a second, rest."""
    times = clock(4, RATE)
    return np.interp(times, [0.5, 1.5, 2.5, 3.0], [0, height, height, 0])


def test_a_straight_rise_hold_and_fall() -> None:
    found = movement(table(), RATE, slice(15, 75))
    assert list(found) == list(FEATURES)
    assert (found["peak"], found["rise"], found["fall"]) == (2.0, 2.0, 2.0)
    assert found["start_s"] == pytest.approx(1.0 - 15 / RATE)
    assert found["peak_s"] == pytest.approx(1.45 - 15 / RATE, abs=0.04)
    assert found["rise_s"] == pytest.approx(0.8)
    assert found["fall_s"] == pytest.approx(0.4)
    assert found["rise_speed"] == pytest.approx(2.0)
    assert found["fall_speed"] == pytest.approx(4.0)
    assert found["rise_speed_max"] == pytest.approx(2.0)
    assert found["fall_speed_max"] == pytest.approx(4.0)
    assert found["hold_s"] == pytest.approx(1.3, abs=0.05)
    assert found["mean"] == pytest.approx(table()[15:75].mean())


def test_a_rise_that_starts_in_the_window_begins_before_the_onset() -> None:
    found = movement(table(), RATE, slice(38, 75))
    assert found["start_s"] == pytest.approx(1.0 - 38 / RATE)


@given(st.floats(0.6, 4.0), st.floats(0.2, 0.6))
def test_backwards_a_rise_is_a_fall(height: float, ramp: float) -> None:
    times = clock(4, RATE)
    values = bump(times, 1, 2.5, height, ramp) + bump(times, 1, 3, height / 4, 0.3)
    forwards = movement(values, RATE, slice(0, 100))
    backwards = movement(values[::-1], RATE, slice(0, 100))
    for name in ("", "_s", "_speed", "_speed_max"):
        assert forwards[f"rise{name}"] == pytest.approx(backwards[f"fall{name}"])


@given(st.floats(0.5, 4.0))
def test_twice_as_high_is_twice_as_fast(height: float) -> None:
    once, twice = (movement(table(h), RATE, slice(0, 100)) for h in (height, 2 * height))
    for name in ("rise", "rise_speed", "fall_speed_max", "acceleration_max", "deceleration_max"):
        assert twice[name] == pytest.approx(2 * once[name])
    for name in ("rise_s", "start_s", "hold_s", "rise_sparc", "rise_jerk"):
        assert twice[name] == pytest.approx(once[name], abs=1e-6)


def test_what_hardly_moves_has_a_size_but_no_times() -> None:
    found = movement(np.full(50, 0.1), RATE, slice(5, 45))
    assert found["peak"] == pytest.approx(0.1)
    assert found["rise"] == 0.0
    assert all(np.isnan(v) for name, v in found.items() if name not in {
        "peak", "mean", "rise", "fall"})  # fmt: skip


@pytest.mark.parametrize("values", [np.zeros(0), np.full(20, np.nan), np.array([1.0, np.nan])])
def test_what_was_not_measured_is_unknown(values: np.ndarray) -> None:
    assert all(np.isnan(v) for v in movement(values, RATE, slice(0, 1)).values())


def test_one_and_two_samples_do_not_crash() -> None:
    assert movement(np.array([3.0]), RATE, slice(0, 1))["peak"] == 3.0
    assert movement(np.array([0.0, 3.0]), RATE, slice(0, 2))["rise"] == 3.0


def test_half_of_the_rise_lies_between_samples() -> None:
    assert half_rise(np.array([0.0, 0.0, 1.0, 4.0, 4.0]), 1.0) == pytest.approx(2 + 1 / 3)
