"""Signals at a uniform rate: the same whatever the camera's rate and phase."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.expressions.signals import (
    RATE,
    Signals,
    resample,
    spacing,
    speed,
    stretches,
)
from tests.expressions.made_up import bump, clock


@pytest.mark.parametrize(
    ("times", "sizes"),
    [
        ([], []),
        ([3.0], [1]),
        ([0, 0.04, 0.08, 0.28, 0.32], [5]),
        ([0, 0.04, 0.08, 0.40, 0.44], [3, 2]),
        ([0, 0.04, 5.0, 5.04, 9.0], [2, 2, 1]),
        ([0.0, 0.2, 0.4, 0.6], [4]),
        ([0.0, 0.5, 1.0, 1.5], [4]),
        ([0.0, 0.5, 1.0, 2.5, 3.0], [3, 2]),
    ],
)
def test_short_gaps_are_bridged_and_long_ones_split(times: list[float], sizes: list[int]) -> None:
    parts = stretches(np.array(times, float))
    assert [part.stop - part.start for part in parts] == sizes


@given(st.floats(-5, 5), st.lists(st.floats(0.005, 0.2), min_size=0, max_size=60))
def test_a_face_that_does_not_move_gives_a_flat_signal(level: float, steps: list[float]) -> None:
    times = np.concatenate([[2.0], 2.0 + np.cumsum(steps)])
    found = resample(times, {"a": np.full(len(times), level)})
    assert found["a"] == pytest.approx(level, abs=1e-9)
    assert found.times[0] == 2.0
    assert times[-1] - 1 / RATE - 1e-6 <= found.times[-1] <= times[-1] + 1e-6


@given(
    st.floats(1.0, 1.5),
    st.floats(0.25, 1.0),
    st.floats(0.0, 0.06),
    st.sampled_from([60.0, 30.0, 24.0, 15.0]),
)
def test_rates_agree_on_movements_as_quick_as_faces_make(
    onset: float, ramp: float, phase: float, fps: float
) -> None:
    def seen(rate: float, shift: float) -> Signals:
        times = np.concatenate([[0.0], clock(4, rate) + 1 / rate + shift])
        return resample(times, {"a": bump(times, onset, onset + 1.5, 4.0, ramp)})

    ours, dense = seen(fps, phase)["a"], seen(240.0, 0.0)["a"]
    count = min(len(ours), len(dense))
    # Measured: 0.2 % of the height, with rises of a quarter of a second at 15 frames/s.
    assert np.abs(ours[:count] - dense[:count]).max() < 0.01 * 4.0


def test_what_was_not_measured_stays_unknown_and_holes_are_bridged() -> None:
    times = clock(2, 25)
    holes = np.sin(times)
    holes[10:13] = np.nan
    found = resample(times, {"none": np.full(50, np.nan), "holes": holes}, smoothing=0.0)
    assert np.isnan(found["none"]).all()
    assert np.abs(found["holes"] - np.sin(times)).max() < 0.01
    assert np.isnan(found.get("absent")).all()


def test_one_frame_is_one_sample() -> None:
    found = resample(np.array([1.5]), {"a": np.array([2.0])})
    assert (len(found), found.start, found["a"].tolist()) == (1, 1.5, [2.0])
    assert np.isnan(speed(found["a"], RATE)).all()


def test_a_part_knows_its_time() -> None:
    times = clock(4, 25)
    part = resample(times, {"a": times}, smoothing=0.0).between(1.0, 2.0)
    assert part.times == pytest.approx(part["a"])
    assert (part.start, len(part)) == (1.0, 26)
    assert len(part.between(9.0, 9.0)) == 1


def test_speed_counts_in_units_a_second() -> None:
    assert speed(3 * clock(2, 50), 50.0) == pytest.approx(3.0)
    assert spacing(np.array([0.0, 0.1, 0.2, 0.9])) == pytest.approx(0.1)


def test_signals_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        Signals(0.0, 25.0, {"a": np.zeros(3), "b": np.zeros(4)})
