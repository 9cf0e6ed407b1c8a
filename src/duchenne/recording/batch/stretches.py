"""A long video in stretches, by as many workers as there are, and the same bytes as by one.

Stretches begin where the tracker starts afresh anyway. What cannot be known to come out the same
(damage, pictures that cannot be numbered without decoding) is analysed in one go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from duchenne.errors import DuchenneError, MediaError
from duchenne.faces.identity import Identities
from duchenne.faces.people import TrackerState
from duchenne.faces.tracker import RESTART_S, segment_of
from duchenne.media import Media
from duchenne.recording.analyzer import Analyzer, Progress, Span, frames_of, is_complete
from duchenne.recording.batch.notes import NotingTracker, renamed
from duchenne.recording.batch.staging import Staging
from duchenne.recording.recording import Recording
from duchenne.recording.writer import Checkpoint, RecordingWriter

SEGMENTS: Final = 12
"""Of a stretch: two minutes of video, so that looking for its beginning costs little."""

# Less than the time between any two frames.
_INSTANT_S: Final = 1e-5


@dataclass(frozen=True)
class Stretch:
    """Tracker segments from ``first`` up to but without ``last``; None: to the source's end."""

    first: int
    last: int | None


class InOneGoError(DuchenneError):
    """This source must be analysed in one go."""


class StretchAnalyzer(Analyzer):
    """An analyzer that can also do a stretch of a source, and join stretches to a recording."""

    _tracker: NotingTracker
    _tracker_type = NotingTracker

    def stretches(
        self, source: str, folder: Path, span: Span, person: str | None, length: int = SEGMENTS
    ) -> list[Stretch]:
        """The stretches to split a source into; none where it is to be analysed in one go.

        Args:
            source: picture, video or numbered folder.
            folder: of its recording.
            span: which frames.
            person: who is seen.
            length: of a stretch, in tracker segments.

        Raises:
            MediaError: the source cannot be read.
        """
        staging = Staging(folder)
        with self._open(source, span) as media:
            if media.info.kind == "camera":
                raise MediaError(f"{source} never ends: analyse it by itself, not in a batch.")
            metadata = replace(self._metadata(media, span), person=person)
            if is_complete(folder, metadata):
                staging.remove()
                return []
            segments = _segments(media, span, (2 * length - 1) * RESTART_S)
        if len(segments) < 2 * length:
            return []
        staging.prepare(metadata)
        if staging.is_refused():
            return []
        begins = segments[: len(segments) - length + 1 : length]
        return [Stretch(b, b + length if b != begins[-1] else None) for b in begins]

    def analyze_stretch(
        self, source: str, folder: Path, span: Span, stretch: Stretch, progress: Progress | None
    ) -> None:
        """Analyse a stretch into the staging folder; a broken-off one goes on at a segment.

        Raises:
            MediaError: the source cannot be read.
            InOneGoError: it would not come out as in a run over the whole source.
        """
        staging = Staging(folder)
        first = stretch.first
        while staging.is_finished(first) and first != stretch.last:
            first += 1
        known_end = staging.end()
        if first == stretch.last or (known_end is not None and first > known_end[0]):
            return
        end = span.end if stretch.last is None else stretch.last * RESTART_S
        part = replace(span, start=max(first * RESTART_S, span.start or 0.0), end=end)
        try:
            with self._open(source, part) as media:
                segment = self._stage(media, staging, first, progress)
                warnings = self._warnings(media)
        except MediaError as error:
            raise InOneGoError(str(error)) from error
        if stretch.last is None:
            staging.finish_last(segment, warnings)
        staging.finish(range(segment, stretch.last or segment + 1))

    def _stage(
        self, media: Media, staging: Staging, segment: int, progress: Progress | None
    ) -> int:
        """Keep piece after piece; returns the segment that the last one belongs to."""
        self._tracker.noting = True
        self._tracker.reset()
        number = 0
        try:
            for piece in self._pieces(media, progress):
                notes = self._tracker.take_notes()
                if media.flawed:
                    break
                if piece.rows.num_rows:
                    now = segment_of(piece.rows["timestamp"][0].as_py())
                    staging.finish(range(segment, now))
                    number = number if now == segment else 0
                    segment = now
                    staging.add(segment, number, piece.rows, notes)
                    number += 1
        finally:
            self._tracker.noting = False
            self._tracker.reset()
        if media.flawed:
            raise InOneGoError("What comes out of damage depends on where decoding begins.")
        return segment

    def join(self, source: str, folder: Path, span: Span, person: str | None) -> Recording:
        """Make the recording of its stretches: the bytes of a run over the whole source.

        Raises:
            MediaError: the source cannot be read.
            InOneGoError: a stretch is missing.
            DataError: another run is writing to this folder, or a piece is damaged.
        """
        staging = Staging(folder)
        with self._open(source, span) as media:
            metadata = replace(self._metadata(media, span), person=person)
        end = staging.end()
        segments = range(segment_of(span.start or 0.0), end[0] + 1) if end else range(0)
        if end is None or not all(map(staging.is_finished, segments)):
            raise InOneGoError("A stretch is missing.")
        with RecordingWriter(folder, metadata, self._finish) as writer:
            self._join(staging, writer, segments)
            writer.metadata = replace(writer.metadata, complete=True, warnings=end[1])
        staging.remove()
        return Recording.load(folder)

    @staticmethod
    def _join(staging: Staging, writer: RecordingWriter, segments: range) -> None:
        frames, identities = 0, Identities()
        if writer.resumed is not None:
            frames = writer.resumed.frames
            identities.restore(TrackerState.from_dict(writer.resumed.state))
            segments = range(writer.resumed.segment, segments.stop)
        for segment in segments:
            if segment != segments.start:
                state = identities.state().to_dict()
                writer.finish_segment(Checkpoint(segment, frames, state))
            identities.let_go()
            for rows, notes in staging.pieces(segment):
                writer.append(renamed(rows, notes, identities))
                frames += frames_of(rows)
                writer.metadata = replace(writer.metadata, frames=frames)


def _segments(media: Media, span: Span, least: float) -> range:
    """The tracker segments of a source longer than ``least`` (s) that may be split, else none."""
    announced, until = media.info.duration, None
    # Looking at all packets is worth it only where a source says that it is long.
    if announced is None or announced > least:
        until = media.late_starts_until()
    if until is None:
        return range(0)
    # The moment at which a span ends is not in it.
    end = until if span.end is None else min(until, span.end - _INSTANT_S)
    return range(segment_of(span.start or 0.0), segment_of(end) + 1)
