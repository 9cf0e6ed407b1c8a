"""Lip corners seen from the front."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.expressions.lips import LIPS, corner_signals, frontal
from duchenne.expressions.track import canonical_face
from duchenne.faces.pose import rotation_matrix
from duchenne.recording.points68 import POINTS_68
from tests.expressions.made_up import head, smiling_heads


def test_the_points_are_those_of_the_68_point_scheme() -> None:
    assert tuple(POINTS_68[i] for i in (48, 54, 62)) == LIPS


@given(st.floats(-30, 30), st.floats(-30, 30), st.floats(-30, 30), st.floats(0.3, 3))
def test_turning_moving_and_coming_nearer_changes_nothing(
    pitch: float, yaw: float, roll: float, scale: float
) -> None:
    turn = rotation_matrix(pitch, yaw, roll) * [[1, -1, -1], [-1, 1, 1], [-1, 1, 1]]
    moved = (scale * (head() - [320, 240, 0]) @ turn.T + [100, 50, 7]).astype(np.float32)
    straight, turned = (frontal(h[None], LIPS, canonical_face()) for h in (head(), moved))
    assert turned == pytest.approx(straight, abs=0.01)
    assert straight[0] == pytest.approx(canonical_face().points[list(LIPS)], abs=0.01)


def test_a_table_of_fewer_landmarks_will_do_and_a_lost_face_is_unknown() -> None:
    few = np.full((2, 478, 3), np.nan, np.float32)
    wanted = [*LIPS, *canonical_face().anchors.tolist()]
    few[0, wanted] = head()[wanted]
    found = frontal(few, LIPS, canonical_face())
    assert found[0] == pytest.approx(frontal(head()[None], LIPS, canonical_face())[0])
    assert np.isnan(found[1]).all()


def test_the_signal_by_hand() -> None:
    lips = np.array([[[0, 0], [4, 0], [2, 0]], [[-1, 0], [6, 0], [9, 9]]], float)
    found = corner_signals(lips)
    assert found["right"].tolist() == [0.5, 0.75]
    assert found["left"].tolist() == [0.5, 1.0]
    assert found["both"].tolist() == [0.5, 0.875]


def test_a_smile_widens_the_mouth_and_a_mirrored_face_swaps_the_sides() -> None:
    heads = smiling_heads(np.linspace(0, 1, 5), uneven=0.5)
    lips = frontal(heads, LIPS, canonical_face())[..., :2]
    found = corner_signals(lips)
    assert (np.diff(found["both"]) > 0).all()
    assert found["left"][-1] - found["left"][0] > 1.5 * (found["right"][-1] - found["right"][0])
    mirrored = corner_signals(lips[:, [1, 0, 2]] * [-1, 1])
    assert mirrored["left"] == pytest.approx(found["right"])
    assert mirrored["both"] == pytest.approx(found["both"])
