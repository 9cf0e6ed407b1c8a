"""Where a number was measured: machine, versions, commit."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Circumstances:
    """What a reader needs to tell two measurements apart.

    Attributes:
        date: day and minute, UTC.
        commit: of the checkout, with a + where its code has changes; ``unknown`` for an
            installed package.
        machine: name of the processor.
        cores: how many the system has.
        python: its version.
        duchenne: its version.
    """

    date: str
    commit: str
    machine: str
    cores: int
    python: str
    duchenne: str

    @classmethod
    def now(cls) -> Circumstances:
        """Here and now."""
        return cls(
            datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
            _commit(),
            _processor(),
            os.cpu_count() or 1,
            platform.python_version(),
            version("duchenne"),
        )


def _commit() -> str:
    # An installed package may lie inside somebody else's repository.
    if not (_CHECKOUT / "src" / "duchenne").is_dir():
        return "unknown"
    head = _git("rev-parse", "--short", "HEAD")
    changed = _git("status", "--porcelain", "--", "src", "benchmarks/*.py", "pyproject.toml")
    return f"{head or 'unknown'}{'+' if changed else ''}"


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(_CHECKOUT), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
