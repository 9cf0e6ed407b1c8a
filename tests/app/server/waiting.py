"""Waits for a worker process, as a program does."""

from __future__ import annotations

import time
from typing import Any

LONGEST_S = 110


def finished(client: Any, path: str) -> dict[str, Any]:
    """The entry at this address once nothing works on it any more."""
    end = time.monotonic() + LONGEST_S
    while time.monotonic() < end:
        told = client.get(path).json()
        if told["entry"]["state"] in {"done", "failed"}:
            return dict(told)
        time.sleep(0.2)
    raise AssertionError(f"{path} was not finished in {LONGEST_S} s: {told}")
