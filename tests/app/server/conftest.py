"""A server on a library of its own, spoken to as a browser or a program would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the web page needs the extra: app")
pytest.importorskip("httpx", reason="the test client needs httpx")

from fastapi.testclient import TestClient

from duchenne.app.server.application import create_app
from duchenne.app.server.settings import Settings


def open_client(settings: Settings) -> TestClient:
    return TestClient(create_app(settings), base_url="http://127.0.0.1:8000")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with open_client(Settings(tmp_path / "library", most_upload=2**20)) as opened:
        yield opened
