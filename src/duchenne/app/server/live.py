"""Live pages: pictures in over a WebSocket, what is seen in them out, one after the other."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import math
import os
import secrets
import struct
import sys
from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from duchenne.app.server.live_messages import MOST_BYTES, packed, receive
from duchenne.app.server.settings import Settings
from duchenne.genuineness.judging import SOURCES

router = APIRouter()

TOO_MANY: Final = 4429
_TIME: Final = struct.Struct("<d")
_LONGEST_ANSWER_S: Final = 20.0
_LONGEST_START_S: Final = 180.0  # networks from a cold disk, on a busy machine
_RESTARTED: Final = (
    "The process that looks at the pictures had to be started again: what was seen before is gone."
)


class LiveConnection:
    """The live process, started when it is first needed and again when it dies.

    Sessions wait in the order in which they asked. As each of them has one question open at a time,
    any number of them is served evenly.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._awake = False
        self.sessions = 0

    async def ask(self, head: dict[str, Any], body: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """One question, answered in turn; ``{"error": ...}`` where it cannot be answered."""
        async with self._turn:
            try:
                process = await self._running()
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write(packed(head, body))
                await process.stdin.drain()
                longest = _LONGEST_ANSWER_S if self._awake else _LONGEST_START_S
                answer = await asyncio.wait_for(receive(process.stdout), longest)
                self._awake = True
                return answer
            except (TimeoutError, EOFError, OSError, ValueError):
                await self._end()
                return {"error": _RESTARTED}, b""
            except asyncio.CancelledError:
                # Its answer would be taken for that of the next question.
                await self._end()
                raise

    async def stop(self) -> None:
        """End the process."""
        async with self._turn:
            await self._end()

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._awake = False
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "duchenne.app.server.live_process"),
                str(self._settings.memory),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=MOST_BYTES,
                env=os.environ | {"OMP_NUM_THREADS": "1"},
            )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


@router.websocket("/api/live")
async def live(socket: WebSocket) -> None:
    """A browser's camera.

    Binary messages hold the picture's time (s, float64, little-endian) and a JPEG; text messages
    ``{"freeze": "aus"}``, ``"landmarks"`` or ``"clip"``. Each is answered by one text message.
    """
    connection: LiveConnection = socket.app.state.live
    settings: Settings = socket.app.state.settings
    await socket.accept()
    if connection.sessions >= settings.most_live:
        await socket.close(TOO_MANY, f"{connection.sessions} live pages are open already.")
        return
    connection.sessions += 1
    session = secrets.token_hex(8)
    try:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                break
            answer = await _answered(connection, session, message)
            await socket.send_text(json.dumps(answer))
    except (WebSocketDisconnect, RuntimeError):
        pass  # the page was closed while it was answered
    finally:
        connection.sessions -= 1
        # In its own task: this one may be ending because it was cancelled.
        socket.app.state.keep(connection.ask({"do": "leave", "session": session}))


async def _answered(
    connection: LiveConnection, session: str, message: Mapping[str, Any]
) -> dict[str, Any]:
    picture = message.get("bytes")
    if picture is None:
        return await _frozen(connection, session, message.get("text") or "")
    if len(picture) <= _TIME.size:
        return {"error": "A picture comes as its time and a JPEG."}
    (time,) = _TIME.unpack_from(picture)
    if not math.isfinite(time):
        return {"error": "The time of a picture must be a number of seconds."}
    head = {"do": "look", "session": session, "time": time}
    return (await connection.ask(head, picture[_TIME.size :]))[0]


async def _frozen(connection: LiveConnection, session: str, text: str) -> dict[str, Any]:
    try:
        source = json.loads(text)["freeze"]
    except (ValueError, TypeError, KeyError):
        source = None
    if source not in SOURCES:
        return {"error": 'A text message says {"freeze": "aus"}, "landmarks" or "clip".'}
    answer, jpeg = await connection.ask({"do": "freeze", "session": session, "source": source})
    if "error" in answer:
        return answer
    picture = "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()
    return {"frozen": answer | {"picture": picture}}
