"""Where the stretches of a long video wait until all of them are there.

Everything is written in one step under a name of its own, so that a worker may be killed at any
point, and two may even write the same.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from duchenne.errors import DataError, reason
from duchenne.files import write_text
from duchenne.recording import storage
from duchenne.recording.batch.notes import Notes
from duchenne.recording.metadata import Metadata
from duchenne.recording.writer import was_made_like

FOLDER: Final = "recording.stretches"
_END: Final = "end.json"
_IN_ONE_GO: Final = "in-one-go"


class Staging:
    """The pieces of one recording, by tracker segment.

    Args:
        folder: of the recording.
    """

    def __init__(self, folder: Path) -> None:
        self._recording = folder
        self.folder = folder / FOLDER

    def prepare(self, metadata: Metadata) -> None:
        """Keep what was written for the same source and settings; take away anything else."""
        if was_made_like(self.folder, metadata):
            return
        self.remove()
        self.folder.mkdir(parents=True)
        write_text(self.folder / storage.METADATA, metadata.to_json())

    def remove(self) -> None:
        """Take away all of it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def refuse(self) -> None:
        """The source is to be analysed in one go: what was written goes, for this run and later."""
        for path in self.folder.glob("[0-9]*"):
            path.unlink(missing_ok=True)
        (self.folder / _IN_ONE_GO).touch()

    def is_refused(self) -> bool:
        """Whether it is known that the source must be analysed in one go."""
        return (self.folder / _IN_ONE_GO).exists()

    def add(self, segment: int, part: int, rows: pa.Table, notes: Notes) -> None:
        """Keep a piece."""
        notes.save(self.folder / f"{segment:06d}-{part:04d}.npz")
        storage.write_table(self.folder / f"{segment:06d}-{part:04d}.parquet", rows)

    def finish(self, segments: Iterable[int]) -> None:
        """All pieces of these segments have been added."""
        for segment in segments:
            (self.folder / f"{segment:06d}.done").touch()

    def is_finished(self, segment: int) -> bool:
        """Whether all pieces of a segment are there."""
        return (self.folder / f"{segment:06d}.done").exists()

    def finish_last(self, segment: int, warnings: Iterable[str]) -> None:
        """The source ends in this segment; this is what it had to say."""
        content = {"segment": segment, "warnings": list(warnings)}
        write_text(self.folder / _END, json.dumps(content))

    def end(self) -> tuple[int, tuple[str, ...]] | None:
        """The last segment and the source's warnings; None where nobody has got there."""
        try:
            content = json.loads((self.folder / _END).read_text(encoding="utf-8"))
            return int(content["segment"]), tuple(map(str, content["warnings"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def pieces(self, segment: int) -> Iterator[tuple[pa.Table, Notes]]:
        """The pieces of a segment in their order.

        Raises:
            DataError: one is damaged.
        """
        for path in sorted(self.folder.glob(f"{segment:06d}-*.parquet")):
            try:
                rows = pq.read_table(path, partitioning=None)
            except storage.UNREADABLE as error:
                raise DataError(f"{path} cannot be read: {reason(error)}.") from error
            yield rows, Notes.load(path.with_suffix(".npz"))
