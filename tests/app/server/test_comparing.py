"""A comparison as a worker makes it, here in this process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the web page needs the extra: app")

from duchenne.app.server.comparing import PAGE, SAID, compare
from duchenne.app.server.entry import new_entry
from duchenne.app.server.library import Library
from duchenne.errors import DataError
from duchenne.synchrony import Synchrony
from tests.synchrony.test_faces import smiling


def test_recordings_of_one_title_get_numbers(tmp_path: Path) -> None:
    library = Library(tmp_path)
    entries = [new_entry("recording", "anna", state="done") for _ in range(3)]
    for entry in entries:
        smiling(seconds=12.0).save(library.add(entry))
    wanted = new_entry(
        "synchrony", "three", people=tuple(e.id for e in entries), features="aus", window=3.0
    )
    folder = library.add(wanted)
    told: list[tuple[str, int, int | None]] = []
    assert compare(wanted, folder, lambda *said: told.append(said)) == {}
    assert Synchrony.load(folder).people == ("anna", "anna (2)", "anna (3)")
    assert told[-1] == ("comparing", 19, 19)
    assert json.loads((folder / SAID).read_text("utf-8"))["said"]
    assert "anna (3)" in (folder / PAGE).read_text("utf-8")
    library.delete(entries[1].id)
    with pytest.raises(DataError, match="A recording was deleted"):
        compare(wanted, folder, lambda *said: None)
