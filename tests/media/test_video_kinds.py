"""Videos as cameras and programs write them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from duchenne.errors import MediaError
from duchenne.media import open_media
from tests.media.videos import rotate_by_matrix, write_video

MS_40 = range(0, 400, 40)


def brightness(pixels: np.ndarray) -> float:
    return float(np.median(pixels[-4:, -4:]))


@pytest.mark.parametrize(
    ("suffix", "codec", "pix_fmt", "size"),
    [
        ("mp4", "libx264", "yuv444p", (33, 27)),
        ("mkv", "ffv1", "gray", (33, 27)),
        ("mkv", "ffv1", "gray16le", (64, 48)),
        ("mkv", "ffv1", "yuv420p10le", (64, 48)),
        ("mkv", "ffv1", "yuv444p16le", (31, 21)),
        ("mov", "png", "rgba", (33, 27)),
        ("webm", "libvpx-vp9", "yuv420p", (64, 48)),
        ("webm", "libvpx", "yuv420p", (64, 48)),
    ],
)
def test_pixels_become_eight_bit_rgb(
    tmp_path: Path, suffix: str, codec: str, pix_fmt: str, size: tuple[int, int]
) -> None:
    path = write_video(tmp_path / f"a.{suffix}", MS_40, codec=codec, pix_fmt=pix_fmt, size=size)
    media = open_media(path)
    frames = list(media)
    assert (media.info.width, media.info.height) == size
    assert [f.index for f in frames] == list(range(10))
    for i, frame in enumerate(frames):
        assert frame.pixels.shape == (size[1], size[0], 3)
        assert frame.pixels.flags.c_contiguous
        assert brightness(frame.pixels) == pytest.approx(10 + 4 * i, abs=3)
    assert media.warnings == []


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_turn_is_undone(tmp_path: Path, turns: int) -> None:
    path = write_video(tmp_path / "a.mp4", [0, 40], size=(64, 48))
    rotate_by_matrix(path, turns)
    media = open_media(path)
    frame = next(iter(media))
    assert (media.info.width, media.info.height) == (frame.width, frame.height)
    assert (frame.width, frame.height) == ((48, 64) if turns % 2 else (64, 48))
    # The bright corner moves clockwise: upper left, upper right, lower right, lower left.
    corners = [frame.pixels[y, x, 0] > 200 for y, x in ((5, 5), (5, -5), (-5, -5), (-5, 5))]
    assert corners == [corner == turns for corner in range(4)]


@pytest.mark.parametrize(("start", "index"), [(None, 0), (2.5, 25)])
def test_frames_that_avi_stores_out_of_order_keep_their_clock(
    tmp_path: Path, start: float | None, index: int
) -> None:
    # Written with a clock of 1000 ticks, every tick a frame slot: AVI counts, it does not stamp.
    path = write_video(tmp_path / "a.mkv", range(0, 4000, 100), codec="libx264")
    remuxed = write_reordered_avi(tmp_path / "b.avi")
    assert len(list(open_media(path))) == 40
    media = open_media(remuxed, start=start)
    frames = list(media)
    assert [f.index for f in frames] == list(range(index, 40))
    assert [f.time for f in frames] == pytest.approx([i / 10 for i in range(index, 40)])
    assert media.warnings == []


def write_reordered_avi(path: Path) -> Path:
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.options = {"bf": "3", "g": "12"}
        for i in range(40):
            pixels = np.full((48, 64, 3), 10 + 4 * i, np.uint8)
            pixels[: 8 + i % 30] = 200
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def test_a_stream_without_stamps_runs_at_its_nominal_rate(tmp_path: Path) -> None:
    import av

    path = tmp_path / "a.h264"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for i in range(10):
            pixels = np.full((48, 64, 3), 10 + 4 * i, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    frames = list(open_media(path))
    assert [f.index for f in frames] == list(range(10))
    assert [f.time for f in frames] == pytest.approx([i / 25 for i in range(10)])


def test_iterating_again_begins_anew(tmp_path: Path) -> None:
    media = open_media(write_video(tmp_path / "a.mp4", MS_40))
    with media:
        half = [frame.index for frame, _ in zip(media, range(5), strict=False)]
    assert half == list(range(5))
    assert [frame.index for frame in media] == list(range(10))


def test_a_start_behind_the_end_tells_the_end(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", MS_40)
    with pytest.raises(MediaError, match=r"a\.mp4 ends at 0\.36 s: a start at 0\.5 s"):
        list(open_media(path, start=0.5))
    with pytest.raises(MediaError, match=r"a\.mp4 lasts 0\.\d+ s: a start at 60 s"):
        open_media(path, start=60)
