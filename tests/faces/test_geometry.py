"""Geometry: what must not change when the face moves, turns in the picture, or comes nearer."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from duchenne.faces import FaceNetworks, Faces, FaceTracker
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.geometry import (
    EYES_IN_CROP,
    aligned_crop,
    eye_centres,
    interocular,
    to_canonical,
)
from duchenne.faces.pose import rotation_matrix
from duchenne.faces.regions import Region, iou


@pytest.fixture(scope="module")
def face(networks: FaceNetworks, astronaut: NDArray[np.uint8]) -> Faces:
    return FaceTracker(networks=networks).still(astronaut)


@pytest.fixture(scope="module")
def head(networks: FaceNetworks) -> CanonicalFace:
    return CanonicalFace.from_bytes(networks.geometry)


@settings(max_examples=40, deadline=None)
@given(st.floats(-500, 500), st.floats(-500, 500), st.floats(0.2, 5.0), st.floats(-180, 180))
def test_the_canonical_face_forgets_place_size_and_turn(
    face: Faces, head: CanonicalFace, x: float, y: float, scale: float, turn: float
) -> None:
    points = face.landmarks[0].astype(np.float64)
    moved = scale * points @ rotation_matrix(0, 0, turn).T + [x, y, 0]
    before = to_canonical(face.landmarks[0], head)
    after = to_canonical(moved.astype(np.float32), head)
    assert after == pytest.approx(before, abs=5e-3)


def test_the_canonical_face_forgets_head_pose(face: Faces, head: CanonicalFace) -> None:
    turned = face.landmarks[0] @ rotation_matrix(15, -25, 10).T.astype(np.float32)
    before = to_canonical(face.landmarks[0], head)
    assert to_canonical(turned, head) == pytest.approx(before, abs=5e-3)


def test_the_canonical_face_lies_on_the_mean_head(face: Faces, head: CanonicalFace) -> None:
    off = to_canonical(face.landmarks[0], head)[:468] - head.points
    assert np.linalg.norm(off, axis=1).mean() < 0.8  # cm: one person beside the mean


def test_rows_without_a_face_stay_empty(head: CanonicalFace) -> None:
    assert np.isnan(to_canonical(np.full((2, 478, 3), np.nan, np.float32), head)).all()


def test_many_faces_at_once_are_placed_as_one_by_one(face: Faces, head: CanonicalFace) -> None:
    random = np.random.default_rng(0)
    many = face.landmarks + random.normal(0, 2, (300, 478, 3)).astype(np.float32)
    many[[0, 7, 299]] = np.nan
    alone = np.stack([to_canonical(points, head) for points in many])
    placed = to_canonical(many, head)
    assert placed.dtype == np.float32
    assert np.array_equal(placed, alone, equal_nan=True)
    assert np.flatnonzero(np.isnan(placed).any(axis=(1, 2))).tolist() == [0, 7, 299]
    assert to_canonical(many[:0], head).shape == (0, 478, 3)


@pytest.mark.parametrize("turn", [0.0, 20.0, -35.0])
@pytest.mark.parametrize("scale", [0.8, 1.0, 2.0])
def test_crops_hold_the_eyes_at_one_place(
    networks: FaceNetworks, astronaut: NDArray[np.uint8], turn: float, scale: float
) -> None:
    matrix = cv2.getRotationMatrix2D((224.0, 120.0), turn, scale)
    turned = cv2.warpAffine(astronaut, matrix, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    picture = np.asarray(turned, np.uint8)
    found = FaceTracker(networks=networks).still(picture)
    crop = aligned_crop(picture, found.landmarks[0], side=192)
    again = FaceTracker(networks=networks).still(np.pad(crop, ((96,), (96,), (0,)), "edge"))
    eyes = eye_centres(again.landmarks[0])[:, :2] - 96
    assert eyes == pytest.approx(EYES_IN_CROP * 4, abs=6)


def test_distance_between_the_eyes_survives_a_turn(face: Faces) -> None:
    turned = face.landmarks @ rotation_matrix(0, 40, 0).T.astype(np.float32)
    assert interocular(turned) == pytest.approx(interocular(face.landmarks), rel=1e-4)


@given(st.floats(0, 400), st.floats(0, 400), st.floats(20, 300), st.floats(-3.1, 3.1))
def test_crop_and_frame_agree_on_places(x: float, y: float, size: float, angle: float) -> None:
    region = Region(x, y, size, angle)
    middle = np.full((478, 3), 128.0, np.float32)
    placed = region.landmarks_to_frame(middle, 256)
    assert placed[0, :2] == pytest.approx([x, y], abs=1e-3)
    across = np.array([[0.0, 128.0, 0.0], [256.0, 128.0, 0.0]], np.float32)
    ends = region.landmarks_to_frame(across, 256)
    assert np.linalg.norm(ends[1] - ends[0]) == pytest.approx(size, rel=1e-4)
    assert np.arctan2(*(ends[1] - ends[0])[[1, 0]]) == pytest.approx(angle, abs=1e-3)


def test_overlap_of_boxes() -> None:
    boxes = np.array([[0, 0, 10, 10], [5, 0, 10, 10], [20, 20, 5, 5]], np.float32)
    assert iou(boxes, boxes[0]) == pytest.approx([1.0, 1 / 3, 0.0])
