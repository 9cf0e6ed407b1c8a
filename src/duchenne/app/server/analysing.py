"""What a worker does with an uploaded file: everything that the page will show of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from duchenne.app.server.entry import Entry
from duchenne.app.server.preview import write_preview
from duchenne.errors import DuchenneError, in_a_sentence
from duchenne.files import write_text
from duchenne.genuineness.judging import judge
from duchenne.genuineness.verdict import Judged, judged_dict
from duchenne.media import Frame, MediaInfo, grab
from duchenne.recording.analyzer import Analyzer
from duchenne.recording.recording import Recording
from duchenne.recording.storage import METADATA
from duchenne.recording.summary import summarize

VERDICTS: Final = "verdicts.json"
REPORT: Final = "report.html"

Progress = Callable[[str, int, int | None], None]
"""Told the stage, how many frames or features are done, and of how many."""


def analyse(entry: Entry, folder: Path, progress: Progress) -> dict[str, Any]:
    """Analyse the entry's file into its folder; what was done before a crash is not done again.

    Returns:
        What the library wants to know: fields of ``Entry``.

    Raises:
        MediaError: the file cannot be read.
    """
    source = folder / entry.source

    def tick(frame: Frame, info: MediaInfo) -> None:
        progress("looking for faces", frame.index + 1, info.frames)

    recording = Analyzer().write(source, folder, progress=tick)
    progress("judging expressions", 0, None)
    judged, why_none = _judged(recording)
    verdicts = {
        "expressions": [judged_dict(*one) for one in judged or ()],
        "why_none": why_none,
    }
    write_text(folder / VERDICTS, json.dumps(verdicts, ensure_ascii=False, indent=2) + "\n")
    write_preview(source, folder, progress)
    named = _named(recording, entry.title)
    _write_report(named, source, folder, judged)
    # Last: until here a second try must find the recording by its file's own name.
    write_text(folder / METADATA, named.metadata.to_json())
    return _facts(recording, judged or ())


def _judged(recording: Recording) -> tuple[tuple[Judged, ...] | None, str]:
    try:
        return judge(recording), ""
    except DuchenneError as error:
        return None, in_a_sentence(error)


def _named(recording: Recording, title: str) -> Recording:
    """The recording under the name that the person knows, without the library's folders."""
    source = replace(recording.metadata.source, name=title, path=title)
    return replace(recording, metadata=replace(recording.metadata, source=source))


def _write_report(
    recording: Recording, source: Path, folder: Path, judged: tuple[Judged, ...] | None
) -> None:
    from duchenne.report import key_moments, write_report

    times = sorted({moment.time for moment in key_moments(recording)})
    frames = grab(source, times) if times else []
    write_report(recording, folder / REPORT, frames, judged)


def _facts(recording: Recording, judged: tuple[Judged, ...]) -> dict[str, Any]:
    found = summarize(recording)
    times = recording.table["timestamp"].to_numpy()
    faces = found["faces"]
    verdicts = [genuineness.verdict for _, genuineness in judged]
    return {
        "media": "picture" if found["kind"] == "picture" else "video",
        "frames": found["frames"],
        "duration": round(float(times[-1]), 3) if len(times) else 0.0,
        "faces": len(faces),
        "emotion": (faces[0]["emotion"] or "") if faces else "",
        **{name: verdicts.count(name) for name in ("genuine", "posed", "undecided")},
    }
