from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.attribute_sets import make_rafdb

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError, DuchenneError
from duchenne.evaluation.datasets.face_attributes import share_of
from duchenne.evaluation.datasets.rafdb import ATTRIBUTES, LIST, PICTURES, read_rafdb


@pytest.fixture
def rafdb(tmp_path: Path) -> Path:
    return make_rafdb(tmp_path / "rafdb")


def test_every_label_comes_from_its_file(rafdb: Path) -> None:
    faces = read_rafdb(rafdb)
    order = ("surprise", "fear", "disgust", "happy", "sad", "angry", "neutral")
    assert [EMOTIONS[i] for i in faces.emotion[:7]] == list(order)
    rows = np.arange(44)
    np.testing.assert_array_equal(faces.gender, rows % 3)
    np.testing.assert_array_equal(faces.ethnicity, rows // 3 % 3)
    np.testing.assert_array_equal(faces.age, rows % 5)
    assert faces.images.shape == (44, 48, 48)
    # Each picture's stripe is where its own emotion put it.
    middles = [round((stripe + 0.5) * 48 / 7) for stripe in range(7)]
    brightest = faces.images[:, middles].mean(2).argmax(1)
    np.testing.assert_array_equal(brightest, rows % 7)


def test_test_pictures_are_test_and_a_tenth_of_the_rest_validates(rafdb: Path) -> None:
    faces = read_rafdb(rafdb / "basic", side=64)
    names = [f"train_{i:05d}.jpg" for i in range(1, 41)]
    held = ["Validation" if share_of(name) == 0 else "Training" for name in names]
    assert faces.usage.tolist() == held + ["Test"] * 4
    assert "Validation" in held
    assert faces.side == 64


def test_without_an_attribute_file_the_emotion_stays(rafdb: Path) -> None:
    (rafdb / "basic" / ATTRIBUTES / "train_00002_manu_attri.txt").unlink()
    faces = read_rafdb(rafdb)
    assert faces.labels[1].tolist() == [EMOTIONS.index("fear"), -1, -1, -1]
    assert (np.delete(faces.labels, 1, axis=0) >= 0).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no pictures"),
        ("train_00001.jpg 8\n", "line 1, should be like"),
        ("train_00001.jpg 0\n", "line 1, should be like"),
        ("train_00001.jpg\n", "line 1, should be like"),
        ("train_00001.jpg 1\n../../train_1.jpg 2\n", "line 2, should be like"),
        ("train_00001.jpg 1\ntrain_00001.jpg 1\n", "names a picture twice"),
        ("train_00099.jpg 1\n", "train_00099_aligned.jpg"),
    ],
)
def test_a_bad_list_is_one_sentence(text: str, message: str, rafdb: Path) -> None:
    (rafdb / "basic" / LIST).write_text(text)
    with pytest.raises(DuchenneError, match=message) as caught:
        read_rafdb(rafdb)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "values", ["", "0\n0\n", "0\n0\n5\n", "3\n0\n0\n", "0\n-1\n0\n", "a\n1\n1"]
)
def test_bad_attributes_are_one_sentence(values: str, rafdb: Path) -> None:
    path = rafdb / "basic" / ATTRIBUTES / "train_00003_manu_attri.txt"
    path.write_text("1\t2\n" * 5 + values)
    with pytest.raises(DataError, match=r"train_00003_manu_attri\.txt should hold"):
        read_rafdb(rafdb)


def test_what_is_broken_or_missing_is_named(rafdb: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No RAF-DB at"):
        read_rafdb(tmp_path / "elsewhere")
    with pytest.raises(DataError, match="16 to 1024"):
        read_rafdb(rafdb, side=3)
    (rafdb / "basic" / PICTURES / "train_00005_aligned.jpg").write_bytes(b"no picture")
    with pytest.raises(DuchenneError, match=r"train_00005_aligned\.jpg"):
        read_rafdb(rafdb)
    (rafdb / "basic" / LIST).write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(DataError, match="cannot be read as a text"):
        read_rafdb(rafdb)
