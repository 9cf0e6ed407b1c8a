"""Videos: true times, upright frames, and everything up to a break."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from duchenne.errors import MediaError
from duchenne.media import Frame, grab, open_media
from tests.media.videos import rotate_by_matrix, write_video

UNEVEN = (0, 40, 70, 200, 210, 400)


def brightness(frame: Frame) -> int:
    return round((float(np.median(frame.pixels[-4:, -4:])) - 10) / 4)


@pytest.mark.parametrize(
    ("suffix", "codec"), [("mp4", "mpeg4"), ("mkv", "libx264"), ("avi", "mpeg4")]
)
def test_every_frame_comes_once_in_order(tmp_path: Path, suffix: str, codec: str) -> None:
    path = write_video(tmp_path / f"a.{suffix}", range(0, 400, 40), codec=codec)
    frames = list(open_media(path))
    assert [frame.index for frame in frames] == list(range(10))
    assert [brightness(frame) for frame in frames] == list(range(10))


def test_uneven_times_are_the_files_own(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", UNEVEN)
    times = [frame.time for frame in open_media(path)]
    assert times == pytest.approx([ms / 1000 for ms in UNEVEN])


def test_time_counts_from_the_first_frame(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", [500, 540, 580])
    assert [f.time for f in open_media(path)] == pytest.approx([0.0, 0.04, 0.08])


def test_rotation_is_applied(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", [0, 40], size=(64, 48))
    rotate_by_matrix(path)
    media = open_media(path)
    frame = next(iter(media))
    assert (media.info.width, media.info.height) == (frame.width, frame.height) == (48, 64)
    # The bright corner, upper left as filmed, is upper right after a clockwise turn.
    assert frame.pixels[5, -5, 0] > 200 > frame.pixels[5, 5, 0]


@pytest.mark.parametrize(("every", "expected"), [(1, 10), (3, 4), (100, 1)])
def test_every_counts_over_the_whole_source(tmp_path: Path, every: int, expected: int) -> None:
    path = write_video(tmp_path / "a.mp4", range(0, 400, 40))
    frames = list(open_media(path, every=every))
    assert len(frames) == expected
    assert all(frame.index % every == 0 for frame in frames)


@pytest.mark.parametrize("codec", ["mpeg4", "libx264"])
def test_a_late_start_gives_the_frames_of_the_whole(tmp_path: Path, codec: str) -> None:
    path = write_video(tmp_path / "a.mp4", range(0, 4000, 100), codec=codec)
    whole = {f.index: f for f in open_media(path)}
    part = list(open_media(path, start=2.45, end=3.05))
    assert [f.index for f in part] == [25, 26, 27, 28, 29, 30]
    for frame in part:
        assert frame.time == whole[frame.index].time
        assert np.array_equal(frame.pixels, whole[frame.index].pixels)


def test_grab_gives_the_frames_at_the_times_asked(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", range(0, 4000, 100))
    assert [f.index for f in grab(path, [3.5, 0.0, 1.2])] == [35, 0, 12]


def test_a_truncated_video_gives_everything_up_to_the_break(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", range(0, 4000, 40), size=(320, 240))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 6 // 10])
    media = open_media(path)
    frames = list(media)
    assert 40 <= len(frames) < 100
    assert [f.index for f in frames] == list(range(len(frames)))
    assert len(media.warnings) == 1
    assert str(frames[-1].index) in media.warnings[0]


def test_an_mp4_without_its_index_is_refused(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", range(0, 4000, 40))
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(MediaError, match=r"a\.mp4"):
        open_media(path)


@pytest.mark.parametrize("seed", range(8))
def test_flipped_bytes_end_in_frames_or_one_sentence(tmp_path: Path, seed: int) -> None:
    path = write_video(tmp_path / "a.mp4", range(0, 2000, 40), codec="libx264")
    content = bytearray(path.read_bytes())
    random = np.random.default_rng(seed)
    for at in random.integers(0, len(content), 12):
        content[at] = random.integers(0, 256)
    path.write_bytes(content)
    times, sentence = [], ""
    try:
        times = [frame.time for frame in open_media(path)]
    except MediaError as error:
        sentence = str(error)
    assert times or sentence
    assert "\n" not in sentence
    assert all(a < b for a, b in itertools.pairwise(times))


@pytest.mark.parametrize(
    ("name", "count"),
    [("neutral_smile_neutral.mov", 126), ("smile.mov", 164), ("WolfgangLanger_Pexels.mp4", 472)],
)
def test_real_clips_decode_whole(shared_media: Path, name: str, count: int) -> None:
    media = open_media(shared_media / name)
    assert sum(1 for _ in media) == count
    assert media.warnings == []


def test_a_clip_that_announces_too_much_says_so(shared_media: Path) -> None:
    media = open_media(shared_media / "no_face.mp4")
    assert (media.info.frames, sum(1 for _ in media)) == (98, 95)
    assert "announces 98 frames and holds 95" in media.warnings[0]
