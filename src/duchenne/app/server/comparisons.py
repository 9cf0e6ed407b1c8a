"""``/api/synchrony``: who moves with whom, of recordings in the library."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Response
from fastapi.responses import HTMLResponse

from duchenne.app.server.analyses import Analysis
from duchenne.app.server.comparing import PAGE, SAID
from duchenne.app.server.entry import Entry, new_entry
from duchenne.app.server.guard import REPORT_POLICY
from duchenne.app.server.problems import ProblemError
from duchenne.app.server.state import Shared

router = APIRouter(prefix="/api/synchrony", tags=["synchrony"])

Features = Literal["aus", "emotions", "blendshapes", "pose"]


@router.post("", status_code=202)
def begin(
    response: Response,
    shared: Annotated[Shared, Depends()],
    recordings: Annotated[list[str], Body(min_length=2, max_length=60)],
    features: Annotated[Features, Body()] = "aus",
    window: Annotated[float, Body(gt=0.2, le=600, description="s")] = 5.0,
) -> Analysis:
    """Compare recordings whose clocks begin together, one person each."""
    shared.jobs.check_room()
    people = [shared.finished(one, "recording") for one in dict.fromkeys(recordings)]
    if len(people) < 2:
        raise ProblemError("bad-request", "Synchrony takes two recordings or more.")
    title = f"{people[0].title} and {len(people) - 1} more"
    title = f"{people[0].title} and {people[1].title}" if len(people) == 2 else title
    ids = tuple(entry.id for entry in people)
    entry = new_entry("synchrony", title, people=ids, features=features, window=window)
    shared.library.add(entry)
    shared.jobs.add(entry)
    response.headers["Location"] = f"/api/synchrony/{entry.id}"
    return Analysis(entry, "waiting", 0, None)


@router.get("")
def comparisons(shared: Annotated[Shared, Depends()]) -> list[Entry]:
    """Comparisons of the library, the newest first."""
    return shared.library.search("", "synchrony")


@router.get("/{entry_id}")
def comparison(entry_id: str, shared: Annotated[Shared, Depends()]) -> dict[str, Any]:
    """How far it is, and once it is done what was found."""
    entry = shared.entry(entry_id, "synchrony")
    running = shared.jobs.progress(entry_id)
    told: dict[str, Any] = {
        "entry": entry.to_dict(), "stage": running.stage, "done": running.done, "of": running.of,
    }  # fmt: skip
    if entry.state == "done":
        text = (shared.library.folder_of(entry.id) / SAID).read_text(encoding="utf-8")
        told["found"] = json.loads(text)
    return told


@router.get("/{entry_id}/page", response_class=HTMLResponse)
def page(entry_id: str, shared: Annotated[Shared, Depends()]) -> HTMLResponse:
    """The page that `duchenne synchrony` writes."""
    folder = shared.library.folder_of(shared.finished(entry_id, "synchrony").id)
    text = (folder / PAGE).read_text(encoding="utf-8")
    return HTMLResponse(text, headers={"Content-Security-Policy": REPORT_POLICY})


@router.delete("/{entry_id}", status_code=204)
async def delete(entry_id: str, shared: Annotated[Shared, Depends()]) -> None:
    """Stop it or delete it; the recordings stay."""
    entry = shared.entry(entry_id, "synchrony")
    if not shared.jobs.cancel(entry.id):
        shared.library.delete(entry.id)
