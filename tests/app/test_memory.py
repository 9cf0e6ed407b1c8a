"""What a live analysis remembers, and what it lets go."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.action_units.names import ACTION_UNITS
from duchenne.action_units.readings import unit_weights
from duchenne.action_units.recipes import READINGS
from duchenne.app.memory import REST_S, LastSeconds, RestingFaces
from tests.app.streams import empty_look, some_faces

AU04 = list(ACTION_UNITS).index("AU04")
BROWS = [READINGS.index("AU04_left"), READINGS.index("AU04_right")]


@given(st.lists(st.floats(0.01, 4.0), min_size=1, max_size=25))
def test_memory_holds_the_last_seconds_and_the_pictures_of_fewer(steps: list[float]) -> None:
    last = LastSeconds(10.0, pictures=1.5)
    times = np.cumsum(steps).tolist()
    for index, time in enumerate(times):
        last.add(empty_look(index, time))
    now = times[-1]
    kept = [look.frame for look in last]
    assert [frame.time for frame in kept] == [t for t in times if now - t <= 10.0]
    assert all((frame.height == 4) == (now - frame.time <= 1.5) for frame in kept)
    assert len(last) == len(kept)


def test_since_gives_the_looks_from_a_time_on() -> None:
    last = LastSeconds(10.0, pictures=1.5)
    for index in range(30):
        last.add(empty_look(index, index / 10))
    assert [look.frame.index for look in last.since(1.9)] == list(range(19, 30))


def frowning(level: float) -> np.ndarray:
    raw = np.zeros((1, len(READINGS)), np.float32)
    raw[0, BROWS] = level
    return raw


def test_a_heavy_brow_at_rest_is_no_frown_once_the_face_is_known() -> None:
    resting, faces = RestingFaces(), some_faces([7])
    # Half of what relaxed faces differ by: this face's own.
    own = float(unit_weights().spread[BROWS].min()) / 2
    first = resting.intensities(0.0, faces, frowning(own))[0, AU04]
    for step in range(40):
        resting.learn(step / 10, faces, frowning(own))
    assert first == pytest.approx(5 * own, abs=1e-4)
    assert resting.intensities(4.0, faces, frowning(own))[0, AU04] == pytest.approx(0, abs=1e-5)
    assert resting.intensities(4.0, faces, frowning(own + 0.4))[0, AU04] == pytest.approx(2, 1e-4)


def test_somebody_who_never_rests_still_displays() -> None:
    resting, faces = RestingFaces(), some_faces([7])
    for step in range(100):
        resting.learn(step / 10, faces, frowning(0.9))
    assert resting.intensities(10.0, faces, frowning(0.9))[0, AU04] > 1.0


def test_each_face_has_its_own_rest() -> None:
    resting, faces = RestingFaces(), some_faces([1, 2])
    own = float(unit_weights().spread[BROWS].min()) / 2
    both = np.concatenate([frowning(own), frowning(0.0)])
    for step in range(40):
        resting.learn(step / 10, faces, both)
    now = np.concatenate([frowning(own), frowning(own)])
    one, other = resting.intensities(4.0, faces, now)[:, AU04]
    assert (one, other) == (pytest.approx(0, abs=1e-5), pytest.approx(5 * own, abs=1e-4))


def test_a_face_that_is_gone_for_long_is_forgotten() -> None:
    resting = RestingFaces()
    for step in range(40):
        resting.learn(step / 10, some_faces([1]), frowning(0.05))
    assert resting.of(1, 4.0).readings[BROWS[0]] > 0
    resting.learn(4.0 + REST_S + 1, some_faces([2]), frowning(0.0))
    assert not resting.of(1, 5.0 + REST_S).readings.any()


def test_a_rest_of_long_ago_no_longer_counts() -> None:
    resting, faces = RestingFaces(), some_faces([7])
    times = np.arange(0.0, 2 * REST_S + 1, 0.5).tolist()
    rests = []
    for time in times:
        resting.learn(time, faces, frowning(0.05 if time <= REST_S else 0.0))
        rests.append(float(resting.of(7, time).readings[BROWS[0]]))
    assert rests[times.index(REST_S)] > 0
    assert rests[-1] == 0
