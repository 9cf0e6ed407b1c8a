"""One HTML file with everything a recording shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.genuineness.verdict import Judged
from duchenne.media.frame import Frame
from duchenne.recording.metadata import Metadata
from duchenne.recording.recording import Recording
from duchenne.report import charts, diagram, facts
from duchenne.report.axis import grid, position, ticks
from duchenne.report.genuineness_section import section
from duchenne.report.moments import key_moments
from duchenne.report.paths import bars, place
from duchenne.report.pictures import (
    LARGE_WIDTH,
    KeyPicture,
    annotated,
    data_uri,
    key_pictures,
    portrait,
)
from duchenne.report.quality import Check, checks
from duchenne.report.rows import faces_longest_first, frame_times, report_rows, with_face
from duchenne.report.sentences import of_face, overview, why_no_face
from duchenne.report.templating import write_page
from duchenne.report.timeline import Timeline
from duchenne.report.words import clock, count, percent, size

# A crowd on one page helps nobody; the table has them all.
MOST_FACES: Final = 12


@dataclass(frozen=True, eq=False)
class _FaceView:
    """What the template shows of one face."""

    face_id: int
    seen: str
    sentences: list[str]
    portrait: str
    emotions: list[charts.EmotionBar]
    units: list[charts.UnitRow]
    muscles: list[diagram.Muscle]
    evenness: list[diagram.Evenness]
    angles: list[charts.AngleRow]
    gaps: str
    marks: list[tuple[int, float]]


@dataclass(frozen=True)
class _CheckView:
    """One line of the quality section."""

    name: str
    found: str
    meaning: str
    path: str
    none: bool


def write_report(
    recording: Recording,
    path: str | Path,
    frames: Sequence[Frame] = (),
    verdicts: Sequence[Judged] | None = None,
) -> Path:
    """Write one self-contained HTML page about a recording: it loads nothing from elsewhere.

    Reads no media itself: boxes and labels are drawn onto the frames handed in, those of
    ``key_moments(recording)``; without them the page tells the moments in words. Long
    recordings are thinned to at most 1500 points a series, as the page then says. At most 12
    faces get a section, those seen longest first.

    Args:
        recording: what to show.
        path: of the HTML file; its folder is made where it is missing.
        frames: pictures of the key moments, matched by their number, else by their time.
        verdicts: what ``duchenne.judge`` said of its expressions, for a section of their own.

    Returns:
        The path.

    Raises:
        DataError: the recording lacks a column, or the file cannot be written.
    """
    content = _content(recording, frames) | section(recording, verdicts)
    return write_page("report.html", content, path)


def _content(recording: Recording, frames: Sequence[Frame]) -> dict[str, Any]:
    rows = report_rows(recording)
    number = int(rows["frame"].nunique())
    still = number <= 1
    faces = faces_longest_first(rows)
    pictures = key_pictures(rows, key_moments(recording), frames)
    return {
        **_about(recording.metadata, number),
        "summary": overview(rows),
        "still": still,
        "large": _large(recording, rows, frames) if still else "",
        "pictures": [] if still else pictures,
        "why_no_face": "" if faces or rows.empty else why_no_face(),
        "more_faces": max(0, len(faces) - MOST_FACES),
        **(_charts(rows, faces[:MOST_FACES], pictures, frames) if number else _NO_CHARTS),
    }


def _about(metadata: Metadata, frames: int) -> dict[str, Any]:
    return {
        "title": metadata.source.name,
        "facts": facts.source_facts(metadata, frames),
        "notes": facts.notes(metadata),
        "models": metadata.models,
        "options": facts.option_facts(metadata),
        "version": metadata.version,
        "limits": facts.limits(metadata),
    }


_NO_CHARTS: Final[dict[str, Any]] = {"faces": [], "checks": [], "data": None}


@dataclass(frozen=True, eq=False)
class _Shown:
    """What all faces of a page share."""

    rows: pd.DataFrame
    timeline: Timeline
    angle_limit: float
    pictures: list[KeyPicture]
    frames: Sequence[Frame]


def _charts(
    rows: pd.DataFrame, faces: list[int], pictures: list[KeyPicture], frames: Sequence[Frame]
) -> dict[str, Any]:
    timeline = Timeline.from_rows(rows, faces)
    marks = ticks(timeline.times, timeline.unit)
    limit = charts.angle_limit(list(timeline.faces.values()))
    shown = _Shown(rows, timeline, limit, pictures, frames)
    still = len(timeline.times) == 1
    return {
        "faces": [_face(face_id, shown) for face_id in faces],
        "checks": _checks(rows, still) if faces else [],
        "data": None if still or not faces else timeline.to_json(),
        "ticks": marks,
        "grid": grid(marks),
        "group": timeline.group,
        "angle_limit": f"{limit:.0f}",
        "stack_height": charts.STACK_HEIGHT,
        "row_height": charts.ROW_HEIGHT,
        "diagram_width": diagram.WIDTH,
        "diagram_height": diagram.HEIGHT,
    }


def _face(face_id: int, shown: _Shown) -> _FaceView:
    seen = with_face(shown.rows)
    mine = seen[seen["face_id"] == face_id]
    series, times = shown.timeline.faces[face_id], shown.timeline.times
    about = [p for p in shown.pictures if any(face == face_id for face, _ in p.reasons)]
    return _FaceView(
        face_id,
        _seen(mine, shown.rows),
        of_face(mine, shown.rows),
        portrait(face_id, shown.rows, shown.frames),
        charts.emotion_bars(mine, series, times),
        charts.unit_rows(mine, series, times),
        diagram.muscles(mine),
        diagram.evenness(mine),
        charts.angle_rows(mine, series, times, shown.angle_limit),
        charts.gaps(series, times),
        [(p.number, position(p.time, times)) for p in about],
    )


def _seen(mine: pd.DataFrame, rows: pd.DataFrame) -> str:
    times, unit = frame_times(rows)
    if len(times) == 1:
        wide, high = (float(mine[name].iloc[0]) for name in ("face_width", "face_height"))
        return size(wide, high) if np.isfinite([wide, high]).all() else ""
    first, last = (clock(float(times[f]), unit) for f in (mine["frame"].min(), mine["frame"].max()))
    return f"Seen in {len(mine):,} of {count(len(times), 'frame')}, from {first} to {last}"


def _checks(rows: pd.DataFrame, still: bool) -> list[_CheckView]:
    x = place(frame_times(rows)[0].to_numpy())
    found = []
    # Of a picture with faces nobody asks whether it has none.
    for check in checks(rows)[1 if still else 0 :]:
        path = bars(x, check.frames, charts.ROW_HEIGHT)
        view = _CheckView(check.name, _found(check), check.meaning, path, check.count == 0)
        found.append(view)
    return found


def _found(check: Check) -> str:
    if check.total <= 1:
        return "yes" if check.count else "no"
    found = f"{check.count:,} of {check.total:,} {check.of} ({percent(check.share)})"
    return found if check.count else "never"


def _large(recording: Recording, rows: pd.DataFrame, frames: Sequence[Frame]) -> str:
    if not frames or rows.empty:
        return ""
    return data_uri(annotated(frames[0].pixels, rows, LARGE_WIDTH, _landmarks(recording, rows)))


def _landmarks(recording: Recording, rows: pd.DataFrame) -> NDArray[np.float32] | None:
    # A recording made in memory may have none; the boxes do without them.
    if not recording.has_landmarks or len(recording) != len(rows):
        return None
    return recording.landmarks
