"""Writes a recording as it grows, so that a run can be broken off anywhere and go on later.

Rows lie in Parquet files of their own under ``recording.parts``, named after the tracker segment
they belong to; at the end of a segment a checkpoint follows, with what the next one needs to know.
A run that ends joins the parts into ``recording.parquet``. A run that was killed, even by
``kill -9``, goes on from its last checkpoint when it is started again with the same settings,
and ends with the same bytes as a run that was never broken off.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from filelock import FileLock

from duchenne.errors import DataError
from duchenne.files import write_text
from duchenne.recording import storage
from duchenne.recording.locking import take
from duchenne.recording.metadata import Metadata

LOCK: Final = ".recording.lock"


@dataclass(frozen=True)
class Checkpoint:
    """Where a run can go on.

    Attributes:
        segment: the tracker segment to begin with.
        frames: how many frames stand in the parts before it.
        state: what the tracker knew at its beginning, as plain JSON values.
    """

    segment: int
    frames: int
    state: dict[str, Any]


class RecordingWriter:
    """Appends rows and joins them at the end; use as a context manager.

    Leaving the ``with`` block joins what is there, also after an exception, so that an
    interrupted run keeps its rows; ``metadata.complete`` tells the two apart.

    Attributes:
        metadata: written when the block is left; replace it as more becomes known.
        resumed: the checkpoint that an earlier run of the same settings left, or None.

    Args:
        folder: of the recording.
        metadata: what is known of it by now.
        finish: what is done to the rows when they are joined; the parts keep them as they came.
    """

    def __init__(
        self, folder: Path, metadata: Metadata, finish: storage.Finish | None = None
    ) -> None:
        self.folder = folder
        self.metadata = metadata
        self._finish = finish
        self.resumed: Checkpoint | None = None
        self._lock = FileLock(folder / LOCK, blocking=False)
        self._segment = self._part = 0

    def __enter__(self) -> RecordingWriter:
        take(self._lock, self.folder)
        self.resumed = self._last_checkpoint()
        parts = self.folder / storage.PARTS
        if self.resumed is None:
            shutil.rmtree(parts, ignore_errors=True)
        else:
            self._segment = self.resumed.segment
            self._drop_parts_from(self._segment)
        parts.mkdir(exist_ok=True)
        (self.folder / storage.TABLE).unlink(missing_ok=True)
        self._write_metadata()
        return self

    def append(self, rows: pa.Table) -> None:
        """Add rows of the current segment; they are on the disk when this returns."""
        if rows.num_rows == 0:
            return
        name = f"{self._segment:06d}-{self._part:04d}.parquet"
        storage.write_table(self.folder / storage.PARTS / name, rows)
        self._part += 1

    def finish_segment(self, checkpoint: Checkpoint) -> None:
        """Everything before ``checkpoint.segment`` has been appended."""
        self._segment, self._part = checkpoint.segment, 0
        path = self.folder / storage.PARTS / f"{checkpoint.segment:06d}.json"
        write_text(path, json.dumps(asdict(checkpoint)))

    def __exit__(self, *_: object) -> None:
        try:
            storage.join_parts(self.folder, self._finish)
            self._write_metadata()
            if self.metadata.complete:
                shutil.rmtree(self.folder / storage.PARTS)
        finally:
            self._lock.release()
            (self.folder / LOCK).unlink(missing_ok=True)

    def _last_checkpoint(self) -> Checkpoint | None:
        paths = sorted((self.folder / storage.PARTS).glob("*.json"), reverse=True)
        if not paths or not was_made_like(self.folder, self.metadata):
            return None
        try:
            return Checkpoint(**json.loads(paths[0].read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _drop_parts_from(self, segment: int) -> None:
        for path in (self.folder / storage.PARTS).glob("*.parquet"):
            if int(path.name[:6]) >= segment:
                path.unlink()

    def _write_metadata(self) -> None:
        write_text(self.folder / storage.METADATA, self.metadata.to_json())


def was_made_like(folder: Path, metadata: Metadata) -> bool:
    """Whether the folder's recording comes from the same source, settings and models."""
    try:
        earlier = storage.read_metadata(folder)
    except DataError:
        return False
    return _settings(earlier) == _settings(metadata)


def _settings(metadata: Metadata) -> Metadata:
    plain = replace(metadata, frames=0, complete=False, warnings=())
    # Through JSON, so that tuples and lists, ints and floats compare as they are stored.
    return Metadata.from_json(plain.to_json())
