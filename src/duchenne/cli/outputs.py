"""Which folder a source's results go into."""

from __future__ import annotations

import re
import shutil
from pathlib import Path


def folder_for(source: str, out: Path, taken: set[str]) -> Path:
    """``OUT/<name>``; another source of the same name gets ``-2``, the same one its own again.

    Args:
        source: the source as the person named it.
        out: folder of all results.
        taken: names given out by this run so far; the new one is added.
    """
    name, number = _plain_name(source), 1
    while True:
        candidate = name if number == 1 else f"{name}-{number}"
        if candidate not in taken and _is_free(out / candidate, source):
            taken.add(candidate)
            return out / candidate
        number += 1


def forget(folder: Path) -> None:
    """Take away the recording of an earlier run, whole or broken off; other files stay."""
    from duchenne.recording.storage import METADATA, PARTS, TABLE

    for name in (TABLE, METADATA):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / PARTS, ignore_errors=True)


def _plain_name(source: str) -> str:
    stem = Path(source).stem or Path(source).resolve().name
    # Newlines, colons and leading dots or dashes make folders that nobody can open by hand.
    return re.sub(r"[^\w .()+=@,-]", "-", stem).strip().lstrip(".-") or "source"


def _is_free(folder: Path, source: str) -> bool:
    from duchenne.errors import DataError
    from duchenne.recording.storage import METADATA, read_metadata

    if not (folder / METADATA).exists():
        return True
    try:
        earlier = read_metadata(folder).source.path
    except DataError:
        return False
    return earlier == source or Path(earlier) == Path(source).resolve()
