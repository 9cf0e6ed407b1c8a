"""Folders of numbered pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from duchenne.errors import MediaError
from duchenne.media import MediaInfo, open_media
from duchenne.media.folders import natural_key


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty pictures; picture i is red by 10 i."""
    path = tmp_path_factory.mktemp("folder")
    for i in range(20):
        Image.new("RGB", (8, 6), (i * 10, 0, 0)).save(path / f"img{i}.png")
    return path


def test_what_a_folder_says_of_itself(folder: Path) -> None:
    assert open_media(folder).info == MediaInfo(
        folder.name, str(folder), "folder", width=8, height=6, fps=25.0, frames=20, duration=0.8
    )


@given(every=st.integers(1, 25), start=st.integers(0, 9), length=st.integers(1, 20))
def test_every_frame_of_a_span(folder: Path, every: int, start: int, length: int) -> None:
    media = open_media(folder, every=every, start=start / 10, end=(start + length) / 10, fps=10)
    frames = list(media)
    expected = [i for i in range(start, min(start + length, 20)) if i % every == 0]
    assert [f.index for f in frames] == expected
    assert [f.pixels[0, 0, 0] for f in frames] == [i * 10 for i in expected]


def test_what_the_system_hides_is_no_picture(tmp_path: Path) -> None:
    for name in ("1.png", "._1.png", "2.png"):
        Image.new("RGB", (8, 6)).save(tmp_path / name)
    (tmp_path / "._2.png").write_bytes(b"resource fork")
    media = open_media(tmp_path)
    assert len(list(media)) == 2
    assert media.warnings == []


def test_pictures_without_a_suffix_are_found_by_their_content(tmp_path: Path) -> None:
    Image.new("RGB", (8, 6)).save(tmp_path / "frame1", "PNG")
    (tmp_path / "notes").write_text("no picture")
    assert open_media(tmp_path).info.frames == 1


def test_the_first_picture_may_be_broken_too(tmp_path: Path) -> None:
    (tmp_path / "1.png").write_bytes(b"not a picture")
    Image.new("RGB", (8, 6)).save(tmp_path / "2.png")
    media = open_media(tmp_path)
    assert [f.index for f in media] == [1]
    assert "1.png" in media.warnings[0]


def test_many_broken_pictures_are_counted_rather_than_listed(folder: Path, tmp_path: Path) -> None:
    for i in range(12):
        (tmp_path / f"{i}.png").write_bytes(b"not a picture")
    (tmp_path / "12.png").write_bytes((folder / "img1.png").read_bytes())
    media = open_media(tmp_path)
    assert len(list(media)) == 1
    assert media.warnings[-1] == "7 more frames cannot be read either."
    assert len(media.warnings) == 6


def test_a_folder_of_broken_pictures_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "1.png").write_bytes(b"not a picture")
    with pytest.raises(MediaError, match="only broken pictures"):
        open_media(tmp_path)


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=8, unique=True), st.integers(0, 6))
def test_leading_zeros_do_not_change_the_order(numbers: list[int], zeros: int) -> None:
    names = [f"a{'0' * (zeros * (i % 2))}{n}_b.png" for i, n in enumerate(numbers)]
    ranked = sorted(names, key=natural_key)
    assert ranked == [name for _, name in sorted(zip(numbers, names, strict=True))]
