"""Files that appear whole or not at all, and what reading a damaged archive raises."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

UNREADABLE_ARCHIVE: Final = (
    *(OSError, EOFError, KeyError, ValueError),
    *(BadZipFile, zlib.error, RuntimeError),
)
"""What reading a zip or .npz raises that is cut off, damaged or another file; the last one is for
a damaged byte that says encrypted, or another kind of compression."""


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


def write_text(path: Path, text: str) -> None:
    """Write a text file in one step: whoever reads it sees the old one or the new one.

    Raises:
        OSError: it cannot be written.
    """
    with in_one_step(path) as fresh:
        fresh.write_text(text, encoding="utf-8")
