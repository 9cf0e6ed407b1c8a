"""Workers that misbehave: the server must outlive every one of them."""

from __future__ import annotations

import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the web page needs the extra: app")
pytest.importorskip("httpx", reason="FastAPI's test client needs httpx")

from fastapi.testclient import TestClient

from duchenne.app.server.entry import new_entry
from duchenne.app.server.library import Library
from duchenne.app.server.settings import MEGABYTE, Settings
from tests.app.server.serving import finished, open_client

Begin = Any


def upload(client: TestClient, content: bytes = b"a film", title: str = "film.mp4") -> str:
    answer = client.post("/api/analyses", params={"title": title}, content=content)
    assert answer.status_code == 202
    return str(answer.json()["entry"]["id"])


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a script in the place of the worker."""

    def put(script: str) -> None:
        path = tmp_path / "worker.py"
        path.write_text(f"import json, sys, time\n{script}\n", encoding="utf-8")
        command = tmp_path / "python"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{path}" "$@"\n')
        command.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(command))

    return put


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in worker is a shell script")
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("sys.exit(1)", "ended without a word"),
        ("import os; os.kill(os.getpid(), 9)", "ended without a word"),
        ("print('x' * 3_000_000)", "ended without a word"),
        ("print('no JSON'); print('[1]'); print(json.dumps({'error': 'Broken.'}))", "Broken."),
        ("time.sleep(60)", "Nothing happened for 1 s"),
        (
            "while True: print(json.dumps({'done': 1}), flush=True); time.sleep(0.2)",
            "longer than 3 s",
        ),
    ],
)
def test_a_worker_that_misbehaves_fails_alone(
    tmp_path: Path, worker: Begin, script: str, said: str
) -> None:
    worker(script)
    with open_client(Settings(tmp_path / "library", stall=1, longest=3)) as client:
        told = finished(client, f"/api/analyses/{upload(client)}")["entry"]
        assert told["state"] == "failed"
        assert said in told["problem"]
        assert client.get("/api/recordings").status_code == 200


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in worker is a shell script")
def test_cancelling_ends_the_process_and_forgets_the_file(tmp_path: Path, worker: Begin) -> None:
    worker("print(json.dumps({'stage': 'x', 'done': 3, 'of': 9}), flush=True); time.sleep(60)")
    with open_client(Settings(tmp_path / "library")) as client:
        first, second = upload(client), upload(client)
        path = f"/api/analyses/{first}"
        end = time.monotonic() + 30
        while client.get(path).json()["done"] != 3 and time.monotonic() < end:
            time.sleep(0.05)
        told = client.get(path).json()
        assert (told["stage"], told["done"], told["of"]) == ("x", 3, 9)
        for entry_id in (second, first):
            assert client.delete(f"/api/analyses/{entry_id}").status_code == 204
        while client.get(path).status_code == 200 and time.monotonic() < end:
            time.sleep(0.05)
        assert client.get(path).status_code == 404
        assert not (tmp_path / "library" / first).exists()
        assert not (tmp_path / "library" / second).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in worker is a shell script")
def test_too_much_at_once_is_refused_before_the_upload(tmp_path: Path, worker: Begin) -> None:
    worker("time.sleep(60)")
    with open_client(Settings(tmp_path / "library", most_waiting=2)) as client:
        upload(client), upload(client)
        answer = client.post("/api/analyses?title=a.mp4", content=b"x")
        assert answer.status_code == 429


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in worker is a shell script")
def test_the_next_server_takes_up_what_was_cut_off(tmp_path: Path, worker: Begin) -> None:
    worker("print(json.dumps({'result': {'media': 'video', 'frames': 7}}))")
    library = Library(tmp_path / "library")
    entry = new_entry("recording", "cut off.mp4", state="running", source="source.mp4")
    library.add(entry)
    library.close()
    with open_client(Settings(tmp_path / "library")) as client:
        told = finished(client, f"/api/analyses/{entry.id}")["entry"]
    assert (told["state"], told["frames"]) == ("done", 7)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in worker is a shell script")
def test_an_index_that_cannot_be_written_fails_one_entry_alone(
    tmp_path: Path, worker: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker("print(json.dumps({'result': {'media': 'video'}}))")
    change, full = Library.change, ["done"]

    def changing(library: Library, entry_id: str, state: Any, **more: Any) -> Any:
        if state in full:
            full.remove(state)
            raise sqlite3.OperationalError("database or disk is full")
        return change(library, entry_id, state, **more)

    monkeypatch.setattr(Library, "change", changing)
    with open_client(Settings(tmp_path / "library")) as client:
        first, second = (f"/api/analyses/{upload(client)}" for _ in range(2))
        states = [finished(client, path)["entry"]["state"] for path in (first, second)]
    assert states == ["failed", "done"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such limit")
def test_a_worker_cannot_take_more_memory_than_it_may(tmp_path: Path) -> None:
    with open_client(Settings(tmp_path / "library", memory=64 * MEGABYTE)) as client:
        told = finished(client, f"/api/analyses/{upload(client)}")["entry"]
    assert told["state"] == "failed"
    assert "memory" in told["problem"]
