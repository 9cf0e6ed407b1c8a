from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image

from duchenne.errors import DataError
from duchenne.evaluation.datasets.near_copies import (
    CORRELATION,
    HASH_DISTANCE,
    is_blank,
    near_copies,
)

Picture = np.ndarray


def _others(number: int) -> Picture:
    """(number, 48, 48): soft shapes, each another."""
    noise = np.random.default_rng(3).normal(size=(number, 48, 48))
    soft = np.stack([cv2.GaussianBlur(one, (0, 0), 5) for one in noise])
    shapes: Picture = np.clip(128 + 40 * soft / soft.std(), 0, 255).astype(np.uint8)
    return shapes


def _face(astronaut: Picture, right: int = 0, down: int = 0) -> Picture:
    """(48, 48), cut so many of its pixels further right and down."""
    y, x = 20 + 4 * down, 130 + 4 * right
    cut = Image.fromarray(astronaut).convert("L").crop((x, y, x + 192, y + 192))
    return np.asarray(cut.resize((48, 48), Image.Resampling.BOX))


def _grain(face: Picture) -> Picture:
    grain = np.random.default_rng(0).integers(-3, 4, face.shape)
    return np.clip(face.astype(int) + grain, 0, 255).astype(np.uint8)


def _as_jpeg(face: Picture) -> Picture:
    sink = io.BytesIO()
    Image.fromarray(face).save(sink, "JPEG", quality=40)
    return np.asarray(Image.open(sink))


def _stamped(face: Picture) -> Picture:
    stamped = face.copy()
    stamped[38:44, 4:40:2] = 230
    return stamped


CHANGES: dict[str, Callable[[Picture], Picture]] = {
    "the same": lambda face: face,
    "grain": _grain,
    "brighter": lambda face: (face * 0.7 + 70).astype(np.uint8),
    "JPEG": _as_jpeg,
    "soft": lambda face: cv2.GaussianBlur(face, (0, 0), 1),
    "stamp": _stamped,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_copy_is_found_among_others(astronaut: Picture, change: str) -> None:
    face = _face(astronaut)
    found = near_copies(np.stack([*_others(30), face, CHANGES[change](face)]))
    assert found.pairs.tolist() == [[30, 31]]
    assert 0 <= found.distance[0] <= HASH_DISTANCE
    assert CORRELATION <= found.correlation[0] <= 1


@pytest.mark.parametrize(("right", "down"), [(1, 0), (0, 1), (-1, 0), (0, -1), (1, 1)])
def test_a_cut_one_pixel_aside_is_found(astronaut: Picture, right: int, down: int) -> None:
    pictures = [*_others(30), _face(astronaut), _face(astronaut, right, down)]
    assert near_copies(np.stack(pictures)).pairs.tolist() == [[30, 31]]


def test_a_cut_two_pixels_aside_with_grain_is_found(astronaut: Picture) -> None:
    pictures = [*_others(30), _grain(_face(astronaut, 2)), _face(astronaut)]
    assert near_copies(np.stack(pictures)).pairs.tolist() == [[30, 31]]


def test_tiny_pictures_are_refused() -> None:
    with pytest.raises(DataError, match="at least 11 pixels high and wide, these are 10 x 48"):
        near_copies(np.zeros((2, 10, 48), np.uint8))


def test_a_mirrored_face_is_no_near_copy(astronaut: Picture) -> None:
    face = _face(astronaut)
    assert len(near_copies(np.stack([face, face[:, ::-1]]))) == 0


def test_those_most_alike_come_first(astronaut: Picture) -> None:
    face = _face(astronaut)
    found = near_copies(np.stack([_face(astronaut, 2), face, _stamped(face), face]))
    assert found.pairs[0].tolist() == [1, 3]
    order = list(zip(found.distance, -found.correlation, strict=True))
    assert order == sorted(order)
    assert [0, 2] not in found.pairs.tolist()  # moved and stamped is too much
    assert len(found) == 5


def test_what_is_known_of_one_goes_over_to_its_near_copies(astronaut: Picture) -> None:
    face = _face(astronaut)
    found = near_copies(np.stack([face, *_others(2), _grain(face)]))
    present = np.array([[True, False], [True, True], [False, True], [False, True]])
    spread = found.spread(present)
    assert spread.tolist() == [[False, True], [False, False], [False, False], [True, False]]
    assert len(found.only(np.array([False]))) == 0


def test_blank_pictures_are_told_and_have_no_near_copies() -> None:
    grain = np.random.default_rng(0).integers(127, 130, (48, 48))
    pictures = np.stack([np.zeros((48, 48)), np.full((48, 48), 255), grain, np.eye(48) * 200])
    pictures = pictures.astype(np.uint8)
    assert is_blank(pictures).tolist() == [True, True, True, False]
    assert len(near_copies(np.concatenate([pictures, pictures[:3]]))) == 0
    with pytest.raises(DataError, match="uint8"):
        is_blank(pictures.astype(float))
