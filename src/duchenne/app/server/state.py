"""What all routes of one server share."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from fastapi import Request

from duchenne.app.server.entry import Entry
from duchenne.app.server.jobs import Jobs
from duchenne.app.server.library import Library
from duchenne.app.server.problems import ProblemError
from duchenne.app.server.settings import Settings
from duchenne.errors import DataError


class Shared:
    """The library, the queue and the limits, as the routes want them."""

    def __init__(self, request: Request) -> None:
        state = request.app.state
        self.library: Library = state.library
        self.jobs: Jobs = state.jobs
        self.settings: Settings = state.settings

    def entry(self, entry_id: str, kind: str) -> Entry:
        """An entry of this kind.

        Raises:
            ProblemError: there is none.
        """
        try:
            entry = self.library.get(entry_id)
        except DataError as error:
            raise ProblemError("not-found", str(error)) from error
        if entry.kind != kind:
            raise ProblemError("not-found", f"That is a {entry.kind}, not a {kind}.")
        return entry

    def finished(self, entry_id: str, kind: str) -> Entry:
        """An entry that is done.

        Raises:
            ProblemError: there is none, it is still worked on, or it failed.
        """
        entry = self.entry(entry_id, kind)
        if entry.state == "failed":
            raise ProblemError("cannot-be-done", entry.problem)
        if entry.state != "done":
            raise ProblemError("not-ready", "It is still being worked on: ask again later.")
        return entry


class Errands:
    """Small tasks that nobody waits for, kept from being forgotten before they end."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def __call__(self, errand: Coroutine[Any, Any, Any]) -> None:
        """Let it run."""
        task = asyncio.create_task(errand)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
