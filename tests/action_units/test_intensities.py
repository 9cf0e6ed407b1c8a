"""Action Units: on real faces, and rules that hold for all."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from duchenne.action_units import ACTION_UNITS, intensities
from duchenne.faces import BLENDSHAPES, FaceNetworks, FaceTracker
from duchenne.faces.blendshapes import DEAD_BLENDSHAPES
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.geometry import to_canonical

NAMES = list(ACTION_UNITS)


@pytest.fixture(scope="module")
def head(networks: FaceNetworks) -> CanonicalFace:
    return CanonicalFace.from_bytes(networks.geometry)


def measure(
    networks: FaceNetworks, head: CanonicalFace, picture: NDArray[np.uint8]
) -> dict[str, float]:
    faces = FaceTracker(networks=networks, max_faces=1).still(picture)
    values = intensities(to_canonical(faces.landmarks, head), faces.blendshapes)[0]
    return dict(zip(NAMES, values.tolist(), strict=True))


def test_the_astronauts_smile(
    networks: FaceNetworks, head: CanonicalFace, astronaut: NDArray[np.uint8]
) -> None:
    found = measure(networks, head, astronaut)
    assert found["AU12"] > 3.5
    assert found["AU06"] > 1.0
    assert found["AU25"] > 0.5
    assert found["AU15"] < 0.5
    assert found["AU45"] < 2.0


@given(
    arrays(np.float32, (3, 52), elements=st.floats(0, 1, width=32)),
    arrays(np.float32, (3, 478, 3), elements=st.floats(-20, 20, width=32)),
)
@settings(max_examples=30, deadline=None)
def test_intensities_stay_between_zero_and_five(
    blendshapes: NDArray[np.float32], canonical: NDArray[np.float32]
) -> None:
    found = intensities(canonical, blendshapes)
    assert found.shape == (3, len(NAMES))
    assert ((found >= 0) & (found <= 5)).all()


@pytest.mark.parametrize(
    ("unit", "shapes"),
    [
        ("AU01", ["browInnerUp"]),
        ("AU12", ["mouthSmileLeft", "mouthSmileRight"]),
        ("AU26", ["jawOpen"]),
        ("AU45", ["eyeBlinkLeft", "eyeBlinkRight"]),
    ],
)
def test_more_of_the_movement_is_more_of_the_unit(
    head: CanonicalFace, unit: str, shapes: list[str]
) -> None:
    levels = np.linspace(0, 1, 11)
    blendshapes = np.zeros((11, 52), np.float32)
    blendshapes[:, [BLENDSHAPES.index(name) for name in shapes]] = levels[:, None]
    canonical = np.zeros((11, 478, 3), np.float32)
    canonical[:, :468] = head.points
    found = intensities(canonical, blendshapes)[:, NAMES.index(unit)]
    assert (np.diff(found) >= 0).all()
    assert found[0] == 0
    assert found[-1] == 5


def test_dead_blendshapes_change_nothing(head: CanonicalFace) -> None:
    canonical = np.zeros((2, 478, 3), np.float32)
    canonical[:, :468] = head.points
    blendshapes = np.zeros((2, 52), np.float32)
    blendshapes[1, [BLENDSHAPES.index(name) for name in DEAD_BLENDSHAPES]] = 1.0
    still, puffed = intensities(canonical, blendshapes)
    assert np.array_equal(still, puffed)


def test_a_raised_cheek_is_au06_and_a_lifted_wing_au09(head: CanonicalFace) -> None:
    canonical = np.zeros((3, 478, 3), np.float32)
    canonical[:, :468] = head.points
    canonical[1, [229, 230, 449, 450], 1] += 0.3
    canonical[2, [129, 358], 1] += 0.8
    found = intensities(canonical, np.zeros((3, 52), np.float32))
    cheek, nose = NAMES.index("AU06"), NAMES.index("AU09")
    assert found[1, cheek] > found[0, cheek] + 1
    assert found[2, nose] > found[0, nose] + 1


def test_wrong_shapes_are_told() -> None:
    with pytest.raises(ValueError, match=r"\(2, 52\)"):
        intensities(np.zeros((1, 478, 3), np.float32), np.zeros((2, 52), np.float32))


def test_no_faces_no_rows() -> None:
    empty = intensities(np.zeros((0, 478, 3), np.float32), np.zeros((0, 52), np.float32))
    assert empty.shape == (0, len(NAMES))


def test_london_faces_smile_with_au12_and_au06(
    networks: FaceNetworks, head: CanonicalFace, shared_media: Path
) -> None:
    folder = shared_media.parent / "london_faces"
    with (folder / "london_info.csv").open() as file:
        assert len(list(csv.reader(file))) > 50
    rises = []
    for neutral in sorted(folder.glob("*_neutral.jpg"))[:12]:
        smiling = neutral.with_name(neutral.name.replace("neutral", "smiling"))
        before, after = (
            measure(networks, head, cv2.cvtColor(cv2.imread(str(p)), cv2.COLOR_BGR2RGB))
            for p in (neutral, smiling)
        )
        rises.append([after[unit] - before[unit] for unit in ("AU12", "AU06")])
    share = (np.array(rises) > 0).mean(axis=0)
    assert share[0] >= 0.9
    assert share[1] >= 0.8
