"""The shape of a face: what it forgets, and whether it tells people apart."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

import duchenne.weights.card as card_module
from duchenne.errors import ModelError
from duchenne.faces import FaceNetworks, FaceTracker
from duchenne.faces.pose import rotation_matrix
from duchenne.faces.shape import FaceShape, ShapeWeights, log_lengths, shape_weights
from duchenne.media import open_media
from duchenne.recording.analyzer import Analyzer
from duchenne.weights.card import load_card
from tests.conftest import ROOT, SHARED
from tests.faces.conftest import read


@pytest.fixture(scope="module")
def landmarks(networks: FaceNetworks, astronaut: NDArray[np.uint8]) -> NDArray[np.float32]:
    points: NDArray[np.float32] = FaceTracker(networks=networks).still(astronaut).landmarks[0]
    return points


@settings(max_examples=40, deadline=None)
@given(
    st.floats(-500, 500), st.floats(-500, 500), st.floats(0.2, 5.0),
    st.floats(-30, 30), st.floats(-60, 60), st.floats(-180, 180),
)  # fmt: skip
def test_place_size_and_pose_do_not_count(
    landmarks: NDArray[np.float32], x: float, y: float, scale: float,
    pitch: float, yaw: float, roll: float,
) -> None:  # fmt: skip
    moved = scale * landmarks @ rotation_matrix(pitch, yaw, roll).T + [x, y, 0]
    before = FaceShape.from_landmarks(landmarks)
    after = FaceShape.from_landmarks(moved.astype(np.float32))
    assert after.values == pytest.approx(before.values, abs=0.05)


def test_a_mirrored_face_is_as_good_as_the_same(landmarks: NDArray[np.float32]) -> None:
    shape = FaceShape.from_landmarks(landmarks)
    # Straight ahead, a mirror changes the sides only: the network knows left from right.
    mirrored = FaceShape.from_landmarks(landmarks * np.array([-1, 1, 1], np.float32))
    assert mirrored.values == pytest.approx(shape.values, abs=1e-3)


@pytest.mark.parametrize(("yaw", "less"), [(0, 1.0), (12, 0.8), (30, 0.35), (60, 0.1)])
def test_a_turned_head_weighs_less(landmarks: NDArray[np.float32], yaw: float, less: float) -> None:
    straight = landmarks @ rotation_matrix(0, 0, 0).T.astype(np.float32)
    turned = landmarks @ rotation_matrix(0, yaw, 0).T.astype(np.float32)
    assert FaceShape.from_landmarks(turned).weight <= (
        less * FaceShape.from_landmarks(straight).weight + 1e-6
    )


def test_a_face_is_rather_itself_than_a_narrow_one(landmarks: NDArray[np.float32]) -> None:
    shape = FaceShape.from_landmarks(landmarks)
    narrow = FaceShape.from_landmarks(landmarks * np.array([0.8, 1, 1], np.float32))
    assert shape.evidence(shape) > 2
    assert shape.evidence(narrow) == narrow.evidence(shape) < -2


def test_a_small_picture_and_another_pose_prove_less(landmarks: NDArray[np.float32]) -> None:
    shape = FaceShape.from_landmarks(landmarks)
    narrow = FaceShape.from_landmarks(landmarks * np.array([0.8, 1, 1], np.float32))
    small = FaceShape.from_landmarks(landmarks * np.float32(0.2))
    turned = FaceShape.from_landmarks(landmarks @ rotation_matrix(0, 40, 0).T.astype(np.float32))
    assert 0 < small.evidence(shape) < shape.evidence(shape)
    assert 0 < turned.evidence(shape) < shape.evidence(shape)
    assert narrow.evidence(shape) < narrow.evidence(small)


def test_nothing_known_proves_nothing(landmarks: NDArray[np.float32]) -> None:
    shape, unknown = FaceShape.from_landmarks(landmarks), FaceShape.unknown()
    assert shape.evidence(unknown) == unknown.evidence(shape) == 0
    assert unknown.merged(unknown).weight == 0
    assert np.array_equal(unknown.merged(shape).values, shape.values)


def test_merging_is_the_weighted_mean(landmarks: NDArray[np.float32]) -> None:
    a = FaceShape.from_landmarks(landmarks)
    b = FaceShape.from_landmarks(landmarks * np.array([0.9, 1, 1], np.float32))
    both = a.merged(b).merged(a)
    expected = (2 * a.weight * a.values + b.weight * b.values) / (2 * a.weight + b.weight)
    assert both.values == pytest.approx(expected)


def test_landmarks_on_one_point_do_no_harm() -> None:
    shape = FaceShape.from_landmarks(np.full((478, 3), 5, np.float32))
    assert np.isfinite(shape.values).all()


def test_json_keeps_the_last_digit(landmarks: NDArray[np.float32]) -> None:
    shape = FaceShape.from_landmarks(landmarks)
    again = FaceShape.from_dict(json.loads(json.dumps(shape.to_dict())))
    assert np.array_equal(again.values, shape.values)
    assert (again.noise, again.weight) == (shape.noise, shape.weight)
    assert np.array_equal(again.turn, shape.turn)


@pytest.mark.parametrize(
    "change", [{"values": [1.0]}, {"turn": [0.0, float("nan")]}, {"noise": float("inf")}]
)
def test_a_damaged_shape_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="shape"):
        FaceShape.from_dict(FaceShape.unknown().to_dict() | change)


def test_smiling_londoners_go_to_their_own_neutral_faces(
    networks: FaceNetworks, london: Path
) -> None:
    tracker = FaceTracker(networks=networks)

    def shape(person: str, expression: str) -> FaceShape:
        # At half the size, so that faces are 100 pixels wide and the test is quick.
        picture = cv2.resize(read(london / f"{person}_{expression}.jpg"), (256, 256))
        found = tracker.still(np.asarray(picture, np.uint8))
        return FaceShape.from_landmarks(found.landmarks[0])

    people = sorted(p.name[:3] for p in london.glob("*_neutral.jpg"))[::3]
    neutral = [shape(person, "neutral") for person in people]
    smiling = [shape(person, "smiling") for person in people]
    evidence = np.array([[a.evidence(b) for b in smiling] for a in neutral])
    same = np.diag(evidence)
    others = evidence[~np.eye(len(people), dtype=bool)]
    assert (same[:, None] > others).mean() > 0.95
    assert np.median(same) > 1.5
    assert np.median(others) < 0


@pytest.mark.parametrize("clip", ["neutral_smile_neutral.mov", "smile.mov"])
def test_people_stay_like_themselves_and_unlike_her(
    networks: FaceNetworks, shared_media: Path, landmarks: NDArray[np.float32], clip: str
) -> None:
    tracker, her = FaceTracker(networks=networks), FaceShape.from_landmarks(landmarks)
    known, own, foreign = FaceShape.unknown(), [], []
    for frame in open_media(shared_media / clip, every=4):
        shape = FaceShape.from_landmarks(tracker.process(frame).landmarks[0])
        own.append(known.evidence(shape))
        foreign.append(her.evidence(shape))
        known = known.merged(shape)
    assert (np.array(own[1:]) > foreign[1:]).mean() > 0.95


def test_the_weights_are_those_of_the_card(landmarks: NDArray[np.float32]) -> None:
    weights, card = shape_weights(), load_card("face_shape")
    assert weights.lengths.shape == (*card.input.size, 8) == (*log_lengths(landmarks).shape, 8)
    assert weights.lengths.sum(axis=0) == pytest.approx(np.zeros(8), abs=1e-9)
    assert (np.diff(weights.between) <= 0).all()
    assert (weights.between > 0).all()
    measured = {f.name: f for result in card.numbers for f in result.figures}
    assert measured["AUC"].value > 0.8


def test_damaged_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for file in card_module.WEIGHTS.glob("face_shape.*"):
        shutil.copy(file, tmp_path)
    damaged = tmp_path / "face_shape.npz"
    damaged.write_bytes(damaged.read_bytes() + b"0")
    monkeypatch.setattr(card_module, "WEIGHTS", tmp_path)
    with pytest.raises(ModelError, match="not the file its card describes"):
        shape_weights.__wrapped__()


def test_an_import_does_not_read_the_weights() -> None:
    code = "import duchenne.faces as f; from duchenne.faces.shape import shape_weights as w; "
    code += "assert w.cache_info().currsize == 0; w(); assert w.cache_info().currsize == 1"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_benchmark_makes_the_shipped_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    if not (SHARED / "pedfe").is_dir():
        pytest.skip(f"no shared data at {SHARED}: set DUCHENNE_SHARED_DATA")
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import face_shape

    fit = face_shape.fitted(face_shape.read_pedfe(SHARED / "pedfe"))
    weights = ShapeWeights.from_shares(fit.shares, fit.between)
    # Another machine's last digit may tip a whole number over.
    assert weights.lengths == pytest.approx(shape_weights().lengths, abs=1.1)
    assert weights.between == pytest.approx(shape_weights().between, abs=0.011)


def test_a_recording_does_not_keep_the_shape(
    astronaut: NDArray[np.uint8], landmarks: NDArray[np.float32], tmp_path: Path
) -> None:
    picture, folder = tmp_path / "astronaut.png", tmp_path / "out"
    Image.fromarray(astronaut).save(picture)
    Analyzer().write(picture, folder)
    row = pq.read_table(folder / "recording.parquet").drop_columns(["landmarks"]).to_pylist()[0]
    kept = [value for value in row.values() if isinstance(value, float)]
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.json")]
    kept += [float(number) for text in texts for number in re.findall(r"-?\d+\.\d+", text)]
    shape = FaceShape.from_landmarks(landmarks).values
    assert texts
    assert np.abs(np.array(kept)[:, None] - shape).min() > 1e-5
