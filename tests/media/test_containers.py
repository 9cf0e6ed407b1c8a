"""What is opened as a video, and what is not."""

from __future__ import annotations

import socket
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from duchenne.errors import MediaError
from duchenne.media import open_media
from tests.media.videos import write_video


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", "only words\n" * 200),  # FFmpeg would paint them as a video
        ("list.ffconcat", "ffconcat version 1.0\nfile clip.mp4\n"),
        ("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nclip.ts\n#EXT-X-ENDLIST\n"),
        ("words.srt", "1\n00:00:00,000 --> 00:00:02,000\nwords\n"),
        ("drawing.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'),
        ("page.eps", "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n"),
    ],
)
def test_texts_and_playlists_are_no_videos(tmp_path: Path, name: str, content: str) -> None:
    write_video(tmp_path / "clip.mp4", [0, 40])
    write_video(tmp_path / "clip.ts", [0, 40], codec="libx264")
    (tmp_path / name).write_text(content)
    with pytest.raises(MediaError, match="neither a picture nor a video"):
        open_media(tmp_path / name)


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", ["http://127.0.0.1:9/a.mp4", "rtsp://127.0.0.1/a"])
def test_addresses_are_not_followed(name: str) -> None:
    with pytest.raises(MediaError, match="is an address: download it first"):
        open_media(name)


def test_a_name_like_a_protocol_is_a_local_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_video(tmp_path / "a.mp4", [0, 40]).rename(tmp_path / "concat:a.mp4|b.mp4")
    monkeypatch.chdir(tmp_path)
    assert len(list(open_media("concat:a.mp4|b.mp4"))) == 2


def test_bytes_that_are_no_text_in_a_name(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", [0, 40]).rename(tmp_path / "\udcff\udcfe.mp4")
    media = open_media(path)
    assert len(list(media)) == 2


@pytest.mark.parametrize(
    ("suffix", "codec"), [("mpg", "mpeg2video"), ("m2v", "mpeg2video"), ("mjpeg", "mjpeg")]
)
def test_streams_that_pillow_takes_for_pictures_are_videos(
    tmp_path: Path, suffix: str, codec: str
) -> None:
    path = tmp_path / f"a.{suffix}"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = 64, 48
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for _ in range(5):
            pixels = np.full((48, 64, 3), 90, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    media = open_media(path)
    assert media.info.kind == "video"
    assert len(list(media)) == 5


def test_sound_with_a_cover_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "song.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mp3", rate=44100)
        silence = av.AudioFrame.from_ndarray(
            np.zeros((2, 1152), np.float32), format="fltp", layout="stereo"
        )
        silence.sample_rate = 44100
        container.mux(stream.encode(silence))
        container.mux(stream.encode(None))
    with pytest.raises(MediaError, match="no pictures, only audio"):
        open_media(path)


def test_a_heic_photograph_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.jpg"
    path.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0" + bytes(100))
    with pytest.raises(MediaError, match="HEIC picture: save it as JPEG"):
        open_media(path)


def test_a_picture_without_end_of_pixels_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("L", (60, 40)).save(tmp_path / "a.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(MediaError, match="scale it down"):
        open_media(tmp_path / "a.png")


def test_a_device_is_no_file() -> None:
    with pytest.raises(MediaError, match="device"):
        open_media("/dev/null")


@pytest.mark.parametrize("name", ["", "camera:", "a\0b", "x" * 5000, "-1"])
def test_names_that_name_nothing_are_one_sentence(name: str) -> None:
    with pytest.raises(MediaError) as caught:
        open_media(name)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("name", ["clip.mkv", "clip.mp4"])
def test_tags_in_no_known_encoding_are_no_reason_to_refuse_a_video(
    name: str, tmp_path: Path
) -> None:
    path = write_video(tmp_path / name, [0, 40], title="a title of its own")
    content = path.read_bytes()
    assert b"a title of its own" in content
    path.write_bytes(content.replace(b"a title of its own", b"\xe9\xff title of i\xfe own"))
    with open_media(path) as media:
        assert len(list(media)) == 2
