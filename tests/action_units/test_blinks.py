"""Blinks: in made-up series, and in real clips counted by eye."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duchenne.action_units.blinks import find_blinks
from duchenne.action_units.readings import unit_weights
from duchenne.evaluation.action_units.blinks import COUNTED, blinks_of
from duchenne.faces import FaceNetworks

FPS = 30.0


def series(frames: int, closed: dict[int, int], level: float = 0.2) -> np.ndarray:
    values = np.full(frames, level)
    for start, length in closed.items():
        values[start : start + length] = 4.5
    return values


@pytest.mark.parametrize(
    ("closed", "count"),
    [({}, 0), ({30: 4}, 1), ({30: 4, 80: 6}, 2), ({30: 40}, 0), ({0: 3}, 1), ({97: 3}, 1)],
)
def test_short_closures_are_blinks_and_long_ones_are_not(
    closed: dict[int, int], count: int
) -> None:
    found = find_blinks(np.arange(100) / FPS, series(100, closed))
    assert len(found) == count
    for blink, start in zip(found, sorted(closed), strict=False):
        assert blink.start == pytest.approx(start / FPS)
        assert blink.start <= blink.peak <= blink.end


def test_a_gaze_that_stays_down_is_no_blink() -> None:
    values = np.r_[np.full(60, 0.2), np.full(60, 3.0)]
    assert find_blinks(np.arange(120) / FPS, values) == []


@given(st.lists(st.integers(1, 11), min_size=0, max_size=5), st.floats(0, 1.5))
@settings(max_examples=40, deadline=None)
def test_every_well_parted_blink_is_found(lengths: list[int], level: float) -> None:
    closed = {40 + 60 * i: length for i, length in enumerate(lengths)}
    values = series(400, closed, level)
    assert len(find_blinks(np.arange(400) / FPS, values)) == len(lengths)


def test_frames_without_a_face_are_passed_over() -> None:
    values = series(100, {40: 4})
    values[:20] = np.nan
    assert len(find_blinks(np.arange(100) / FPS, values)) == 1
    assert find_blinks(np.arange(3) / FPS, np.full(3, np.nan)) == []
    assert find_blinks(np.zeros(0), np.zeros(0)) == []


def test_lengths_that_differ_are_told() -> None:
    with pytest.raises(ValueError, match="3 times for 2"):
        find_blinks(np.zeros(3), np.zeros(2))


@pytest.mark.parametrize("clip", list(COUNTED))
def test_blinks_counted_by_eye_are_found(
    networks: FaceNetworks, shared_media: Path, clip: str
) -> None:
    found = blinks_of(shared_media / clip, networks, unit_weights())
    assert len(found) == len(COUNTED[clip])
    for frame, expected in zip(found, COUNTED[clip], strict=True):
        assert abs(frame - expected) <= 3
