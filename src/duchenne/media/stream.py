"""Opens any source as one stream of frames."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol

from duchenne.errors import MediaError
from duchenne.media.cameras import Camera
from duchenne.media.folders import Folder, natural_key, picture_files
from duchenne.media.frame import Frame
from duchenne.media.info import MediaInfo
from duchenne.media.pictures import Pictures, is_picture
from duchenne.media.videos import VIDEO_SUFFIXES, Video

# A frame at 0.9999 s is the frame at 1 s: clocks are rounded to their own ticks.
_TICK = 1e-6


class _Source(Protocol):
    info: MediaInfo
    warnings: list[str]

    def frames(self, start: float) -> Iterator[Frame]: ...


class Media:
    """An open source: iterate over it for its frames; each iteration starts anew.

    Attributes:
        info: what the source says about itself.
        warnings: sentences for the person, filled while iterating (a break in the file ...).
    """

    def __init__(self, source: _Source, every: int, start: float, end: float) -> None:
        self._source = source
        self._every, self._start, self._end = every, start, end
        self.info = source.info

    @property
    def warnings(self) -> list[str]:
        """Sentences for the person about what was found wrong so far."""
        return self._source.warnings

    def __iter__(self) -> Iterator[Frame]:
        self._source.warnings.clear()
        latest = None
        for frame in self._source.frames(self._start):
            latest = frame.time
            if frame.time >= self._end - _TICK:
                return
            if frame.time >= self._start - _TICK and frame.index % self._every == 0:
                yield frame
        self._check_reached(latest)

    def _check_reached(self, latest: float | None) -> None:
        if self._start > 0 and (latest is None or latest < self._start - _TICK):
            length = self.info.duration or latest or 0.0
            raise MediaError(
                f"{self.info.name} lasts {length:.2f} s: a start at {self._start:g} s lies behind "
                "its end."
            )

    def __enter__(self) -> Media:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None


def open_media(
    source: str | Path | int,
    *,
    every: int = 1,
    start: float | None = None,
    end: float | None = None,
    fps: float | None = None,
) -> Media:
    """Open a picture, a video, a numbered folder of pictures, or a camera.

    What a file is depends on its content, not on its name.

    Args:
        source: a path, ``camera:0``, or a camera's number.
        every: only frames whose index is a multiple of this; indices count over the whole source.
        start: seconds from the first frame; earlier frames are skipped (a video seeks).
        end: seconds; this frame and later ones are left out.
        fps: frames a second of a folder of pictures; 25 by default.

    Raises:
        MediaError: the source is missing, empty, broken or no media, or an option makes no sense.
    """
    _check_options(every, start, end, fps)
    opened = _open_source(source, fps)
    length = opened.info.duration
    # A picture has no duration, and a clip's own may be off by a frame: be sure before refusing.
    if start and length is not None and start > length + 1.0:
        raise MediaError(
            f"{opened.info.name} lasts {length:.2f} s: a start at {start:g} s lies behind its end."
        )
    return Media(opened, every, start or 0.0, math.inf if end is None else end)


def grab(source: str | Path, times: Sequence[float], fps: float | None = None) -> list[Frame]:
    """The frames at the given times (s), in the order asked; a video seeks to each.

    Raises:
        MediaError: the source cannot be read, or ends before one of the times.
    """
    frames = []
    for time in times:
        with open_media(source, start=max(0.0, time - 1e-4), fps=fps) as media:
            frames.append(next(iter(media)))
    return frames


def find_sources(source: str | Path) -> list[str]:
    """What a person means by a path: itself, or each video of a folder of videos.

    A folder that holds a video stands for all its media files, each on its own; any other
    folder is a sequence of pictures.
    """
    path = Path(source)
    if not path.is_dir():
        return [str(source)]
    videos = [p for p in path.iterdir() if p.suffix.lower() in VIDEO_SUFFIXES and p.is_file()]
    if not videos:
        return [str(source)]
    files = [*videos, *picture_files(path)]
    return [str(file) for file in sorted(files, key=lambda file: natural_key(file.name))]


def _open_source(source: str | Path | int, fps: float | None) -> _Source:
    camera = re.fullmatch(r"(?:camera:)?(\d+)", str(source))
    if camera and not Path(str(source)).exists():
        return Camera(int(camera[1]))
    path = Path(source if isinstance(source, Path) else str(source))
    try:
        if not path.exists():
            raise MediaError(f"{path} does not exist.")
        if path.is_dir():
            return Folder(path, fps)
        if not path.is_file():
            raise MediaError(f"{path} is not a file that can be read as media.")
        if path.stat().st_size == 0:
            raise MediaError(f"{path} is empty (0 bytes).")
        return Pictures(path) if is_picture(path) else Video(path)
    except (OSError, ValueError) as error:
        raise MediaError(f"{str(path)!r} cannot be opened: {error}.") from error


def _check_options(every: int, start: float | None, end: float | None, fps: float | None) -> None:
    if every < 1:
        raise MediaError(f"every must be 1 or more, not {every}.")
    for name, value in (("start", start), ("end", end)):
        if value is not None and not (math.isfinite(value) and value >= 0):
            raise MediaError(f"{name} must be a number of seconds from 0 on, not {value}.")
    if end is not None and end <= (start or 0.0):
        raise MediaError(f"end ({end:g} s) must lie behind start ({start or 0:g} s).")
    if fps is not None and not (math.isfinite(fps) and fps > 0):
        raise MediaError(f"fps must be above 0, not {fps}.")
