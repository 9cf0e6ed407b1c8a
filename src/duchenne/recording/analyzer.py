"""The pipeline: media in, faces found, each face described, rows written to a recording."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, Final

import pyarrow as pa

from duchenne.action_units.openface_program import FOR_VIDEOS, OpenFaceProgram
from duchenne.emotion.classifier import DEFAULT
from duchenne.faces import FaceNetworks, FaceTracker
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.landmarker import Sighting
from duchenne.faces.people import TrackerState
from duchenne.faces.tracker import MAX_FACES, RESTART_S, segment_of
from duchenne.media import Media, MediaInfo, open_media
from duchenne.media.frame import Frame
from duchenne.recording.blocks import Block, BlockDescriber
from duchenne.recording.metadata import Metadata, Model, Source
from duchenne.recording.neutral import AUTO, NONE, NeutralFaces, name_of, neutral_of_picture
from duchenne.recording.openface_units import ONE_FACE, openface_model, openface_units
from duchenne.recording.recording import Recording
from duchenne.recording.storage import Finish, read_metadata
from duchenne.recording.writer import Checkpoint, RecordingWriter, was_made_like

Progress = Callable[[Frame, MediaInfo], None]

# Bounds memory at high frame rates and with many faces; ten seconds of one face fit below it.
_MOST_ROWS: Final = 600


@dataclass(frozen=True)
class Span:
    """Which frames of a source to look at.

    Attributes:
        every: only frames whose index is a multiple of this.
        start: seconds; earlier frames are skipped.
        end: seconds; this frame and later ones are skipped.
        fps: frames a second of a folder of pictures, which has no clock of its own.
    """

    every: int = 1
    start: float | None = None
    end: float | None = None
    fps: float | None = None


_WHOLE: Final = Span()


@dataclass(frozen=True)
class _Piece:
    """Rows, and the segment that begins after them, where one does."""

    rows: pa.Table
    next_segment: int | None = None


class Analyzer:
    """Runs the whole pipeline; one of it serves any number of sources, one after another.

    Args:
        detector: ``blazeface`` or ``haar``.
        max_faces: follow at most this many faces.
        emotion_model: name of a shipped emotion network, or an ``.onnx`` file beside its card.
        openface: take the Action Units from this installed OpenFace (``openface_units``).
        neutral: the face at rest that Action Units are read against: ``auto`` finds each face's own
            when all its frames are read, ``none`` takes the middle of many relaxed faces, a path
            is a picture of the person's (``duchenne.recording.neutral``).

    Raises:
        DataError: an unknown detector, ``max_faces`` below 1, or no face in the neutral picture.
        MissingExtraError: OpenFace is wanted and not there.
        ModelError: a model file is missing, damaged or without its card.
    """

    # What follows the faces; batches have one that takes notes.
    _tracker_type: ClassVar[type[FaceTracker]] = FaceTracker

    def __init__(
        self,
        *,
        detector: str = "blazeface",
        max_faces: int = MAX_FACES,
        emotion_model: str | Path = DEFAULT,
        openface: OpenFaceProgram | None = None,
        neutral: str | Path = AUTO,
    ) -> None:
        self._openface = openface
        if openface is not None:
            openface.find(FOR_VIDEOS)
        networks = FaceNetworks()
        self._options: dict[str, Any] = {"detector": detector, "faces": max_faces}
        if openface is not None:
            self._options["au"] = "openface"
        self._tracker = self._tracker_type(
            max_faces=max_faces, detector=detector, networks=networks
        )
        self._canonical = CanonicalFace.from_bytes(networks.geometry)
        self._describer = BlockDescriber(self._canonical, emotion_model)
        self._finish = self._finish_with(neutral)

    def _finish_with(self, neutral: str | Path) -> Finish | None:
        """The last step; OpenFace's units need none: they are relative to the neutral face."""
        if self._openface is not None:
            return None
        self._options["neutral"] = str(neutral)
        if neutral in {AUTO, NONE}:
            return NeutralFaces(self._canonical).finish if neutral == AUTO else None
        given = neutral_of_picture(Path(neutral), self._tracker, self._canonical)
        self._options["neutral"] = name_of(Path(neutral))
        return NeutralFaces(self._canonical, given).finish

    @property
    def models(self) -> tuple[Model, ...]:
        """The models whose numbers stand in the rows."""
        *others, units = self._describer.models
        return (*others, units) if self._openface is None else tuple(others)

    def run(
        self, source: str | Path | int, span: Span = _WHOLE, progress: Progress | None = None
    ) -> Recording:
        """Analyse a source in memory.

        Args:
            source: picture, video, numbered folder, or ``camera:0``.
            span: which frames.
            progress: called after each frame, with what the source says about itself.

        Raises:
            MediaError: the source cannot be read.
        """
        with self._open(source, span) as media:
            self._tracker.reset()
            pieces = self._pieces_with_units(media, progress)
            tables = [piece.rows for piece in pieces]
            finished = tables if self._finish is None else self._finish(lambda: tables)
            whole = pa.concat_tables(finished).combine_chunks()
            metadata = replace(
                self._metadata(media, span),
                frames=frames_of(whole),
                complete=True,
                warnings=self._warnings(media),
            )
        return Recording.from_rows(whole, metadata)

    def write(
        self,
        source: str | Path | int,
        folder: Path,
        span: Span = _WHOLE,
        progress: Progress | None = None,
        person: str | None = None,
    ) -> Recording:
        """Analyse a source into a folder, written as it grows, memory flat.

        An interrupted run (Ctrl-C, an error in the middle) keeps the rows it has, marked
        ``complete: false``. The same call again goes on from the last fresh start of the tracker
        and ends with the bytes of an uninterrupted run; when the recording is complete already,
        it is just loaded.

        Args:
            source: as for ``run``.
            folder: of the recording; made where it is missing.
            span: which frames.
            progress: as for ``run``.
            person: who is seen, by a name that holds across sources; None where nobody said.

        Raises:
            MediaError: the source cannot be read.
            DataError: another run is writing to this folder.
        """
        with self._open(source, span) as media:
            metadata = replace(self._metadata(media, span), person=person)
            if is_complete(folder, metadata):
                return Recording.load(folder)
            with RecordingWriter(folder, metadata, self._finish) as writer:
                self._write_pieces(source, span, media, writer, progress)
        return Recording.load(folder)

    def _write_pieces(
        self,
        source: str | Path | int,
        span: Span,
        media: Media,
        writer: RecordingWriter,
        progress: Progress | None,
    ) -> None:
        frames = 0
        self._tracker.reset()
        if writer.resumed is not None:
            frames = writer.resumed.frames
            self._tracker.restore(TrackerState.from_dict(writer.resumed.state))
            media = self._open(source, replace(span, start=writer.resumed.segment * RESTART_S))
        with media:
            for piece in self._pieces_with_units(media, progress):
                writer.append(piece.rows)
                frames += frames_of(piece.rows)
                warnings = self._warnings(media)
                writer.metadata = replace(writer.metadata, frames=frames, warnings=warnings)
                if piece.next_segment is not None:
                    state = self._tracker.state().to_dict()
                    writer.finish_segment(Checkpoint(piece.next_segment, frames, state))
        writer.metadata = replace(writer.metadata, complete=True, warnings=self._warnings(media))

    def _pieces_with_units(self, media: Media, progress: Progress | None) -> Iterator[_Piece]:
        if self._openface is None:
            yield from self._pieces(media, progress)
            return
        units = openface_units(self._openface, media.info)
        for piece in self._pieces(media, progress):
            yield replace(piece, rows=units.replace(piece.rows))

    def _warnings(self, media: Media) -> tuple[str, ...]:
        several = self._openface is not None and media.info.kind != "picture"
        return (*media.warnings, ONE_FACE) if several else tuple(media.warnings)

    def _pieces(self, media: Media, progress: Progress | None) -> Iterator[_Piece]:
        """Tables of rows, cut where the tracker starts afresh and where they grow too long."""
        block, segment = Block(self._tracker, self._describer), None
        picture = media.info.kind == "picture"
        # A camera's frames are wanted as they come, not four frames late.
        frames = media if media.info.kind in {"picture", "camera"} else media.ahead()
        try:
            for frame in frames:
                now = segment_of(frame.time)
                if segment is not None and now != segment:
                    yield _Piece(block.take(), next_segment=now)
                elif len(block) >= _MOST_ROWS:
                    yield _Piece(block.take())
                segment = now
                block.add(frame, self._find(frame, picture))
                if progress is not None:
                    progress(frame, media.info)
        except KeyboardInterrupt:
            # The rows since the last piece are worth keeping too.
            yield _Piece(block.take())
            raise
        yield _Piece(block.take())

    def _find(self, frame: Frame, picture: bool) -> Sighting:
        return self._tracker.find_still(frame.pixels) if picture else self._tracker.find(frame)

    @staticmethod
    def _open(source: str | Path | int, span: Span) -> Media:
        return open_media(source, every=span.every, start=span.start, end=span.end, fps=span.fps)

    def _models_for(self, info: MediaInfo) -> tuple[Model, ...]:
        if self._openface is None:
            return self.models
        return (*self.models, openface_model(self._openface, info.kind))

    def _metadata(self, media: Media, span: Span) -> Metadata:
        info = media.info
        return Metadata(
            source=Source(
                name=info.name,
                path=info.path,
                kind=info.kind,
                width=info.width,
                height=info.height,
                fps=info.fps,
                frames=info.frames,
                duration=info.duration,
                **_fingerprint(info),
            ),
            options=self._options | {"every": span.every, "start": span.start, "end": span.end},
            models=self._models_for(info),
            version=version("duchenne"),
        )


def frames_of(table: pa.Table) -> int:
    """How many frames these rows are of."""
    return len(table["frame"].unique())


def is_complete(folder: Path, metadata: Metadata) -> bool:
    """Whether the folder holds the whole recording of this source, settings and models."""
    return was_made_like(folder, metadata) and read_metadata(folder).complete


def _fingerprint(info: MediaInfo) -> dict[str, Any]:
    """Tells a changed file from the one that was analysed before."""
    if info.kind == "camera":
        return {}
    path = Path(info.path)
    files = [path] if path.is_file() else sorted(path.iterdir())
    stats = [file.stat() for file in files]
    return {
        "size_bytes": sum(stat.st_size for stat in stats),
        "modified": max(stat.st_mtime for stat in stats),
    }
