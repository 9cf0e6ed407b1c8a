"""Opening sources: folders, options, and what a person may do wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from duchenne.errors import MediaError
from duchenne.media import find_sources, open_media
from duchenne.media.folders import natural_key
from tests.media.videos import write_video


def make_folder(folder: Path, names: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    for i, name in enumerate(names):
        Image.new("RGB", (8, 6), (i * 20, 0, 0)).save(folder / name)
    return folder


def test_a_numbered_folder_is_one_stream(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "f", ["img1.png", "img2.png", "img10.png"])
    media = open_media(folder, fps=10)
    assert media.info.kind == "folder"
    frames = list(media)
    assert [f.time for f in frames] == pytest.approx([0.0, 0.1, 0.2])
    assert [f.pixels[0, 0, 0] for f in frames] == [0, 20, 40]


def test_a_broken_picture_in_a_folder_is_left_out_and_named(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "f", ["1.png", "2.png", "3.png"])
    (folder / "2.png").write_bytes(b"not a picture")
    media = open_media(folder)
    assert [f.index for f in media] == [0, 2]
    assert "2.png" in media.warnings[0]


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20, unique=True))
def test_numbers_in_names_sort_by_value(numbers: list[int]) -> None:
    names = sorted((f"img{n}.png" for n in numbers), key=natural_key)
    assert names == [f"img{n}.png" for n in sorted(numbers)]


@given(st.lists(st.text(max_size=12), max_size=12))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    assert sorted(sorted(names, key=natural_key)) == sorted(names)


def test_a_folder_of_videos_is_its_videos(tmp_path: Path) -> None:
    for name in ("b10.mp4", "b2.mp4"):
        write_video(tmp_path / name, [0, 40])
    assert [Path(p).name for p in find_sources(tmp_path)] == ["b2.mp4", "b10.mp4"]


def test_a_folder_of_pictures_is_itself(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "f", ["1.png", "2.png"])
    assert find_sources(folder) == [str(folder)]


def test_what_the_system_does_not_let_us_see_is_itself() -> None:
    # Names of this length are refused; opening one says so, beside the other sources.
    assert find_sources("x" * 300) == ["x" * 300]


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "does not exist"), (b"", "empty"), (b"just some words\n" * 50, "neither a picture")],
)
def test_what_is_no_media_is_one_sentence(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "clip.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MediaError, match=says) as caught:
        open_media(path)
    assert str(path) in str(caught.value)


def test_an_empty_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="holds no pictures"):
        open_media(tmp_path)


@pytest.mark.parametrize(
    "options",
    [
        {"every": 0},
        {"start": -1.0},
        {"start": float("nan")},
        {"end": float("inf")},
        {"start": 2.0, "end": 1.0},
        {"fps": 0.0},
        {"start": 50.0},
    ],
)
def test_options_without_sense_are_refused(tmp_path: Path, options: dict[str, Any]) -> None:
    path = write_video(tmp_path / "a.mp4", [0, 40, 80])
    with pytest.raises(MediaError):
        open_media(path, **options)


@pytest.mark.parametrize(
    "name", ["ü ñ 表情.mp4", "-dash.mp4", "new\nline.mp4", "a:b%d.mp4", "#?.mp4"]
)
def test_strange_names_are_local_files(tmp_path: Path, name: str) -> None:
    path = write_video(tmp_path / "plain.mp4", [0, 40]).rename(tmp_path / name)
    assert len(list(open_media(path))) == 2


def test_a_missing_camera_is_one_sentence() -> None:
    with pytest.raises(MediaError, match="Camera 93"):
        open_media("camera:93")


def test_a_playlist_leads_nowhere_else(tmp_path: Path) -> None:
    listing = tmp_path / "list.m3u8"
    listing.write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(MediaError):
        list(open_media(listing))
