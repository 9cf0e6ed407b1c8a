from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("fastapi", reason="the web page needs the extra: app")

from duchenne.app.server.entry import FILE, Entry, clean_title, is_id, new_entry
from duchenne.app.server.library import INDEX, Library
from duchenne.errors import DataError


@pytest.fixture
def library(tmp_path: Path) -> Library:
    opened = Library(tmp_path)
    for title, emotion in [("Anna laughs.mp4", "happy"), ("Ben 100%.mov", "sad"), ("anna", "sad")]:
        opened.add(new_entry("recording", title, state="done", emotion=emotion))
    return opened


def titles(library: Library, text: str) -> set[str]:
    return {entry.title for entry in library.search(text)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {"Anna laughs.mp4", "Ben 100%.mov", "anna"}),
        ("ANNA", {"Anna laughs.mp4", "anna"}),
        ("anna sad", {"anna"}),
        ("%", {"Ben 100%.mov"}),
        ("_", set()),
        ("'; DROP TABLE entries; --", set()),
    ],
)
def test_search(library: Library, text: str, found: set[str]) -> None:
    assert titles(library, text) == found


@pytest.mark.parametrize("damage", ["missing", "rubbish", "outdated"])
def test_a_lost_index_is_made_anew_from_the_folders(library: Library, damage: str) -> None:
    folder = library.folder
    library.close()
    for path in folder.glob(f"{INDEX}*"):
        path.unlink()
    if damage == "rubbish":
        (folder / INDEX).write_bytes(b"this is no database" * 100)
    if damage == "outdated":
        import sqlite3

        with sqlite3.connect(folder / INDEX) as old:
            old.execute("CREATE TABLE entries (id, name)")
    opened = Library(folder)
    assert len(titles(opened, "")) == 3


def test_a_damaged_entry_does_not_hide_the_others(library: Library) -> None:
    first, *_ = library.search()
    (library.folder / first.id / FILE).write_text("{")
    assert library.rebuild() == 2
    assert len(library.search()) == 2


def test_an_entry_cannot_lead_out_of_its_folder(library: Library, tmp_path: Path) -> None:
    first, *_ = library.search()
    folder = library.folder / first.id
    (folder / FILE).write_text(json.dumps(first.to_dict() | {"id": "../../secret"}))
    with pytest.raises(DataError):
        library.get(first.id)


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "/etc", "index.sqlite", "a" * 20 + "/..", "A" * 20]
)
def test_nothing_but_an_id_becomes_a_path(library: Library, name: str) -> None:
    with pytest.raises(DataError):
        library.folder_of(name)
    with pytest.raises(DataError):
        library.delete(name)


def test_links_to_elsewhere_are_not_followed(library: Library, tmp_path_factory: object) -> None:
    elsewhere = library.folder.parent / "elsewhere"
    elsewhere.mkdir()
    (library.folder / ("0" * 20)).symlink_to(elsewhere)
    with pytest.raises(DataError):
        library.delete("0" * 20)
    assert elsewhere.is_dir()


def test_two_servers_do_not_share_a_library(library: Library) -> None:
    with pytest.raises(DataError, match="Another server"):
        Library(library.folder)


def test_what_was_cut_off_is_known(tmp_path: Path) -> None:
    first = Library(tmp_path)
    waiting, running = new_entry("recording", "a"), new_entry("recording", "b")
    for entry in (waiting, running):
        first.add(entry)
    first.change(running.id, "running")
    first.close()
    assert [e.id for e in Library(tmp_path).unfinished()] == [waiting.id, running.id]


@given(st.text(max_size=300))
def test_a_title_is_one_printable_line(text: str) -> None:
    title = clean_title(text)
    assert 0 < len(title) <= 160
    assert title.isprintable()
    assert clean_title(title) == title


def test_entries_survive_the_disk(tmp_path: Path) -> None:
    entry = new_entry("synchrony", "two", people=("0" * 20, "1" * 20), window=5.0)
    (tmp_path / entry.id).mkdir()
    entry.write(tmp_path / entry.id)
    assert Entry.read(tmp_path / entry.id) == entry
    assert is_id(entry.id)
