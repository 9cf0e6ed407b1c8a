"""Work that waits its turn: one process an entry, watched, and ended when it goes on too long."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sqlite3
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from duchenne.app.server.entry import Entry
from duchenne.app.server.library import Library
from duchenne.app.server.problems import ProblemError
from duchenne.app.server.settings import Settings
from duchenne.errors import DataError

_DIED: Final = (
    "The worker process ended without a word (out of memory, or a file that breaks its decoder): "
    "save the file again, smaller or as MP4, and try once more."
)
_LONGEST_LINE: Final = 2**20


@dataclass
class Running:
    """What a worker has said so far.

    Attributes:
        stage: what it is at, in a few words.
        done: frames or features.
        of: of how many; None where nobody knows.
        cancelled: the person no longer wants it.
        process: that works on it; None while it waits.
    """

    stage: str = "waiting"
    done: int = 0
    of: int | None = None
    cancelled: bool = False
    process: asyncio.subprocess.Process | None = None


class Jobs:
    """The queue of a library.

    Args:
        library: whose entries are worked on.
        settings: limits.
    """

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library, self._settings = library, settings
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._known: dict[str, Running] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to work, first on what an earlier server left undone."""
        for entry in self._library.unfinished():
            self._put(entry.id)
        count = self._settings.workers
        self._tasks = [asyncio.create_task(self._work()) for _ in range(count)]

    async def stop(self) -> None:
        """End the workers; what they were at is taken up again by the next server."""
        for task in self._tasks:
            task.cancel()
        for running in self._known.values():
            _kill(running)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def check_room(self) -> None:
        """Refuse before a file is taken, not after.

        Raises:
            ProblemError: too much waits already.
        """
        if len(self._known) >= self._settings.most_waiting:
            raise ProblemError(
                "too-many", f"{len(self._known)} analyses wait already: try again later."
            )

    def add(self, entry: Entry) -> None:
        """Let an entry of the library wait its turn."""
        self._put(entry.id)

    def progress(self, entry_id: str) -> Running:
        """How far it is; as if it waited where it is over."""
        return self._known.get(entry_id, Running())

    def cancel(self, entry_id: str) -> bool:
        """Stop it; returns False where there is nothing to stop. Its folder is taken away."""
        running = self._known.get(entry_id)
        if running is None:
            return False
        running.cancelled = True
        if running.process is None:
            self._forget(entry_id)
        _kill(running)
        return True

    def _put(self, entry_id: str) -> None:
        self._known[entry_id] = Running()
        self._queue.put_nowait(entry_id)

    async def _work(self) -> None:
        while True:
            entry_id = await self._queue.get()
            running = self._known.get(entry_id)
            if running is not None and not running.cancelled:
                await self._run(entry_id, running)

    async def _run(self, entry_id: str, running: Running) -> None:
        try:
            entry = self._library.change(entry_id, "running")
            facts = await self._watched(self._library.folder_of(entry.id), running)
            self._library.change(entry_id, "done", **facts)
        except _FailedError as error:
            if not running.cancelled:
                self._library.change(entry_id, "failed", problem=str(error))
        except Exception:
            # Deleted meanwhile, no process, a full disk: whatever it is, the queue must go on.
            with contextlib.suppress(Exception):
                self._library.change(entry_id, "failed", problem=_DIED)
        finally:
            if running.cancelled:
                self._forget(entry_id)
            self._known.pop(entry_id, None)

    async def _watched(self, folder: Path, running: Running) -> dict[str, Any]:
        running.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "duchenne.app.server.worker"),
            *(str(folder), str(self._settings.memory)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_LONGEST_LINE,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
        )
        try:
            return await self._listen(running.process, running)
        finally:
            _kill(running)
            await running.process.wait()

    async def _listen(
        self, process: asyncio.subprocess.Process, running: Running
    ) -> dict[str, Any]:
        assert process.stdout is not None
        end = time.monotonic() + self._settings.longest
        while True:
            left = min(self._settings.stall, end - time.monotonic())
            try:
                line = await asyncio.wait_for(process.stdout.readline(), max(left, 0))
            except TimeoutError:
                raise _FailedError(self._too_long(end)) from None
            except ValueError:
                raise _FailedError(_DIED) from None
            if not line:
                raise _FailedError(_DIED)
            said = _understood(line)
            if "error" in said:
                raise _FailedError(str(said["error"]))
            if "result" in said:
                return dict(said["result"])
            for name in ("stage", "done", "of"):
                setattr(running, name, said.get(name, getattr(running, name)))

    def _too_long(self, end: float) -> str:
        if time.monotonic() >= end:
            return f"It took longer than {self._settings.longest:g} s: cut it into shorter pieces."
        return (
            f"Nothing happened for {self._settings.stall:g} s, so it was given up: the file may be "
            "damaged; save it again as MP4."
        )

    def _forget(self, entry_id: str) -> None:
        self._known.pop(entry_id, None)
        with contextlib.suppress(DataError, OSError, sqlite3.Error):
            self._library.delete(entry_id)


class _FailedError(Exception):
    """Why an entry cannot be had, a sentence."""


def _kill(running: Running) -> None:
    if running.process is not None and running.process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            running.process.kill()


def _understood(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:
        return {}  # a library that prints
    return said if isinstance(said, dict) else {}
