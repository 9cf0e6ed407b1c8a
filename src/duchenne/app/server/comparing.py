"""What a worker does with a comparison: synchrony of recordings, as tables and as a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from duchenne.app.server.analysing import Progress
from duchenne.app.server.entry import Entry
from duchenne.errors import DataError
from duchenne.files import write_text
from duchenne.recording.recording import Recording
from duchenne.report.synchrony_page import write_synchrony_page
from duchenne.report.synchrony_words import summary as in_words
from duchenne.synchrony import Settings, Synchrony, align
from duchenne.synchrony.faces import read_faces
from duchenne.synchrony.results import summary, write_tables

PAGE: Final = "synchrony.html"
SAID: Final = "said.json"

FEATURES: Final = ("aus", "emotions", "blendshapes", "pose")
"""What the page offers; the command line knows more."""


def compare(entry: Entry, folder: Path, progress: Progress) -> dict[str, Any]:
    """Measure the entry's recordings into its folder; returns nothing new about the entry.

    Raises:
        DataError: a recording is gone or shows no face, or no window fits.
    """
    recordings = _people(entry, folder.parent)
    people, names = read_faces(recordings, entry.features)
    aligned = align(people, names)
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        progress("comparing", done, len(names))

    settings = Settings(window=entry.window, step=round(entry.window / 3, 2), jobs=1)
    found = Synchrony.from_aligned(aligned, settings, tick)
    found.save(folder)
    write_tables(found, None, folder)
    said = {"said": in_words(found), "notes": list(found.notes)} | summary(found, None)
    write_text(folder / SAID, json.dumps(said, ensure_ascii=False, indent=2) + "\n")
    write_synchrony_page(found, folder / PAGE, entry.title)
    return {}


def _people(entry: Entry, library: Path) -> dict[str, Recording]:
    """Recordings by title; equal titles get numbers."""
    people: dict[str, Recording] = {}
    for entry_id in entry.people:
        try:
            title = Entry.read(library / entry_id).title
        except DataError as error:
            raise DataError("A recording was deleted: choose the recordings again.") from error
        name, number = title, 1
        while name in people:
            number += 1
            name = f"{title} ({number})"
        people[name] = Recording.load(library / entry_id)
    return people
