"""A process of its own for one entry of the library: ``python -m duchenne.app.server.worker``.

Says what it does on standard output, a JSON object a line: ``{"stage": "looking", "done": 12,
"of": 300}`` on the way, and at the end ``{"result": {...}}`` or ``{"error": "a sentence"}``.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any, Final

from duchenne.app.server.entry import Entry
from duchenne.app.server.limits import limit_process
from duchenne.errors import DuchenneError, in_a_sentence

_EVERY_S: Final = 0.2


class Reporter:
    """Speaks to the server, five times a second at most while it counts."""

    def __init__(self) -> None:
        self._last = 0.0

    def progress(self, stage: str, done: int, of: int | None) -> None:
        """So far: what is being done, and how many frames or features of how many."""
        now = time.monotonic()
        if now - self._last >= _EVERY_S:
            self._last = now
            self.say(stage=stage, done=done, of=of)

    @staticmethod
    def say(**what: Any) -> None:
        """One line."""
        sys.stdout.write(json.dumps(what, ensure_ascii=True) + "\n")
        sys.stdout.flush()


def main(folder: Path, memory: int) -> int:
    """Work on the entry in a folder; returns the exit code."""
    limit_process(memory)
    reporter = Reporter()
    try:
        entry = Entry.read(folder)
    except DuchenneError as error:
        reporter.say(error=in_a_sentence(error))
        return 2
    try:
        if entry.kind == "recording":
            from duchenne.app.server.analysing import analyse

            reporter.say(result=analyse(entry, folder, reporter.progress))
        else:
            from duchenne.app.server.comparing import compare

            reporter.say(result=compare(entry, folder, reporter.progress))
    except MemoryError:
        reporter.say(
            error="It needs more memory than a worker may have: make it smaller or shorter."
        )
        return 2
    except (DuchenneError, OSError) as error:
        # The person knows the file by its title, not by where the library keeps it.
        said = in_a_sentence(error).replace(f"{folder}/", "").replace(str(folder), "")
        reporter.say(error=said.replace(entry.source, entry.title) if entry.source else said)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
