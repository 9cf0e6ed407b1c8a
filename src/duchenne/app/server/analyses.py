"""``/api/analyses``: files in, and how far they are."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from duchenne.app.server.entry import Entry, clean_title, new_entry
from duchenne.app.server.problems import ProblemError
from duchenne.app.server.settings import MEGABYTE
from duchenne.app.server.state import Shared
from duchenne.media.pictures import PICTURE_SUFFIXES
from duchenne.media.videos import MOTION_JPEG_SUFFIXES, VIDEO_SUFFIXES

router = APIRouter(prefix="/api/analyses", tags=["analyses"])

SUFFIXES: Final = frozenset(PICTURE_SUFFIXES | VIDEO_SUFFIXES | MOTION_JPEG_SUFFIXES)
_AT_ONCE: Final = MEGABYTE


@dataclass(frozen=True)
class Analysis:
    """An entry with how far it is: ``done`` of ``of`` frames or features at this ``stage``."""

    entry: Entry
    stage: str
    done: int
    of: int | None


@router.post("", status_code=202)
async def begin(
    request: Request,
    response: Response,
    shared: Annotated[Shared, Depends()],
    title: Annotated[str, Query(description="The file's name.", max_length=400)],
) -> Analysis:
    """Analyse a picture or a video: the body is the file itself.

    `curl --data-binary @clip.mp4 'http://127.0.0.1:8000/api/analyses?title=clip.mp4'`
    """
    shared.jobs.check_room()
    most = shared.settings.most_upload
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > most:
        raise _too_large(most)
    entry = new_entry("recording", title, source="source" + _suffix(title))
    folder = await run_in_threadpool(shared.library.add, entry)
    try:
        await _take(request, folder / entry.source, most)
    except BaseException:
        # Also where the browser went away in the middle.
        with contextlib.suppress(Exception):
            shared.library.delete(entry.id)
        raise
    shared.jobs.add(entry)
    response.headers["Location"] = f"/api/analyses/{entry.id}"
    return _told(entry, shared)


@router.get("")
def unfinished(shared: Annotated[Shared, Depends()]) -> list[Analysis]:
    """What waits or is being worked on, the oldest first."""
    return [_told(entry, shared) for entry in shared.library.unfinished()]


@router.get("/{entry_id}")
def progress(entry_id: str, shared: Annotated[Shared, Depends()]) -> Analysis:
    """How far one is; once its state is done, `GET /api/recordings/{id}` has the result."""
    return _told(shared.entry(entry_id, "recording"), shared)


@router.delete("/{entry_id}", status_code=204)
async def cancel(entry_id: str, shared: Annotated[Shared, Depends()]) -> None:
    """Stop it, and forget the file."""
    shared.entry(entry_id, "recording")
    if not shared.jobs.cancel(entry_id):
        raise ProblemError("not-ready", "It is finished already: delete the recording instead.")


async def _take(request: Request, path: Path, most: int) -> None:
    """The body into a file, never more than the limit, however long it says it is."""
    taken, waiting = 0, bytearray()
    with path.open("wb") as file:
        async for chunk in request.stream():
            taken += len(chunk)
            if taken > most:
                raise _too_large(most)
            waiting += chunk
            if len(waiting) >= _AT_ONCE:
                await run_in_threadpool(_write, file, bytes(waiting))
                waiting.clear()
        await run_in_threadpool(_write, file, bytes(waiting))
    if not taken:
        raise ProblemError("empty", "The file is empty (0 bytes): choose the whole file.")


def _write(file: BinaryIO, block: bytes) -> None:
    file.write(block)


def _suffix(title: str) -> str:
    """One of the endings we know, in our own spelling: nothing else of the title names a file."""
    wanted = Path(clean_title(title)).suffix.lower()
    return next((suffix for suffix in SUFFIXES if suffix == wanted), "")


def _told(entry: Entry, shared: Shared) -> Analysis:
    running = shared.jobs.progress(entry.id)
    return Analysis(entry, running.stage, running.done, running.of)


def _too_large(most: int) -> ProblemError:
    return ProblemError(
        "too-large",
        f"A file may have {most / MEGABYTE:g} MB here: cut it, or start the server with a larger "
        "limit for uploads.",
    )
