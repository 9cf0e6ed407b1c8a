"""Sources found, and names that every file system and reader can hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.recording.batch.jobs import find_all, jobs_for, partition_name
from duchenne.recording.manifest import Entry


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_a_name_is_one_safe_folder(source: str) -> None:
    name = partition_name(source)
    assert len(f"source={name}".encode()) <= 255
    assert not set(name) & set('/\\=%\n\r\0:*?"<>|')
    assert name[0] not in ".-"
    assert name.isprintable()


def test_a_name_tells_paths_apart_and_stays() -> None:
    assert partition_name("/a/clip.mp4") == partition_name("/a/../a/clip.mp4")
    assert partition_name("/a/clip.mp4") != partition_name("/b/clip.mp4")
    assert partition_name("/a/clip.mp4").startswith("clip-")


def test_a_source_named_twice_is_one_job(tmp_path: Path) -> None:
    entries = [Entry("/a/x.mp4", "anna"), Entry("/a/./x.mp4", "ben"), Entry("/b/x.mp4")]
    jobs = jobs_for(entries, tmp_path)
    assert [job.person for job in jobs] == ["anna", None]
    assert len({job.folder for job in jobs}) == 2


def test_folders_are_searched_to_the_bottom(tmp_path: Path) -> None:
    files = (
        "b/clip10.mp4", "b/clip9.mp4", "b/still.png", "a/deep/down/x.mov", "frames/1.png",
        "frames/2.png", ".hidden/y.mp4", "a/notes.txt", "b/.z.mp4",
    )  # fmt: skip
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_bytes(b"x")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = [str(Path(source).relative_to(tmp_path)) for source in find_all(tmp_path)]
    assert found == ["a/deep/down/x.mov", "b/clip9.mp4", "b/clip10.mp4", "b/still.png", "frames"]


@pytest.mark.parametrize("kind", ["empty", "no media"])
def test_nothing_is_found_where_nothing_is(tmp_path: Path, kind: str) -> None:
    if kind == "no media":
        (tmp_path / "notes.txt").write_text("x")
    assert find_all(tmp_path) == []
