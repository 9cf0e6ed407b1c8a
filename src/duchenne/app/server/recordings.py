"""``/api/recordings``: the library, and everything about one recording."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query
from fastapi.responses import FileResponse, HTMLResponse
from starlette.background import BackgroundTask

from duchenne.app.server import preview, views
from duchenne.app.server.analysing import REPORT
from duchenne.app.server.entry import Entry, clean_title
from duchenne.app.server.guard import REPORT_POLICY
from duchenne.app.server.problems import ProblemError
from duchenne.app.server.state import Shared
from duchenne.app.server.tables import FORMS, file_name

router = APIRouter(prefix="/api/recordings", tags=["recordings"])

_MEDIA = {preview.VIDEO: "video/webm", preview.PICTURE: "image/jpeg"}


@router.get("")
def search(
    shared: Annotated[Shared, Depends()],
    text: Annotated[str, Query(max_length=200, description="Words of the title.")] = "",
) -> list[Entry]:
    """Recordings of the library, the newest first, at most 500."""
    return shared.library.search(text, "recording")


@router.get("/{entry_id}")
def result(entry_id: str, shared: Annotated[Shared, Depends()]) -> dict[str, Any]:
    """Summary, timelines, expressions with verdicts and reasons."""
    entry = shared.finished(entry_id, "recording")
    return views.result(entry, shared.library.folder_of(entry.id))


@router.patch("/{entry_id}")
def rename(
    entry_id: str,
    shared: Annotated[Shared, Depends()],
    title: Annotated[str, Body(embed=True, min_length=1, max_length=400)],
) -> Entry:
    """Give it another title."""
    entry = shared.finished(entry_id, "recording")
    return shared.library.change(entry.id, entry.state, title=clean_title(title))


@router.delete("/{entry_id}", status_code=204)
def delete(entry_id: str, shared: Annotated[Shared, Depends()]) -> None:
    """Delete the recording and the uploaded file for good."""
    entry = shared.entry(entry_id, "recording")
    if entry.state in {"waiting", "running"}:
        raise ProblemError("not-ready", "It is being worked on: cancel the analysis instead.")
    shared.library.delete(entry.id)


@router.get("/{entry_id}/overlay")
def overlay(
    entry_id: str,
    shared: Annotated[Shared, Depends()],
    start: Annotated[float, Query(ge=0, description="s")] = 0.0,
    end: Annotated[float, Query(ge=0, description="s; at most 12 s after start")] = 12.0,
) -> dict[str, Any]:
    """Boxes and mesh of the faces of a span, a row for each frame and face."""
    entry = shared.finished(entry_id, "recording")
    return views.overlay(shared.library.folder_of(entry.id), start, end)


@router.get("/{entry_id}/media", response_class=FileResponse)
def media(entry_id: str, shared: Annotated[Shared, Depends()]) -> FileResponse:
    """A copy of the video (WebM) or picture (JPEG) that every browser shows."""
    folder = shared.library.folder_of(shared.finished(entry_id, "recording").id)
    for name, kind in _MEDIA.items():
        if (folder / name).is_file():
            return FileResponse(folder / name, media_type=kind)
    raise ProblemError("not-found", "This recording came without pictures.")


@router.get("/{entry_id}/report", response_class=HTMLResponse)
def report(entry_id: str, shared: Annotated[Shared, Depends()]) -> HTMLResponse:
    """The printable report, as `duchenne analyze` writes it."""
    folder = shared.library.folder_of(shared.finished(entry_id, "recording").id)
    text = (folder / REPORT).read_text(encoding="utf-8")
    return HTMLResponse(text, headers={"Content-Security-Policy": REPORT_POLICY})


@router.get("/{entry_id}/tables/{form}", response_class=FileResponse)
def table(entry_id: str, form: str, shared: Annotated[Shared, Depends()]) -> FileResponse:
    """Take it away: parquet, csv, openface, expressions or html."""
    if form not in FORMS:
        raise ProblemError("not-found", f"The forms are {', '.join(FORMS)}.")
    entry = shared.finished(entry_id, "recording")
    ending, kind, write = FORMS[form]
    with tempfile.NamedTemporaryFile(suffix=ending, delete=False) as made:
        target = Path(made.name)
    try:
        write(shared.library.folder_of(entry.id), target)
    except BaseException:
        target.unlink()
        raise
    name = file_name(entry.title, ending)
    away = BackgroundTask(target.unlink, missing_ok=True)
    return FileResponse(target, media_type=kind, filename=name, background=away)
