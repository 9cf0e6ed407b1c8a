"""Video files as a stream of upright RGB frames with their true times."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import MediaError
from duchenne.media.containers import duration_of, open_container, video_stream
from duchenne.media.decoding import DECODING_ERRORS, Counter, Decoder, Table
from duchenne.media.info import MediaInfo
from duchenne.media.source import Shot, Source, shown

MOTION_JPEG_SUFFIXES: Final = frozenset({".mjpeg", ".mjpg"})
VIDEO_SUFFIXES: Final = MOTION_JPEG_SUFFIXES | frozenset(
    {".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".wmv", ".flv", ".3gp"}
    | {".mts", ".m2ts", ".ts", ".ogv", ".y4m", ".mxf", ".vob", ".m2v"}
)
# Below this, seeking costs more than decoding what lies before.
SEEK_FROM_S: Final = 2.0
_FALLBACK_FPS: Final = 25.0
# Sound may outlast the pictures, and containers round their length.
_SLACK_S: Final = 0.5
# Up to this share, missing frames are the odds and ends of encoders, not a break.
_FEW: Final = 0.1
# Seconds a frame of the slowest video that makes sense.
_SLOWEST_S: Final = 10.0
# Some of their packets hold pictures for reference only, which are never shown.
_HIDES_PICTURES: Final = frozenset({"vp8"})


class Video(Source):
    """A video file.

    Times are the file's presentation time stamps, counted from the first picture that can be
    decoded; rotation marks are applied; more than eight bits become eight (HDR without tone
    mapping). A late start begins at the key frame before it: all packets are read (not decoded)
    to number the frames, so indices are those of the whole video.

    Args:
        path: the file.
        threads: for decoding; one, so that a worker keeps to its core.

    Raises:
        MediaError: no video in it, or not one frame can be decoded.
    """

    def __init__(self, path: Path, threads: int = 1) -> None:
        super().__init__()
        self._path, self._threads = path, threads
        self._keys: list[int] | None = None
        self._stamps: list[int] = []
        self._trimmed = 0
        with open_container(path) as container:
            stream = video_stream(container, path, threads)
            self._countable = stream.codec_context.name not in _HIDES_PICTURES
            first = next(Decoder(container, stream, Counter()).pictures(), None)
            if first is None:
                raise MediaError(
                    f"{shown(path)} holds a video of which no frame can be decoded: get the whole "
                    "file."
                )
            # AVI has no time stamps, only an order, which is not that of showing in this case.
            self._clocked = not (container.format.name == "avi" and _reorders(stream))
            self._first_pts: int | None = first.pts if self._clocked else None
            self._time_base: Fraction = stream.time_base or Fraction(1, 90_000)
            self._fps = float(stream.average_rate or stream.guessed_rate or _FALLBACK_FPS)
            self.info = self._describe(container, stream, first)

    def shots(self, start: float) -> Iterator[Shot]:
        """Shots from the key frame before ``start`` (s) on, or from the first one."""
        key = self._key_before(start) if start >= SEEK_FROM_S else None
        with open_container(self._path) as container:
            stream = video_stream(container, self._path, self._threads)
            counter = Counter(self._countable and self._clocked)
            if key is not None:
                container.seek(key, stream=stream, backward=True)
                counter = Table(self._stamps, self._first_pts or 0)
            decoder = Decoder(container, stream, counter)
            latest = None
            try:
                for latest in self._timed(decoder, counter, start):
                    yield latest
            finally:
                # Whoever wanted a span has gone by now, and must know all the same.
                self.flawed |= decoder.broken or decoder.skipped > 0
            if latest is not None:
                self._tell(decoder, latest, complete=key is None)

    def late_starts_until(self) -> float | None:
        """Time (s) of the last frame, where all frames can be numbered without decoding."""
        if not self._index():
            return None
        until = self._time(self._stamps[-1], 0)
        # A stamp out of this world: who would split by it would never come to an end.
        return until if until < _SLOWEST_S * len(self._stamps) else None

    def _describe(self, container: Any, stream: Any, first: Any) -> MediaInfo:
        height, width = _upright(first).shape[:2]
        still = container.format.name.endswith("_pipe")
        return MediaInfo(
            name=self._path.name,
            path=str(self._path.resolve()),
            kind="picture" if still else "video",
            width=width,
            height=height,
            fps=None if still else self._fps,
            frames=1 if still else stream.frames or None,
            duration=None if still else duration_of(container, stream),
        )

    def _timed(self, decoder: Decoder, counter: Counter, start: float) -> Iterator[Shot]:
        """Pictures with their places in time, each behind the one before."""
        latest, repaired = -np.inf, False
        for picture in decoder.pictures():
            index = counter.number(picture.pts)
            time = self._time(picture.pts, index)
            if time <= latest:
                time, repaired = latest + 1 / self._fps, True
            latest = time
            # Before the start, guessing is what a decoder does until its first whole picture.
            guessed = bool(picture.is_corrupt) and time >= start
            self.flawed |= repaired or guessed or decoder.skipped > 0
            yield Shot(index, time, partial(_upright, picture))
        if repaired:
            self.warnings.append(
                f"{shown(self.info.name)} has time stamps that repeat or run backwards: those "
                f"frames are placed by its nominal {self._fps:.3g} frames/s."
            )

    def _time(self, pts: int | None, index: int) -> float:
        if pts is None or self._first_pts is None:
            return index / self._fps
        return float((pts - self._first_pts) * self._time_base)

    # ---- late starts ---------------------------------------------------------------------

    def _key_before(self, start: float) -> int | None:
        """Stamp of a key frame at or before ``start``; None: decode from the beginning instead."""
        keys = self._index()
        if not keys or self._first_pts is None:
            return None
        target = self._first_pts + int(start / self._time_base)
        with open_container(self._path) as container:
            stream = video_stream(container, self._path)
            for key in reversed(keys[: bisect_right(keys, target)][-3:]):
                try:
                    container.seek(key, stream=stream, backward=True)
                    landed = next(iter(container.demux(stream)), None)
                except DECODING_ERRORS:
                    return None
                # Streams without an index (MPEG-TS) may land behind the place asked for.
                if landed is not None and landed.is_keyframe and (landed.pts or 0) <= key:
                    return key
        return None

    def _index(self) -> list[int]:
        """Time stamps of the key frames; none where frames cannot be numbered without decoding."""
        if self._keys is None:
            self._stamps, self._keys = (
                self._read_stamps() if self._countable and self._clocked else ([], [])
            )
        return self._keys

    def _read_stamps(self) -> tuple[list[int], list[int]]:
        """Sorted time stamps of all frames and of the key frames; none if they do not add up."""
        stamps: list[Any] = []
        keys: list[Any] = []
        with open_container(self._path) as container:
            try:
                for packet in container.demux(video_stream(container, self._path)):
                    self._trimmed += packet.is_discard
                    if packet.size and not packet.is_discard:
                        stamps.append(packet.pts)
                        keys += [packet.pts] if packet.is_keyframe else []
            except DECODING_ERRORS:
                pass  # a break in the file: what lies before it is still numbered
        announced = self.info.frames
        known = set(stamps) - {None}
        # Damaged files lose packets in reading on that are there again after seeking.
        whole = announced is None or announced == len(stamps) + self._trimmed
        if not whole or len(known) < len(stamps) or self._first_pts not in known:
            return [], []
        return sorted(known), sorted(keys)

    # ---- what the person should know -------------------------------------------------------

    def _tell(self, decoder: Decoder, last: Shot, complete: bool) -> None:
        name, place = shown(self.info.name), f"frame {last.index} ({last.time:.2f} s)"
        if decoder.broken:
            self.warnings.append(f"{name} breaks off after {place}: the rest cannot be decoded.")
        else:
            # A late start has looked at all packets before.
            trimmed = decoder.trimmed if complete else self._trimmed
            self._tell_shortfall(trimmed, last, name, place)
        if decoder.skipped:
            self.warnings.append(
                f"{name} is damaged: {_counted(decoder.skipped, 'frame')} could not be decoded."
            )
        if complete and decoder.guessed:
            self.warnings.append(
                f"{name} is damaged: the decoder had to guess parts of "
                f"{_counted(decoder.guessed, 'frame')}."
            )

    def _tell_shortfall(self, trimmed: int, last: Shot, name: str, place: str) -> None:
        announced, held = self.info.frames or 0, last.index + 1
        duration = self.info.duration or 0.0
        missing = announced - held
        if missing > _FEW * announced:
            self.warnings.append(
                f"{name} breaks off after {place}: it announces {announced} frames."
            )
        elif missing > 0:
            cut = missing == trimmed
            self.warnings.append(
                f"{name} announces {announced} frames and holds {held}"
                + (f": its own edit list leaves out {missing}." if cut else ".")
            )
        elif not announced and duration > last.time + 1 / self._fps + _SLACK_S:
            self.warnings.append(
                f"{name} announces {duration:.2f} s, and its pictures end after {place}: it may be "
                "cut off."
            )


def _upright(picture: Any) -> NDArray[np.uint8]:
    pixels: NDArray[np.uint8] = picture.to_ndarray(format="rgb24")
    # FFmpeg counts the turn that brings the picture upright anticlockwise, as numpy does; of odd
    # widths it pads the rows.
    return np.ascontiguousarray(np.rot90(pixels, round(picture.rotation / 90) % 4))


def _reorders(stream: Any) -> bool:
    return bool(stream.codec_context.has_b_frames)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
