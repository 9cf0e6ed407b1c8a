"""Videos that are cut off or damaged: everything that is left, and a sentence."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from duchenne.errors import MediaError
from duchenne.media import open_media
from duchenne.media.containers import open_container, video_stream
from tests.media.videos import write_video


def cut(path: Path, share: float) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


@pytest.mark.parametrize(
    ("suffix", "options"),
    [("mp4", {"movflags": "faststart"}), ("mkv", {}), ("webm", {}), ("avi", {}), ("flv", {})],
)
def test_a_cut_video_gives_its_frames_and_tells_of_the_break(
    tmp_path: Path, suffix: str, options: dict[str, str]
) -> None:
    codec = {"webm": "libvpx-vp9", "avi": "mpeg4"}.get(suffix, "libx264")
    path = write_video(
        tmp_path / f"a.{suffix}", range(0, 6000, 40), codec=codec, rate=25, options=options
    )
    whole = {f.index: f.time for f in open_media(path)}
    media = open_media(cut(path, 0.6))
    frames = list(media)
    assert 20 < len(frames) < 140
    # Behind the last of them, frames shown earlier than they are stored may be missing.
    assert all(whole[f.index] == pytest.approx(f.time) for f in frames[:-1])
    assert all(a.index < b.index and a.time < b.time for a, b in itertools.pairwise(frames))
    assert any(f"after frame {frames[-1].index} (" in warning for warning in media.warnings)


@pytest.mark.parametrize("codec", ["mpeg4", "prores_ks"])
def test_frames_behind_a_hole_keep_their_places(tmp_path: Path, codec: str) -> None:
    pix_fmt = "yuv422p10le" if codec == "prores_ks" else "yuv420p"
    path = write_video(
        tmp_path / "a.mov", range(0, 2000, 40), codec=codec, rate=25, pix_fmt=pix_fmt
    )
    overwrite_packets(path, range(20, 26))
    media = open_media(path)
    frames = list(media)
    assert [f.index for f in frames] == [*range(20), *range(26, 50)]
    assert [f.time for f in frames] == pytest.approx([f.index / 25 for f in frames])
    assert "a.mov is damaged: 6 frames could not be decoded." in media.warnings


def overwrite_packets(path: Path, which: range) -> None:
    with open_container(path) as container:
        packets = [p for p in container.demux(video_stream(container, path)) if p.size]
        places = [(packets[i].pos, packets[i].size) for i in which]
    content = bytearray(path.read_bytes())
    for at, size in places:
        content[at : at + size] = b"\xff" * size
    path.write_bytes(content)


def test_an_mp4_that_lost_its_end_says_why(tmp_path: Path) -> None:
    path = cut(write_video(tmp_path / "a.mp4", range(0, 2000, 40)), 0.5)
    with pytest.raises(MediaError, match="lacks the index at the end"):
        open_media(path)


def test_a_video_without_one_good_frame_is_refused(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", range(0, 400, 40), rate=25)
    overwrite_packets(path, range(10))
    with pytest.raises(MediaError, match="no frame can be decoded"):
        open_media(path)


def test_stamps_that_repeat_are_spread_and_told(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", range(0, 400, 40), rate=25)
    repeat_third_stamp(path)
    media = open_media(path)
    times = [f.time for f in media]
    assert len(times) == 10
    assert all(a < b for a, b in itertools.pairwise(times))
    assert "repeat or run backwards" in media.warnings[0]


def repeat_third_stamp(path: Path) -> None:
    """Gives the frames of an MP4 no length from the third one on: they all begin together."""
    content = bytearray(path.read_bytes())
    at = content.index(b"stts") + 8
    assert int.from_bytes(content[at : at + 4], "big") == 1  # one run of equal lengths
    content[at + 8 : at + 12] = bytes(4)
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["a.gif", "a.png", "a.webp"])
def test_a_cut_animation_gives_frames_or_one_sentence(tmp_path: Path, name: str) -> None:
    from PIL import Image

    random = np.random.default_rng(0)
    pictures = [Image.fromarray(random.integers(0, 255, (40, 60, 3), np.uint8)) for _ in range(6)]
    path = tmp_path / name
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=80, lossless=True)
    cut(path, 0.6)
    sentence, frames = "", []
    try:
        media = open_media(path)
        frames = list(media)
    except MediaError as error:
        sentence = str(error)
    assert ("broken" in sentence or "neither" in sentence) or (
        0 < len(frames) < 6 and "breaks off after frame" in media.warnings[0]
    )


def test_damage_is_told_in_warnings_and_not_on_the_screen(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write_video(tmp_path / "a.mp4", range(0, 2000, 40), codec="libx264", rate=25)
    capfd.readouterr()  # the encoder's own words
    overwrite_packets(path, range(20, 23))
    media = open_media(path)
    assert len(list(media)) > 30
    assert media.warnings
    assert capfd.readouterr() == ("", "")
