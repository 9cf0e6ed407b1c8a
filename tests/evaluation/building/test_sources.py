"""Which files a data set is made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from duchenne.errors import DataError
from duchenne.evaluation.building.sources import (
    LabelledSource,
    sources_of_folders,
    sources_of_manifest,
    subjects_missing,
)


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def test_folders_give_labels_and_subjects_in_the_order_of_numbers(tmp_path: Path) -> None:
    for name in ("p/s1/10.png", "p/s1/2.png", "p/1.png", "g/s1/x/a.mp4", "p/.hidden/b", "g/.DS"):
        touch(tmp_path / name)
    sources = sources_of_folders(tmp_path / "p", tmp_path / "g")
    found = [(s.path.relative_to(tmp_path).as_posix(), s.label, s.subject) for s in sources]
    assert found == [
        ("p/1.png", "posed", ""),
        ("p/s1/2.png", "posed", "s1"),
        ("p/s1/10.png", "posed", "s1"),
        ("g/s1/x/a.mp4", "genuine", "x"),
    ]
    (warning,) = subjects_missing(sources)
    assert "1 of 4 files name no subject" in warning
    assert subjects_missing(sources[1:]) == ()


def test_folders_that_make_no_sense_are_told(tmp_path: Path) -> None:
    touch(tmp_path / "p" / "a.png")
    (tmp_path / "empty").mkdir()
    for genuine, words in (
        (tmp_path / "none", "no folder"),
        (tmp_path / "empty", "holds no files"),
        (tmp_path / "p", "folders of their own"),
        (tmp_path, "folders of their own"),
    ):
        with pytest.raises(DataError, match=words):
            sources_of_folders(tmp_path / "p", genuine)


def manifest(folder: Path, text: str) -> Path:
    path = folder / "m.csv"
    path.write_text(text)
    return path


def test_a_manifest_is_read(tmp_path: Path) -> None:
    path = manifest(tmp_path, "Path,subject,label,emotion\na.png,007,Posed,joy\n/x/b.mp4,,genuine,")
    assert sources_of_manifest(path) == [
        LabelledSource(tmp_path / "a.png", "posed", "007", "joy"),
        LabelledSource(Path("/x/b.mp4"), "genuine", "", ""),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cannot be read"),
        ("file,label\na,posed\n", "no column 'path'"),
        ("path,subject\na,1\n", "no column 'label'"),
        ("path,label\n", "names no files"),
        ("path,label\na,posed\n,posed\n", "line 3: the path is missing"),
        ("path,label\na,real\n", "line 2: the label should be posed or genuine, not 'real'"),
        ("path,label\na,posed\n./a,genuine\n", "twice"),
    ],
)
def test_bad_manifests_are_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        sources_of_manifest(manifest(tmp_path, text))
