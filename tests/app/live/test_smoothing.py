"""Numbers that the eye can follow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from duchenne.app.live.smoothing import SETTLING_S, Smoothed
from duchenne.app.memory import Look
from tests.app.streams import empty_look, some_faces


def look(time: float, ids: list[int], level: float) -> Look:
    count = len(ids)
    return replace(
        empty_look(0, time),
        faces=some_faces(ids),
        emotions=np.full((count, 7), level, np.float32),
        action_units=np.full((count, 45), 5 * level, np.float32),
    )


def test_a_jump_is_followed_to_63_percent_after_the_settling_time() -> None:
    smoothed = Smoothed()
    emotions, units = smoothed.add(look(0.0, [3], 0.0))
    assert not emotions.any()
    emotions, units = smoothed.add(look(SETTLING_S, [3], 1.0))
    assert emotions[0] == pytest.approx(1 - np.exp(-1), abs=1e-5)
    assert units[0] == pytest.approx(5 * (1 - np.exp(-1)), abs=1e-5)


def test_newcomers_and_those_who_come_back_begin_as_they_are() -> None:
    smoothed = Smoothed()
    smoothed.add(look(0.0, [3], 0.0))
    assert smoothed.add(look(0.1, [3, 4], 1.0))[0][1] == pytest.approx(1.0)
    assert smoothed.add(look(9.0, [3], 1.0))[0][0] == pytest.approx(1.0)


def test_steps_of_any_length_end_at_the_same_place() -> None:
    ends = []
    for steps in (2, 20):
        smoothed = Smoothed()
        smoothed.add(look(0.0, [3], 0.0))
        for step in range(1, steps + 1):
            emotions, _ = smoothed.add(look(0.5 * step / steps, [3], 1.0))
        ends.append(emotions[0, 0])
    assert ends[0] == pytest.approx(ends[1], abs=1e-5)


def test_what_was_measured_stays_as_it_is() -> None:
    smoothed, now = Smoothed(), look(0.1, [3], 1.0)
    smoothed.add(look(0.0, [3], 0.0))
    smoothed.add(now)
    assert (now.emotions == 1).all()
