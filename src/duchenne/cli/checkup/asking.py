"""Questions to another process, which may hang without the doctor hanging with it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True)
class Answer:
    """What the process printed.

    Attributes:
        lines: of its standard output so far.
        in_time: whether it came to its end.
        code: its exit code; None where it did not.
    """

    lines: tuple[str, ...]
    in_time: bool
    code: int | None


class Question:
    """A process of this Python, begun at once; its answer is waited for later.

    Args:
        arguments: for the interpreter, as in ``python ARGUMENTS``.
        seconds: how long it may take from now.
    """

    def __init__(self, arguments: list[str], seconds: float) -> None:
        self._until = time.monotonic() + seconds
        # A file, not a pipe: what stands in it can be read even if the process never ends.
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `answer`
        self._process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=subprocess.DEVNULL,
        )

    def answer(self) -> Answer:
        """Wait until it ends, or its time is over."""
        try:
            code = self._process.wait(max(0.05, self._until - time.monotonic()))
        except subprocess.TimeoutExpired:
            # Not waited for: a process inside a driver may outlive its kill.
            self._process.kill()
            code = None
        with self._said as file:
            file.seek(0)
            lines = file.read().decode(errors="replace").splitlines()
        return Answer(tuple(lines), code is not None, code)
