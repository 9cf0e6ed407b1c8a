"""One run at a time in a folder."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from duchenne.errors import DataError


def take(lock: FileLock, folder: Path) -> None:
    """Take the lock of the folder, which is made where it is not there yet.

    Raises:
        DataError: another run holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        lock.acquire()
    except Timeout as error:
        raise DataError(
            f"Another run is writing to {folder}: wait for it, or choose another folder."
        ) from error
