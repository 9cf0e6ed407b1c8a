from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

pytest.importorskip("fastapi", reason="the web page needs the extra: app")

from duchenne.app.server import live
from duchenne.app.server.live_messages import packed, read
from duchenne.app.server.live_process import LiveProcess, _serve, decoded
from duchenne.app.server.settings import Settings
from duchenne.errors import DataError


def jpeg(width: int, height: int) -> bytes:
    held = io.BytesIO()
    Image.fromarray(np.zeros((height, width, 3), np.uint8)).save(held, "JPEG")
    return held.getvalue()


def test_messages_come_out_as_they_went_in() -> None:
    pipe = io.BytesIO(packed({"do": "look"}, b"\x00\x01") + packed({}))
    assert read(pipe) == ({"do": "look"}, b"\x00\x01")
    assert read(pipe) == ({}, b"")
    with pytest.raises(EOFError):
        read(pipe)


@pytest.mark.parametrize("content", [b"", b"\xff" * 40])
def test_who_speaks_otherwise_is_hung_up_on(content: bytes) -> None:
    with pytest.raises(EOFError):
        read(io.BytesIO(content))


@pytest.mark.parametrize("content", [b"", b"GIF89a", jpeg(64, 48)[:200], jpeg(2000, 8)])
def test_pictures_that_are_not_looked_at(content: bytes) -> None:
    with pytest.raises(DataError):
        decoded(content)


def test_a_session_that_goes_back_in_time_is_told() -> None:
    process, still = LiveProcess(), jpeg(64, 48)
    look = {"do": "look", "session": "a", "time": 1.0}
    assert process.answer(look, still)[0]["ids"] == []
    assert "error" in process.answer(look, still)[0]
    assert process.answer(look | {"session": "b"}, still)[0]["time"] == 1.0
    process.answer({"do": "leave", "session": "a"}, b"")
    assert process.answer(look, still)[0]["time"] == 1.0


def test_a_process_that_cannot_be_started_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", refuse)
    connection = live.LiveConnection(Settings(tmp_path))
    answer, _ = asyncio.run(connection.ask({"do": "look"}))
    assert "error" in answer


def test_the_process_is_started_again_when_it_dies(tmp_path: Path) -> None:
    async def run() -> list[bool]:
        connection = live.LiveConnection(Settings(tmp_path))
        look: dict[str, Any] = {"do": "look", "session": "a", "time": 1.0}
        outcomes = []
        for kill in (False, True, False):
            if kill:
                assert connection._process is not None
                connection._process.kill()
                await asyncio.sleep(0)
            answer, _ = await connection.ask(look | {"time": look["time"]}, jpeg(64, 48))
            outcomes.append("ids" in answer)
            look["time"] = look["time"] + 1
        await connection.stop()
        return outcomes

    first, _, last = asyncio.run(run())
    assert first
    assert last


def test_questions_are_answered_in_turn_until_the_server_goes(astronaut: NDArray[np.uint8]) -> None:
    held = io.BytesIO()
    Image.fromarray(astronaut).save(held, "JPEG")
    look = {"do": "look", "session": "a", "time": 0.0}
    freeze = {"do": "freeze", "session": "a", "source": "aus"}
    questions = [packed(freeze), packed(look, held.getvalue()), packed(freeze)]
    answers = io.BytesIO()
    _serve(LiveProcess(), io.BytesIO(b"".join(questions)), answers)
    answers.seek(0)
    assert "error" in read(answers)[0]
    assert read(answers)[0]["ids"] == [0]
    frozen, jpeg = read(answers)
    assert (frozen["source"], frozen["faces"][0]["displayed"]) == ("aus", "happy")
    x, y, width, height = frozen["faces"][0]["box"]
    assert 150 < x < x + width < 300
    assert 30 < y < y + height < 250
    assert Image.open(io.BytesIO(jpeg)).size == (512, 512)
    assert not answers.read()


def test_who_leaves_before_the_answer_leaves_none_behind(tmp_path: Path) -> None:
    async def run() -> None:
        connection = live.LiveConnection(Settings(tmp_path))
        asked = asyncio.create_task(connection.ask({"do": "look", "session": "a", "time": 1.0}))
        while connection._process is None:
            await asyncio.sleep(0.01)
        process = connection._process
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert process.returncode is not None
        assert not connection._turn.locked()

    asyncio.run(run())
