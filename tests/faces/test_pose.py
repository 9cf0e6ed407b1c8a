"""Head pose: known turns of the canonical head are found again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.networks import FaceNetworks
from duchenne.faces.pose import PoseSolver, euler_degrees, procrustes, rotation_matrix

WIDTH, HEIGHT = 640, 480
ANGLE = st.floats(-80, 80)


@pytest.fixture(scope="module")
def head(networks: FaceNetworks) -> CanonicalFace:
    return CanonicalFace.from_bytes(networks.geometry)


def photograph(head: CanonicalFace, angles: list[float], place: list[float]) -> np.ndarray:
    """Landmarks (478, 3) of the canonical head, seen by the camera that the solver assumes."""
    space = head.points @ rotation_matrix(*angles).T + place
    focal = HEIGHT / 2 / np.tan(np.radians(63) / 2)
    depth = -space[:, 2]
    seen = np.zeros((478, 3), np.float32)
    seen[:468, 0] = WIDTH / 2 + focal * space[:, 0] / depth
    seen[:468, 1] = HEIGHT / 2 - focal * space[:, 1] / depth
    # The networks give depth on the scale of x, about the middle of the head.
    seen[:468, 2] = (depth - depth.mean()) * focal / depth.mean()
    return seen


@given(ANGLE, ANGLE, ANGLE)
def test_euler_angles_come_back(pitch: float, yaw: float, roll: float) -> None:
    found = euler_degrees(rotation_matrix(pitch, yaw, roll))
    assert found == pytest.approx([pitch, yaw, roll], abs=1e-6)


@pytest.mark.parametrize(
    "angles",
    [[0, 0, 0], [20, 0, 0], [-20, 0, 0], [0, 25, 0], [0, -25, 0], [0, 0, 30], [10, -15, 20]],
)
@pytest.mark.parametrize("place", [[0, 0, -45], [12, -8, -60]])
def test_a_known_pose_is_found(
    head: CanonicalFace, angles: list[float], place: list[float]
) -> None:
    pose = PoseSolver(head, WIDTH, HEIGHT).solve(photograph(head, angles, place))
    assert pose[:3] == pytest.approx(angles, abs=1.0)
    assert pose[3:] == pytest.approx(place, rel=0.03, abs=0.5)


def test_signs_follow_the_conventions(head: CanonicalFace) -> None:
    solver = PoseSolver(head, WIDTH, HEIGHT)
    nose, chin = 1, 152
    down = photograph(head, [25, 0, 0], [0, 0, -50])
    level = photograph(head, [0, 0, 0], [0, 0, -50])
    assert down[nose, 1] - down[chin, 1] > level[nose, 1] - level[chin, 1]
    assert solver.solve(down)[0] > 20
    right = photograph(head, [0, 25, 0], [0, 0, -50])
    assert right[nose, 0] > level[nose, 0]
    assert solver.solve(right)[1] > 20


def test_many_faces_at_once_get_the_numbers_of_one_by_one(head: CanonicalFace) -> None:
    solver = PoseSolver(head, WIDTH, HEIGHT)
    turns: list[list[float]] = [
        [pitch, yaw, 5 * pitch] for pitch in (-12, 3, 7) for yaw in (-20, 0, 31)
    ]
    seen = np.stack([photograph(head, turn, [1, -2, -50]) for turn in turns])
    alone = np.stack([solver.solve(face) for face in seen])
    assert np.array_equal(solver.solve(seen), alone)
    assert np.array_equal(solver.solve(seen.reshape(3, 3, 478, 3)), alone.reshape(3, 3, 6))


@given(
    st.lists(st.floats(-1, 1), min_size=3, max_size=3),
    st.floats(0.1, 10),
    st.tuples(ANGLE, ANGLE, ANGLE),
    st.integers(0, 1000),
)
def test_procrustes_finds_any_similarity(
    offset: list[float], scale: float, angles: tuple[float, float, float], seed: int
) -> None:
    random = np.random.default_rng(seed)
    source, weights = random.normal(size=(12, 3)), random.uniform(0.1, 1, 12)
    rotation = rotation_matrix(*angles)
    found = procrustes(source, scale * source @ rotation.T + offset, weights)
    assert found[0] == pytest.approx(scale)
    assert found[1] == pytest.approx(rotation, abs=1e-7)
    assert found[2] == pytest.approx(np.array(offset), abs=1e-6)
