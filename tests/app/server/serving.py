"""Opens a server and waits for its workers, as a program does."""

from __future__ import annotations

import time
from typing import Any

from fastapi.testclient import TestClient

from duchenne.app.server.application import create_app
from duchenne.app.server.settings import Settings

LONGEST_S = 110


def open_client(settings: Settings) -> TestClient:
    return TestClient(create_app(settings), base_url="http://127.0.0.1:8000")


def finished(client: Any, path: str) -> dict[str, Any]:
    """The entry at this address once nothing works on it any more."""
    end = time.monotonic() + LONGEST_S
    while time.monotonic() < end:
        told = client.get(path).json()
        if told["entry"]["state"] in {"done", "failed"}:
            return dict(told)
        time.sleep(0.2)
    raise AssertionError(f"{path} was not finished in {LONGEST_S} s: {told}")
