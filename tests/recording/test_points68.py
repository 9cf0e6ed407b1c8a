"""The 68 points lie where iBUG's do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from duchenne.action_units.openface import read_openface
from duchenne.faces import FaceNetworks
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.pose import procrustes
from duchenne.recording.points68 import POINTS_68, points_68

# iBUG's points, each in the place of its mirror image.
MIRRORED = [
    *range(16, -1, -1), *range(26, 16, -1), *range(27, 31), *range(35, 30, -1),
    45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40,
    *range(54, 47, -1), *range(59, 54, -1), *range(64, 59, -1), *range(67, 64, -1),
]  # fmt: skip


@pytest.fixture
def head(networks: FaceNetworks) -> np.ndarray:
    return CanonicalFace.from_bytes(networks.geometry).points[list(POINTS_68)]


def test_there_are_68_different_points() -> None:
    assert len(POINTS_68) == len(set(POINTS_68)) == 68


def test_left_and_right_mirror_each_other(head: np.ndarray) -> None:
    assert head[MIRRORED] * [-1, 1, 1] == pytest.approx(head, abs=1e-5)


def test_they_run_as_ibugs_do(head: np.ndarray) -> None:
    x, y = head[:, 0], head[:, 1]
    assert (np.diff(x[2:15]) > 0).all()  # the outline, ear to ear
    assert y[8] == y.min()  # the chin
    assert (np.diff(x[17:27]) > 0).all()  # the brows
    assert (np.diff(y[27:31]) < 0).all()  # down the nose
    assert x[36] < x[39] < x[42] < x[45]  # the corners of the eyes
    assert y[37] > y[41]  # upper lids before lower ones
    assert y[51] > y[62] > y[66] > y[57]  # the middle of the lips, downwards


def test_they_fit_a_face_that_openface_measured(shared_media: Path, head: np.ndarray) -> None:
    rows = read_openface(shared_media / "OpenFace_Test.csv").rows
    points = np.stack([rows[[f"{a}_{i}" for i in range(68)]].mean() for a in "XYZ"], -1)
    points = points * [1, -1, -1]
    steady = [*range(27, 48)]
    scale, turn, offset = procrustes(points[steady], head[steady], np.ones(len(steady)))
    apart = np.linalg.norm(scale * points @ turn.T + offset - head, axis=1)
    assert np.median(apart[17:]) < 0.4  # cm, on a head of 8.9 cm from eye corner to eye corner
    assert np.median(apart[:17]) < 1.4


def test_points_are_picked_in_pixels() -> None:
    landmarks = np.arange(2 * 478 * 3, dtype=np.float32).reshape(2, 478, 3)
    picked = points_68(landmarks)
    assert picked.shape == (2, 68, 2)
    assert picked[1, 30].tolist() == landmarks[1, 4, :2].tolist()
