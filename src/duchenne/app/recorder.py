"""Records a stream for as long as its person wants, on the disk as it grows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from duchenne.action_units.intensities import to_intensities
from duchenne.app.memory import Look
from duchenne.faces.canonical import CanonicalFace
from duchenne.media.frame import Frame
from duchenne.recording.metadata import Metadata
from duchenne.recording.neutral import NeutralFaces
from duchenne.recording.recording import Recording
from duchenne.recording.rows import Rows
from duchenne.recording.writer import RecordingWriter

# A crash loses at most so much: it waits in memory.
_EVERY_S: Final = 5.0


class Recorder:
    """Writes looks into a recording's folder; what a killed program wrote can still be loaded.

    When it is closed, each face's rest is found among all its frames, as an analysis of a file
    does.

    Args:
        folder: of the recording, made where it is not there.
        metadata: as ``Engine.metadata`` gives it.
        face: the canonical head of the engine.

    Raises:
        DataError: another run is writing to this folder.
    """

    def __init__(self, folder: Path, metadata: Metadata, face: CanonicalFace) -> None:
        self.folder = folder
        fresh = replace(metadata, complete=False, options=metadata.options | {"neutral": "auto"})
        self._writer = RecordingWriter(folder, fresh, NeutralFaces(face).finish)
        self._writer.__enter__()
        self._rows = Rows()
        self._first: Frame | None = None
        self._written = self.seconds = 0.0
        self._frames = 0

    def add(self, look: Look) -> None:
        """One more frame; the recording's times begin at its first."""
        self._first = self._first or look.frame
        self.seconds = look.frame.time - self._first.time
        index = look.frame.index - self._first.index
        frame = Frame(look.frame.pixels, index, self.seconds)
        self._rows.add(frame, look.faces, look.emotions, to_intensities(look.readings))
        self._frames += 1
        if self.seconds - self._written >= _EVERY_S:
            self._written = self.seconds
            self._writer.append(self._rows.take())

    def close(self) -> Recording:
        """Write what is left, join it, and return the whole.

        Raises:
            OSError: it cannot be written; what lies on the disk already is kept.
        """
        try:
            self._writer.append(self._rows.take())
            self._writer.metadata = replace(
                self._writer.metadata, frames=self._frames, complete=True
            )
        finally:
            self._writer.__exit__(None, None, None)
        return Recording.load(self.folder)
