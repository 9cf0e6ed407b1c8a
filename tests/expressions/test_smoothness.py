"""Smoothness, against the values that theory gives for the smoothest stroke."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.expressions.smoothness import log_jerk, spectral_arc_length

Measure = Callable[[np.ndarray, float], float]
RATE = 100.0


def stroke(seconds: float = 1.0) -> np.ndarray:
    """Speed of the movement with the least jerk (Flash and Hogan 1985)."""
    share = np.linspace(0, 1, round(seconds * RATE) + 1)
    return 30 * share**2 * (1 - share) ** 2


def test_the_smoothest_stroke_has_the_known_values() -> None:
    # The integral of its squared jerk is 720 over its squared top speed of 1.875: ln 204.8 = 5.32.
    assert log_jerk(stroke(), RATE) == pytest.approx(-np.log(720 / 1.875**2), abs=0.1)
    # Balasubramanian and others 2015 give -1.6 or less for what is not one smooth stroke.
    assert -1.6 < spectral_arc_length(stroke(), RATE) < -1.3


@given(st.floats(0.5, 3.0), st.floats(0.01, 100.0))
def test_neither_size_nor_duration_matters(seconds: float, size: float) -> None:
    for measure in (spectral_arc_length, log_jerk):
        assert measure(size * stroke(seconds), RATE) == pytest.approx(
            measure(stroke(), RATE), abs=0.15
        )


@pytest.mark.parametrize("measure", [spectral_arc_length, log_jerk])
def test_two_strokes_and_tremor_are_rougher(measure: Measure) -> None:
    one = measure(stroke(), RATE)
    two = np.concatenate([stroke(0.5), stroke(0.5)])
    assert measure(two, RATE) < one - 0.2
    trembling = stroke() * (1 + 0.5 * np.cos(2 * np.pi * 6 * np.arange(101) / RATE))
    assert measure(trembling, RATE) < one - 0.05


@pytest.mark.parametrize("measure", [spectral_arc_length, log_jerk])
@pytest.mark.parametrize("speed", [np.zeros(50), np.ones(3), np.full(50, np.nan)])
def test_no_movement_no_smoothness(measure: Measure, speed: np.ndarray) -> None:
    assert np.isnan(measure(speed, RATE))
