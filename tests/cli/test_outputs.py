"""Which folder a source's results go into, and what is taken away before a new run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from duchenne.cli.outputs import folder_for, forget
from duchenne.recording.metadata import Source
from duchenne.recording.storage import METADATA, PARTS, TABLE
from tests.recording.made_up import metadata


def _result_of(source: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    told = Source(Path(source).name, source, "video", 640, 480, 10.0, 3, 0.3)
    (folder / METADATA).write_text(replace(metadata(), source=told).to_json())


def test_two_films_of_one_name_do_not_share_a_folder(tmp_path: Path) -> None:
    taken: set[str] = set()
    assert folder_for("/a/film.mp4", tmp_path, taken) == tmp_path / "film"
    assert folder_for("/b/film.mp4", tmp_path, taken) == tmp_path / "film-2"
    assert taken == {"film", "film-2"}


def test_the_same_film_gets_its_own_folder_again(tmp_path: Path) -> None:
    _result_of("/a/film.mp4", tmp_path / "film")
    assert folder_for("/a/film.mp4", tmp_path, set()) == tmp_path / "film"
    assert folder_for("/b/film.mp4", tmp_path, set()) == tmp_path / "film-2"


def test_a_folder_whose_owner_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "film").mkdir()
    (tmp_path / "film" / METADATA).write_text("{")
    assert folder_for("/a/film.mp4", tmp_path, set()) == tmp_path / "film-2"


@pytest.mark.parametrize(
    ("source", "name"),
    [("/a/..film\n:x.mp4", "film--x"), ("camera:0", "camera-0"), ("/a/---.mp4", "source")],
)
def test_names_that_nobody_could_open_by_hand_are_made_plain(
    source: str, name: str, tmp_path: Path
) -> None:
    assert folder_for(source, tmp_path, set()).name == name


def test_forgetting_takes_the_recording_and_nothing_else(tmp_path: Path) -> None:
    for name in (TABLE, METADATA, "notes.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / PARTS).mkdir()
    (tmp_path / PARTS / "0.parquet").write_text("x")
    forget(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    forget(tmp_path)  # nothing there any more
