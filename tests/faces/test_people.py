"""Paths and what they promise; people as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import DataError
from duchenne.faces.people import Person, Spot, TrackerState, extended, motion_evidence
from duchenne.faces.shape import FaceShape

AREA = 640.0 * 360.0
STILL = tuple(Spot(t / 10, 100, 100, 50) for t in range(5))
WALKING = tuple(Spot(t / 10, 100 + 10 * t, 100, 50) for t in range(5))  # 100 pixels a second


def test_a_resting_face_returns_nearby() -> None:
    here, near, far = (motion_evidence(STILL, Spot(0.6, x, 100, 50), AREA) for x in (100, 125, 500))
    assert here > near > far + 2


def test_a_walking_face_is_expected_where_it_was_going() -> None:
    ahead, behind = (Spot(1.4, x, 100, 50) for x in (240, 100))
    assert motion_evidence(WALKING, ahead, AREA) > motion_evidence(WALKING, behind, AREA) + 0.5


@pytest.mark.parametrize("times", [1, 2, 4])
def test_time_and_speed_make_it_less_certain(times: float) -> None:
    def promised(path: tuple[Spot, ...], after: float) -> float:
        last = path[-1]
        speed = (last.x - path[0].x) / (last.time - path[0].time)
        spot = Spot(last.time + after, last.x + speed * after, last.y, last.size)
        return motion_evidence(path, spot, AREA)

    assert promised(STILL, 0.4 * times) < promised(STILL, 0.2 * times)
    assert promised(WALKING, 0.2 * times) < promised(STILL, 0.2 * times)


def test_a_change_of_size_speaks_against() -> None:
    same, double = (motion_evidence(STILL, Spot(0.5, 100, 100, size), AREA) for size in (50, 100))
    assert same > double + 1


@given(st.floats(0, 1e4), st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), st.floats(1, 1e4))
def test_nothing_is_ruled_out_for_certain(after: float, x: float, y: float, size: float) -> None:
    evidence = motion_evidence(WALKING, Spot(0.4 + after, x, y, size), AREA)
    assert np.isfinite(evidence)
    assert evidence >= 2 * np.log(0.2) - 1e-9


def test_no_path_tells_nothing() -> None:
    assert motion_evidence((), STILL[0], AREA) == 0


def test_a_path_is_half_a_second_long() -> None:
    path: tuple[Spot, ...] = ()
    for t in range(30):
        path = extended(path, Spot(t / 10, t, 0, 50))
    assert path[-1].time - path[0].time == pytest.approx(0.5)


def person(track_id: int) -> Person:
    shape = replace(FaceShape.unknown(), values=np.linspace(-1, 1, 8) / 3, weight=2.0)
    box = np.array([1.1, 2.2, 30.3, 40.4], np.float32)
    return Person(track_id, box, 1 / 3, WALKING, shape, FaceShape.unknown(), frozenset({0, 7}), 0.1)


def test_a_state_survives_json() -> None:
    state = TrackerState(8, 1 / 3, (person(0), person(7)))
    content = json.loads(json.dumps(state.to_dict(), allow_nan=False))
    again = TrackerState.from_dict(content)
    assert again.to_dict() == state.to_dict() == content
    assert again.people[1].path == WALKING
    assert np.array_equal(again.people[1].box, state.people[1].box)


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        {"next_id": 1, "time": 0.0, "people": [{}]},
        {"next_id": 7, "time": 0.0, "people": [person(7).to_dict()]},
        {"next_id": 9, "time": 0.0, "people": [person(7).to_dict()] * 2},
        {"next_id": 9, "time": 0.0, "people": [person(7).to_dict() | {"box": [1, 2]}]},
        {"next_id": 9, "time": 0.0, "people": [person(7).to_dict() | {"path": [[0, 1]]}]},
    ],
)
def test_a_damaged_state_is_one_sentence(content: Any) -> None:
    with pytest.raises(DataError, match="damaged"):
        TrackerState.from_dict(content)
