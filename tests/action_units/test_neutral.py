"""Neutral faces: given, found, and not believed."""

from __future__ import annotations

import numpy as np
import pytest

from duchenne.action_units.neutral import Neutral, quiet_frames
from duchenne.action_units.readings import unit_weights
from duchenne.action_units.recipes import READINGS

MANY = len(READINGS)


def face(frames: int, level: float = 0.0) -> np.ndarray:
    noise = np.random.default_rng(1).normal(0, 0.005, (frames, MANY))
    return (level + noise).astype(np.float32)


def test_the_quiet_half_is_found_and_its_median_taken() -> None:
    raw = face(40, 0.05)
    raw[20:] += 0.5
    quiet = quiet_frames(raw, np.zeros(40, np.float32))
    assert quiet[:20].all()
    assert not quiet[20:].any()
    found = Neutral.from_readings(raw[quiet]).readings
    near = unit_weights().spread >= 0.06
    assert found[near] == pytest.approx(0.05, abs=0.01)


def test_rest_that_no_relaxed_face_shows_is_not_believed() -> None:
    found = Neutral.from_readings(face(40, 0.9)).readings
    assert np.allclose(found, np.minimum(0.9, unit_weights().spread), atol=0.01)


def test_turned_heads_wait_until_there_is_nothing_else() -> None:
    raw, turned = face(20), np.zeros(20, np.float32)
    turned[:10] = 35
    assert not quiet_frames(raw, turned)[:10].any()
    assert quiet_frames(raw, np.full(20, 35, np.float32)).any()


@pytest.mark.parametrize("frames", [0, 1, 4])
def test_a_handful_of_frames_tells_nothing(frames: int) -> None:
    assert not quiet_frames(face(frames), np.zeros(frames, np.float32)).any()


def test_unknown_rows_are_passed_over() -> None:
    raw = face(20, 0.03)
    raw[:5] = np.nan
    quiet = quiet_frames(raw, np.zeros(20, np.float32))
    assert not quiet[:5].any()
    assert np.array_equal(Neutral.from_readings(raw[:5]).readings, Neutral.of_many().readings)


def test_wrong_shapes_are_told() -> None:
    with pytest.raises(ValueError, match="neutral face"):
        Neutral(np.zeros(3, np.float32))
