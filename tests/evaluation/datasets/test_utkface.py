from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.attribute_sets import make_utkface

from duchenne.errors import DataError, DuchenneError, ModelError
from duchenne.evaluation.datasets.face_attributes import HEADS
from duchenne.evaluation.datasets.utkface import parse_name, read_utkface
from duchenne.faces.geometry import EYES_IN_CROP, eye_centres
from duchenne.faces.tracker import FaceTracker


@pytest.mark.parametrize(
    ("name", "gender", "age", "ethnicity"),
    [
        ("25_1_0_20170116174525125.jpg", 1, 2, 0),
        ("3_0_1_20170116174525125.jpg.chip.jpg", 0, 0, 1),
        ("4_0_2_20170116174525125.jpg", 0, 1, 2),
        ("70_1_3_20170116174525125.jpg", 1, 4, -1),
        ("69_1_4_20170116174525125.jpg", 1, 3, -1),
        ("0_0_0_20170116174525125.jpg", 0, 0, 0),
        # Published names with a blank, without a dot, and without gender or race.
        ("24_0_1_20170116220224657 .jpg.chip.jpg", 0, 2, 1),
        ("55_0_0_20170116232725357jpg.chip.jpg", 0, 3, 0),
        ("61_1_20170109142408075.jpg.chip.jpg", -1, 3, -1),
        ("53__0_20170116184028385.jpg", -1, 3, -1),
    ],
)
def test_names_tell_the_labels(name: str, gender: int, age: int, ethnicity: int) -> None:
    assert parse_name(name) == (gender, age, ethnicity)


@pytest.mark.parametrize(
    "name", ["me.jpg", "25_2_0_20170116174525125.jpg", "25_1_5_20170116174525125.jpg", "25_1_0.jpg"]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(DataError, match="not named like UTKFace's pictures"):
        parse_name(name)


def test_impossible_ages_are_refused() -> None:
    with pytest.raises(DataError, match="an age of 117"):
        parse_name("117_0_0_20170116174525125.jpg")


@given(st.integers(0, 116))
def test_every_age_falls_into_the_range_that_names_it(years: int) -> None:
    low, _, high = HEADS["age"][parse_name(f"{years}_0_0_20170116174525125.jpg")[1]].partition("-")
    assert int(low.rstrip("+")) <= years <= int(high or 200)


def test_a_folder_is_read_at_any_depth(tmp_path: Path) -> None:
    folder = make_utkface(tmp_path / "utk")
    (folder / "readme.txt").write_text("no picture")
    faces = read_utkface(folder)
    assert faces.images.shape == (40, 48, 48)
    assert set(faces.emotion.tolist()) == {-1}
    assert {u: int((faces.usage == u).sum()) > 0 for u in ("Training", "Validation", "Test")} == {
        "Training": True,
        "Validation": True,
        "Test": True,
    }
    np.testing.assert_array_equal(read_utkface(folder).images, faces.images)


def test_what_is_broken_or_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No UTKFace at"):
        read_utkface(tmp_path / "elsewhere")
    with pytest.raises(DataError, match="holds no pictures like"):
        read_utkface(tmp_path)
    (tmp_path / "25_1_0_20170116174525125.jpg").write_bytes(b"no picture")
    with pytest.raises(DuchenneError, match=r"25_1_0_20170116174525125\.jpg"):
        read_utkface(tmp_path)


def test_levelled_eyes_lie_where_our_own_crops_have_them(tmp_path: Path) -> None:
    data = pytest.importorskip("skimage.data", reason="a face comes with the extra: demo")
    try:
        tracker = FaceTracker(max_faces=1)
    except ModelError as error:
        pytest.skip(f"no landmark networks here: {error}")
    face = data.astronaut()
    turn = cv2.getRotationMatrix2D((220, 120), 20, 1.0)
    turned = cv2.warpAffine(face, turn, (512, 512))
    Image.fromarray(turned).save(tmp_path / "38_1_0_20170116174525125.jpg", quality=95)
    Image.fromarray(np.zeros_like(face)).save(tmp_path / "20_0_0_20170116174525125.jpg")
    faces = read_utkface(tmp_path, side=192, tracker=tracker)
    assert len(faces) == 1
    assert faces.age.tolist() == [2]
    assert "no face found in 1 of UTKFace's 2 pictures" in faces.warning
    found = tracker.still(np.stack([faces.images[0]] * 3, axis=-1))
    np.testing.assert_allclose(eye_centres(found.landmarks[0])[:, :2] / 4, EYES_IN_CROP, atol=1.0)


def test_pictures_without_any_face_are_one_sentence(tmp_path: Path) -> None:
    try:
        tracker = FaceTracker(max_faces=1)
    except ModelError as error:
        pytest.skip(f"no landmark networks here: {error}")
    Image.new("RGB", (100, 100)).save(tmp_path / "20_0_0_20170116174525125.jpg")
    with pytest.raises(DataError, match="No face is found in the 1 pictures"):
        read_utkface(tmp_path, tracker=tracker)
