"""Videos, by PyAV (FFmpeg): true time stamps, upright frames, everything up to a break."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from duchenne.errors import MediaError
from duchenne.media.frame import Frame
from duchenne.media.info import MediaInfo

VIDEO_SUFFIXES: Final = frozenset(
    {".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".wmv", ".flv", ".3gp"}
    | {".mts", ".m2ts", ".ts", ".ogv", ".mjpeg", ".mjpg", ".y4m"}
)
_FALLBACK_FPS: Final = 25.0
# A decoder that fails on this many packets in a row has lost the thread for good.
_GIVE_UP_AFTER: Final = 100
# Sound may outlast the pictures, and containers round their length.
_SLACK_S: Final = 0.5
# Below this, seeking costs more than decoding what lies before.
_SEEK_FROM_S: Final = 2.0

av.logging.set_level(av.logging.PANIC)


class Video:
    """A video file as a stream of upright RGB frames.

    Raises:
        MediaError: no video in it, or not one frame can be decoded.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warnings: list[str] = []
        with _open(path) as container:
            stream = _stream(container, path)
            first = next(_Decoder(container, stream).frames(), None)
            if first is None:
                raise MediaError(f"{path} holds a video of which no frame can be decoded.")
            height, width = _upright(first).shape[:2]
            self._first_pts = first.pts
            self._time_base = stream.time_base or Fraction(1, 90_000)
            self.fps = float(stream.average_rate or stream.guessed_rate or _FALLBACK_FPS)
            self.info = MediaInfo(
                name=path.name,
                path=str(path.resolve()),
                kind="video",
                width=width,
                height=height,
                fps=self.fps,
                frames=stream.frames or None,
                duration=_duration(container, stream),
            )

    def frames(self, start: float) -> Iterator[Frame]:
        """Frames from the key frame before ``start`` (s) on; indices count from the beginning."""
        indices = self._indices() if start >= _SEEK_FROM_S else None
        with _open(self.path) as container:
            stream = _stream(container, self.path)
            if indices is not None:
                target = int(start / self._time_base) + min(indices)
                container.seek(target, stream=stream, backward=True)
            decoder = _Decoder(container, stream)
            yield from self._timed(decoder, indices)
            self._tell(decoder, complete=indices is None)

    def _timed(self, decoder: _Decoder, indices: dict[int, int] | None) -> Iterator[Frame]:
        last_time, repaired = -np.inf, False
        self._last = (-1, 0.0)
        for count, picture in enumerate(decoder.frames()):
            index = count if indices is None else indices.get(picture.pts or 0)
            if index is None:
                continue  # decoded from before the key frame: not a frame of its own
            time = self._time(picture.pts, index)
            if time <= last_time:
                time, repaired = last_time + 1 / self.fps, True
            last_time = time
            self._last = (index, time)
            yield Frame(_upright(picture), index, time)
        if repaired:
            self.warnings.append(
                f"{self.path.name} has time stamps that repeat or run backwards: those frames are "
                f"placed by its nominal {self.fps:.3g} frames/s."
            )

    def _time(self, pts: int | None, index: int) -> float:
        if pts is None or self._first_pts is None:
            return index / self.fps
        return float((pts - self._first_pts) * self._time_base)

    def _indices(self) -> dict[int, int] | None:
        """Presentation time stamps of all frames with their indices; packets are not decoded."""
        with _open(self.path) as container:
            stream = _stream(container, self.path)
            stamps: list[Any] = []
            try:
                for packet in container.demux(stream):
                    stamps += [packet.pts] if packet.size and not packet.is_discard else []
            except FFmpegError:
                pass  # a break in the file: what lies before it is still indexed
        if not stamps or None in stamps or len(set(stamps)) < len(stamps):
            return None
        return {pts: index for index, pts in enumerate(sorted(stamps))}

    def _tell(self, decoder: _Decoder, complete: bool) -> None:
        index, time = self._last
        announced = self.info.frames
        if decoder.broken:
            self.warnings.append(
                f"{self.path.name} breaks off after frame {index} ({time:.2f} s): "
                "the rest cannot be decoded."
            )
        elif complete and announced is not None and index + 1 < announced:
            self.warnings.append(
                f"{self.path.name} announces {announced} frames and holds {index + 1}."
            )
        elif complete and announced is None and (self.info.duration or 0.0) > time + _SLACK_S:
            self.warnings.append(
                f"{self.path.name} announces {self.info.duration:.2f} s, and its pictures end "
                f"after frame {index} ({time:.2f} s): it may be cut off."
            )
        if decoder.skipped:
            self.warnings.append(
                f"{self.path.name} is damaged: {decoder.skipped} packets could not be decoded."
            )


class _Decoder:
    """Decodes what can be decoded, and remembers what could not."""

    def __init__(self, container: Any, stream: Any) -> None:
        self._container, self._stream = container, stream
        self.skipped = 0
        self.broken = False

    def frames(self) -> Iterator[Any]:
        failed_in_a_row = 0
        for packet in self._packets():
            try:
                pictures = self._stream.decode(packet)
            except (FFmpegError, ValueError):
                failed_in_a_row += 1
                if failed_in_a_row >= _GIVE_UP_AFTER:
                    break
                continue
            if pictures:
                # Failures in the middle are holes; those at the very end are a break.
                self.skipped += failed_in_a_row
                failed_in_a_row = 0
            yield from pictures
        self.broken = self.broken or failed_in_a_row > 0

    def _packets(self) -> Iterator[Any]:
        try:
            yield from self._container.demux(self._stream)
        except FFmpegError:
            self.broken = True
            # What the decoder still holds back comes out at an empty packet.
            yield from itertools.repeat(None, 1)


def _open(path: Path) -> Any:
    try:
        # Named as a local file and limited to files: no playlist may lead us onto the network.
        return av.open(f"file:{path}", options={"protocol_whitelist": "file"})
    except (FFmpegError, OSError, ValueError) as error:
        raise MediaError(
            f"{path} is neither a picture nor a video that can be read "
            f"({_reason(error)}): is the file whole?"
        ) from error


def _stream(container: Any, path: Path) -> Any:
    if not container.streams.video:
        raise MediaError(f"{path} holds no pictures, only {_other_streams(container)}.")
    stream = container.streams.video[0]
    if stream.codec_context is None:
        raise MediaError(f"{path} holds a video of a kind that cannot be decoded.")
    stream.thread_type = "SLICE"
    stream.codec_context.thread_count = 1
    return stream


def _other_streams(container: Any) -> str:
    return ", ".join(sorted({s.type for s in container.streams})) or "nothing"


def _duration(container: Any, stream: Any) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return float(container.duration / av.time_base) if container.duration else None


def _upright(picture: Any) -> NDArray[np.uint8]:
    pixels = picture.to_ndarray(format="rgb24")
    # FFmpeg counts the turn that brings the picture upright anticlockwise, as numpy does.
    turns = round(picture.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(pixels, turns)) if turns else pixels


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).rstrip(".")
