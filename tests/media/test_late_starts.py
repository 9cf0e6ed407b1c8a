"""A late start gives the very frames, numbers and times of the whole video."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from duchenne.media import open_media
from duchenne.media.videos import Video
from tests.media.videos import write_video

KINDS = [
    ("mp4", "libx264"),
    ("mkv", "libx264"),
    ("ts", "libx264"),
    ("flv", "libx264"),
    ("avi", "mpeg4"),
    ("mpg", "mpeg2video"),
    ("webm", "libvpx-vp9"),
    ("webm", "libvpx"),
    ("wmv", "wmv2"),
]


@pytest.mark.parametrize(("suffix", "codec"), KINDS)
@pytest.mark.parametrize("every", [1, 7])
def test_indices_times_and_pixels_agree(
    tmp_path: Path, suffix: str, codec: str, every: int
) -> None:
    path = write_video(tmp_path / f"a.{suffix}", range(0, 6000, 40), codec=codec, rate=25)
    whole = list(open_media(path, every=every))
    for start, end in ((1.99, 2.6), (3.0, 3.3), (5.5, None)):
        part = list(open_media(path, every=every, start=start, end=end))
        expected = [f for f in whole if start - 1e-6 <= f.time < (end or 99) - 1e-6]
        assert [(f.index, f.time) for f in part] == [(f.index, f.time) for f in expected]
        for frame, same in zip(part, expected, strict=True):
            assert np.array_equal(frame.pixels, same.pixels)


@pytest.mark.parametrize(("suffix", "codec"), [("mp4", "libx264"), ("mkv", "libx264")])
def test_what_lies_before_is_not_decoded(tmp_path: Path, suffix: str, codec: str) -> None:
    path = write_video(tmp_path / f"a.{suffix}", range(0, 6000, 40), codec=codec, rate=25)
    first = next(Video(path).shots(5.0))
    assert 4.0 < first.time <= 5.0


@pytest.mark.parametrize("name", ["smile.mov", "WolfgangLanger_Pexels.mp4", "no_face.mp4"])
def test_real_clips_agree(shared_media: Path, name: str) -> None:
    whole = {f.index: (f.time, f.pixels.sum()) for f in open_media(shared_media / name)}
    part = list(open_media(shared_media / name, start=2.5, end=3.5))
    assert len(part) > 10
    assert [(f.time, f.pixels.sum()) for f in part] == [whole[f.index] for f in part]
