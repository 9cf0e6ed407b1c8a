"""Onset, apex and offset in a curve of strength."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from duchenne.expressions.finding import apex_of, find
from tests.expressions.made_up import bump, clock

RATE = 25.0
TIMES = clock(10, RATE)

CURVES = arrays(np.float64, st.integers(0, 60), elements=st.floats(0, 5))


@pytest.mark.parametrize(
    ("curve", "spans"),
    [
        (bump(TIMES, 2, 4, 3), [(2.1, 3.9)]),
        (bump(TIMES, 2, 4, 3) + bump(TIMES, 5, 8, 2), [(2.1, 3.9), (5.1, 7.9)]),
        # A dip to a third parts two expressions, a dip to two thirds does not.
        (bump(TIMES, 1, 5, 1) + bump(TIMES, 1, 2.8, 2) + bump(TIMES, 3.2, 5, 2),
         [(1.1, 2.7), (3.3, 4.9)]),
        (bump(TIMES, 1, 5, 2) + bump(TIMES, 1, 2.8, 1) + bump(TIMES, 3.2, 5, 1), [(1.1, 4.9)]),
        (bump(TIMES, 2, 4, 0.9), []),
        (np.zeros(250), []),
        (np.full(250, 4.0), []),
        # A lift of all values, as by a turned head, changes nothing.
        (0.8 + bump(TIMES, 2, 4, 3), [(2.1, 3.9)]),
    ],
)  # fmt: skip
def test_spans(curve: np.ndarray, spans: list[tuple[float, float]]) -> None:
    found = find(curve)
    assert [f.onset / RATE for f in found] == pytest.approx([a for a, _ in spans], abs=0.1)
    assert [f.offset / RATE for f in found] == pytest.approx([b for _, b in spans], abs=0.1)
    assert not any(f.begun or f.unfinished for f in found)


def test_a_quick_twitch_on_a_long_display_is_part_of_it() -> None:
    twitch = bump(TIMES, 2, 8, 3) + bump(TIMES, 5, 5.4, 0.8, 0.2)
    (found,) = find(twitch)
    assert (found.onset / RATE, found.offset / RATE) == pytest.approx((2.1, 7.9), abs=0.1)


def test_what_is_cut_off_says_so() -> None:
    (early,) = find(bump(TIMES, -3, 4, 3))
    assert (early.begun, early.unfinished, early.onset) == (True, False, 0)
    (late,) = find(bump(TIMES, 7, 20, 3))
    assert (late.begun, late.unfinished, late.offset) == (False, True, len(TIMES) - 1)


@given(CURVES)
def test_expressions_are_in_order_apart_and_strong_enough(curve: np.ndarray) -> None:
    found = find(curve)
    edges = [edge for f in found for edge in (f.onset, f.apex, f.offset)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(curve) - 1 for edge in edges)
    assert all(curve[f.apex] >= 0.95 * 1.0 for f in found)


@given(CURVES)
def test_backwards_the_same_is_found(curve: np.ndarray) -> None:
    # Equal heights are ambiguous; a slight slope decides them alike in both directions.
    curve = curve + np.linspace(0, 1e-6, len(curve)) ** 2
    forwards, backwards = find(curve), find(curve[::-1])
    assert len(forwards) == len(backwards)


@pytest.mark.parametrize("fps", [60.0, 30.0, 15.0])
def test_the_apex_is_the_middle_of_a_plateau(fps: float) -> None:
    times = clock(6, fps)
    shaky = bump(times, 1, 5) + 0.05 * np.sin(40 * times)
    assert apex_of(shaky) / fps == pytest.approx(3.0, abs=0.15)
