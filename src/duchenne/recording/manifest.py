"""A manifest: a CSV table that names sources, and the person in each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from duchenne.errors import DataError, reason

_SOURCE_NAMES: Final = ("source", "path", "file", "filename", "video")
_PERSON_NAMES: Final = ("person", "subject", "participant", "id")


@dataclass(frozen=True)
class Entry:
    """One line: a source, and who is seen in it (None where the manifest does not say)."""

    source: str
    person: str | None = None


def read_manifest(path: Path) -> list[Entry]:
    """Read a CSV with a column ``source`` and, if wanted, ``person``.

    ``path``, ``file``, ``filename`` or ``video`` stand for ``source``, and ``subject``,
    ``participant`` or ``id`` for ``person``. Relative sources count from the manifest's folder.

    Raises:
        DataError: the file cannot be read, or names no sources.
    """
    try:
        # All as text: person 007 is not person 7.
        table = pd.read_csv(path, dtype=str, keep_default_na=False, skipinitialspace=True)
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read as a CSV manifest: {reason(error)}.") from error
    by_name = {str(name).strip().lower(): name for name in table.columns}
    source = next((by_name[name] for name in _SOURCE_NAMES if name in by_name), None)
    person = next((by_name[name] for name in _PERSON_NAMES if name in by_name), None)
    if source is None:
        raise DataError(
            f"{path} has no column 'source'; its columns are {', '.join(map(str, table.columns))}."
        )
    people = table[person] if person is not None else [""] * len(table)
    entries = [
        Entry(_placed(place.strip(), path.parent), name.strip() or None)
        for place, name in zip(table[source], people, strict=True)
        if place.strip()
    ]
    if not entries:
        raise DataError(f"{path} names no sources: fill in its column {source!r}.")
    return entries


def _placed(source: str, folder: Path) -> str:
    if source.startswith("camera:") or Path(source).is_absolute():
        return source
    return str(folder / source)
