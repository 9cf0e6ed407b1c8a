"""Single frames by their times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duchenne.errors import MediaError
from duchenne.media import grab, open_media
from tests.media.videos import write_video

UNEVEN = (0, 40, 70, 2500, 2510, 2700, 5300, 5340, 9000)


@pytest.mark.parametrize(
    ("time", "index"),
    [
        (0.0, 0),
        (0.039, 1),  # a table may have rounded 0.0395 down
        (0.04, 1),
        (0.069, 2),
        (1.7, 2),  # on show until the next one comes
        (2.4999, 3),
        (2.6, 4),
        (5.3, 6),
        (8.9, 7),
        (9.0, 8),
    ],
)
def test_the_frame_on_show(tmp_path: Path, time: float, index: int) -> None:
    path = write_video(tmp_path / "a.mp4", UNEVEN)
    whole = {frame.index: frame for frame in open_media(path)}
    (frame,) = grab(path, [time])
    assert (frame.index, frame.time) == (index, whole[index].time)
    assert np.array_equal(frame.pixels, whole[index].pixels)


def test_frames_come_in_the_order_asked(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", UNEVEN, codec="libx264")
    assert [f.index for f in grab(path, [9.0, 0.0, 2.6, 0.0, 5.34])] == [8, 0, 4, 0, 7]
    assert grab(path, []) == []


@pytest.mark.parametrize("suffix", ["gif", "webp"])
def test_animations_keep_their_frames_apart(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    pictures = [Image.new("RGB", (9, 7), (i * 60, 0, 0)) for i in range(4)]
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=100, lossless=True)
    assert [f.pixels[0, 0, 0] // 60 for f in grab(path, [0.25, 0.05])] == [2, 0]


def test_a_folder_has_the_clock_it_is_given(tmp_path: Path) -> None:
    for i in range(4):
        Image.new("RGB", (9, 7), (i * 60, 0, 0)).save(tmp_path / f"{i}.png")
    assert [f.index for f in grab(tmp_path, [1.0, 1.6], fps=2)] == [2, 3]


@pytest.mark.parametrize("time", [-1.0, float("nan"), float("inf"), 12.0, 60.0])
def test_times_without_a_frame_are_one_sentence(tmp_path: Path, time: float) -> None:
    path = write_video(tmp_path / "a.mp4", UNEVEN)
    with pytest.raises(MediaError, match="frame"):
        grab(path, [0.0, time])
