"""Cameras, with a film in the place of the driver."""

from __future__ import annotations

import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest

from duchenne.errors import MediaError
from duchenne.media import grab, open_media
from tests.media.videos import write_video

OPENED: list[cv2.VideoCapture] = []


@pytest.fixture
def camera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A camera that gives six pictures and is then unplugged."""
    path = str(write_video(tmp_path / "a.avi", range(0, 240, 40)))
    real = cv2.VideoCapture
    OPENED.clear()

    def switch_on(number: int) -> cv2.VideoCapture:
        OPENED.append(real(path if number == 0 else "missing"))
        return OPENED[-1]

    monkeypatch.setattr(cv2, "VideoCapture", switch_on)
    return "camera:0"


@pytest.mark.parametrize("name", ["camera:0", "0", 0])
def test_pictures_come_in_rgb_with_rising_times(camera: str, name: str | int) -> None:
    with open_media(name) as media:
        frames = list(media)
    assert (media.info.kind, media.info.path) == ("camera", camera)
    assert [f.index for f in frames] == list(range(5))  # the first one only proved that it works
    assert frames[0].time == 0.0
    assert all(a.time < b.time for a, b in itertools.pairwise(frames))
    assert frames[0].pixels[5, 5, 0] > 200 > frames[0].pixels[5, 5, 2]  # red, not blue
    assert "stopped giving pictures after frame 4" in media.warnings[0]


def test_leaving_switches_the_camera_off(camera: str) -> None:
    with open_media(camera) as media:
        next(iter(media))
    with open_media(camera):
        pass
    assert [capture.isOpened() for capture in OPENED] == [False, False]


def test_iterating_again_switches_it_on_again(camera: str) -> None:
    media = open_media(camera)
    first, again = list(media), list(media)
    assert len(first) == 5
    assert len(again) == 5
    assert not np.shares_memory(first[0].pixels, again[0].pixels)


def test_a_missing_camera_is_one_sentence(camera: str) -> None:
    with pytest.raises(MediaError, match="Camera 7 gives no picture"):
        open_media(7)


def test_a_camera_has_no_past(camera: str) -> None:
    with pytest.raises(MediaError, match="no past"):
        grab(camera, [0.0])
