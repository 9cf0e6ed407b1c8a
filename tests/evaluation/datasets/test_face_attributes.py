from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.attribute_sets import tiny_attributes

from duchenne.errors import DataError
from duchenne.evaluation.datasets.face_attributes import (
    HEADS,
    from_fer2013,
    grey_crop,
    join,
    share_of,
)
from duchenne.evaluation.datasets.fer2013 import Fer2013


def test_fer_knows_emotions_alone(tiny_fer: Fer2013) -> None:
    faces = from_fer2013(tiny_fer)
    np.testing.assert_array_equal(faces.emotion, tiny_fer.labels)
    assert set(faces.labels[:, 1:].ravel().tolist()) == {-1}
    assert [int((faces.usage == u).sum()) for u in ("Training", "Validation", "Test")] == [
        140,
        21,
        21,
    ]


def test_joined_sets_keep_their_rows_in_order(tiny_fer: Fer2013) -> None:
    first, second = tiny_attributes(), from_fer2013(tiny_fer)
    both = join([first, replace(second, warning="odd")])
    np.testing.assert_array_equal(both.labels, np.concatenate([first.labels, second.labels]))
    np.testing.assert_array_equal(both.images[len(first) :], second.images)
    assert (both.sources, both.warning) == (("RAF-DB", "FER-2013"), "odd")
    assert len(both.split("Validation")) == len(first.split("Validation")) + 21


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"age": np.full(140, 5)}, "Labels of age are 0 to 4, or -1"),
        ({"gender": np.full(140, -2)}, "Labels of gender are 0 to 2"),
        ({"ethnicity": np.zeros(3, np.int64)}, r"Labels of ethnicity are \(140,\)"),
        ({"images": np.zeros((140, 48, 47), np.uint8)}, "square"),
        ({"images": np.zeros((140, 48, 48))}, "uint8"),
        ({"usage": np.array(["PublicTest"] * 140)}, "No usage 'PublicTest'"),
    ],
)
def test_what_does_not_fit_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        replace(tiny_attributes(), **changes)


def test_sets_of_different_sizes_do_not_join() -> None:
    faces = tiny_attributes()
    small = replace(faces, images=faces.images[:, ::2, ::2])
    with pytest.raises(DataError, match="sides of 24 and 48 pixels"):
        join([faces, small])
    with pytest.raises(DataError, match="name one at least"):
        join([])
    with pytest.raises(DataError, match="RAF-DB holds no Test rows"):
        faces.split("Test")
    with pytest.raises(DataError, match="no split 'test'"):
        faces.split("test")


def test_a_tenth_is_held_out_whatever_the_order() -> None:
    shares = [share_of(f"train_{i:05d}.jpg") for i in range(1, 12272)]
    assert 0.09 < np.mean(np.array(shares) == 0) < 0.11
    # CRC-32's published check value is 0xCBF43926 = 3,421,780,262.
    assert share_of("123456789") == 2


def test_a_crop_keeps_what_is_where() -> None:
    picture = np.zeros((100, 100, 3), np.uint8)
    picture[:50] = [255, 0, 0]
    crop = grey_crop(picture)
    assert crop.shape == (48, 48)
    assert crop[:23].tolist() == np.full((23, 48), 76).tolist()  # ITU-R BT.601: 0.299 of red
    assert not crop[25:].any()
    assert grey_crop(picture[:20, :20], 48).shape == (48, 48)


def test_the_heads_are_those_of_the_paper() -> None:
    assert {head: len(classes) for head, classes in HEADS.items()} == {
        "emotion": 7,
        "gender": 3,
        "age": 5,
        "ethnicity": 3,
    }
