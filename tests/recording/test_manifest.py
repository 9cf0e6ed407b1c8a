"""Manifests: which sources, and who is in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from duchenne.errors import DataError
from duchenne.recording.manifest import Entry, read_manifest


@pytest.mark.parametrize(
    "header", ["source,person", "Path, Subject", "file,participant", "video,id", "filename,person"]
)
def test_common_names_of_columns_are_understood(tmp_path: Path, header: str) -> None:
    (tmp_path / "m.csv").write_text(f"{header}\na.mp4,007\n/abs/b.mp4,\n")
    assert read_manifest(tmp_path / "m.csv") == [
        Entry(str(tmp_path / "a.mp4"), "007"),
        Entry("/abs/b.mp4", None),
    ]


def test_people_are_not_needed(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("source\na.mp4\n\nb.mp4\n")
    names = [Path(entry.source).name for entry in read_manifest(tmp_path / "m.csv")]
    assert names == ["a.mp4", "b.mp4"]


@pytest.mark.parametrize(
    ("content", "says"),
    [("", "cannot be read"), ("name,age\na,3\n", "no column 'source'"), ("source\n", "no sources")],
)
def test_what_is_no_manifest_is_one_sentence(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "m.csv").write_text(content)
    with pytest.raises(DataError, match=says):
        read_manifest(tmp_path / "m.csv")


def test_a_missing_manifest_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_manifest(tmp_path / "none.csv")
