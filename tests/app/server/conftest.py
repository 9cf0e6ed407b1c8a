"""A server on a library of its own, spoken to as a browser or a program would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Any]:
    from duchenne.app.server.settings import Settings
    from tests.app.server.serving import open_client

    with open_client(Settings(tmp_path / "library", most_upload=2**20)) as opened:
        yield opened
