"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def in_one_step(path: Path) -> Iterator[Path]:
    """A temporary name to write to, moved onto ``path`` at the end: nobody ever sees half a file.

    The name lies in the same folder and is this process's own, so that two of them may write the
    same file. Where writing fails, the file that was there stays, and nothing else is left behind.

    Raises:
        OSError: it cannot be written.
    """
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        yield fresh
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
