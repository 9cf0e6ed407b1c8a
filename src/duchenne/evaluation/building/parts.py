"""The finished sources of a data set that is being built, a Parquet file each."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock

from duchenne.errors import DataError
from duchenne.evaluation.building.sources import LabelledSource
from duchenne.files import in_one_step
from duchenne.recording.locking import take

_SUFFIX: Final = ".parts"
_SETTINGS: Final = "settings.json"
_LOCK: Final = ".lock"


class Parts:
    """The folder ``OUT.parts``; a context manager that keeps a second run out.

    Args:
        out: the table that is being built.
        settings: everything that the numbers depend on, JSON-ready.

    Raises:
        DataError: on entering: another run works here, or the parts there were begun with other
            settings.
    """

    def __init__(self, out: Path, settings: dict[str, Any]) -> None:
        self.folder = out.with_name(out.name + _SUFFIX)
        self._settings = json.dumps(settings, indent=2)
        self._lock = FileLock(self.folder / _LOCK, blocking=False)

    def __enter__(self) -> Parts:
        take(self._lock, self.folder)
        file = self.folder / _SETTINGS
        if not file.exists():
            file.write_text(self._settings, encoding="utf-8")
        elif file.read_text(encoding="utf-8") != self._settings:
            self._lock.release()
            raise DataError(
                f"{self.folder} was begun with other settings or another version: delete it, or "
                "write to another file."
            )
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def has(self, source: LabelledSource) -> bool:
        """Whether the source is finished, and its file unchanged since."""
        return source.path.exists() and self.path(source).is_file()

    def path(self, source: LabelledSource) -> Path:
        """Where its rows lie."""
        return self.folder / f"{hash_of_sources([source])[:32]}.parquet"

    def write(self, source: LabelledSource, rows: pa.Table) -> None:
        """Keep its rows, in one step."""
        with in_one_step(self.path(source)) as fresh:
            pq.write_table(rows, fresh)

    def drop(self) -> None:
        """All of them are in the table: take the folder away."""
        shutil.rmtree(self.folder)


def hash_of_sources(sources: Sequence[LabelledSource]) -> str:
    """SHA-256: another label, or another file under the same name, is another source."""
    about = []
    for source in sources:
        stat = source.path.stat()
        about.append([*map(str, asdict(source).values()), stat.st_size, stat.st_mtime_ns])
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()
