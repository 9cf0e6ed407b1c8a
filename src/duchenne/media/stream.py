"""Opens any source as one stream of frames."""

from __future__ import annotations

import math
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from types import TracebackType

from duchenne.errors import MediaError
from duchenne.media.animations import Animation, is_animation
from duchenne.media.cameras import Camera
from duchenne.media.folders import Folder, natural_key, picture_files
from duchenne.media.frame import Frame
from duchenne.media.info import MediaInfo
from duchenne.media.pictures import Still, is_picture
from duchenne.media.prefetch import prefetched
from duchenne.media.selection import Selection
from duchenne.media.source import Shot, Source, shown
from duchenne.media.videos import MOTION_JPEG_SUFFIXES, VIDEO_SUFFIXES, Video

# A clip's announced length may be off by a frame or two: be sure before refusing.
_DOUBT_S = 1.0
# Broken pictures of a folder that are named one by one.
_NAMED = 5


class Media:
    """An open source: iterate over it for its frames; each iteration starts anew.

    Attributes:
        info: what the source says about itself.
        warnings: sentences for the person, filled while iterating (a break in the file ...).
    """

    def __init__(self, source: Source, selection: Selection) -> None:
        self._source, self._selection = source, selection
        self._running: Generator[Frame, None, None] | None = None
        self._ahead: Generator[Frame, None, None] | None = None
        self.info: MediaInfo = source.info
        self.warnings: list[str] = source.warnings

    @property
    def flawed(self) -> bool:
        """Whether what was iterated over so far came out of damage."""
        return self._source.flawed

    def late_starts_until(self) -> float | None:
        """Time (s) of the last frame, where spans can be read at no more than their own cost."""
        return self._source.late_starts_until()

    def __iter__(self) -> Iterator[Frame]:
        self.warnings.clear()
        self._source.flawed = False
        self._running = self._frames()
        return self._running

    def ahead(self) -> Iterator[Frame]:
        """The same frames, decoded in a second thread a few before they are asked for."""
        self._ahead = prefetched(self)
        return self._ahead

    def __enter__(self) -> Media:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file or switch the camera off; iterating again opens it again."""
        # The one that decodes ahead first: its thread runs the other.
        for frames in (self._ahead, self._running):
            if frames is not None:
                frames.close()
        self._ahead = self._running = None
        self._source.close()

    def _frames(self) -> Generator[Frame, None, None]:
        latest, given, broken = None, 0, []
        for shot in self._source.shots(self._selection.start):
            if self._selection.over(shot.time):
                break
            latest = shot
            if self._selection.wants(shot.index, shot.time):
                try:
                    frame = shot.frame()
                except MediaError as error:
                    broken.append(str(error))
                    self._source.flawed = True
                    continue
                given += 1
                yield frame
        else:
            self._check_reached(latest)
        self._tell_left_out(broken, given)

    def _check_reached(self, latest: Shot | None) -> None:
        start = self._selection.start
        if start > 0 and (latest is None or not self._selection.reached(latest.time)):
            ends = f"ends at {latest.time:.2f} s" if latest else "ends before"
            raise MediaError(
                f"{shown(self.info.name)} {ends}: a start at {start:g} s lies behind its end."
            )

    def _tell_left_out(self, broken: list[str], given: int) -> None:
        if broken and not given:
            raise MediaError(broken[0])
        self.warnings += broken[:_NAMED]
        if len(broken) > _NAMED:
            self.warnings.append(f"{len(broken) - _NAMED} more frames cannot be read either.")


def open_media(
    source: str | Path | int,
    *,
    every: int = 1,
    start: float | None = None,
    end: float | None = None,
    fps: float | None = None,
) -> Media:
    """Open a picture, a video, a numbered folder of pictures, or a camera.

    What a file is depends on its content, not on its name. Every name is a local file's:
    nothing is ever fetched over a network.

    Args:
        source: a path, ``camera:0``, or a camera's number.
        every: only frames whose index is a multiple of this; indices count over the whole source.
        start: seconds from the first frame; earlier frames are left out (a video seeks).
        end: seconds; this moment and later frames are left out.
        fps: frames a second of a folder of pictures, 25 by default; other sources have clocks.

    Returns:
        A context manager that may be iterated over any number of times.

    Raises:
        MediaError: the source is missing, empty, broken or no media, or an option makes no sense;
            while iterating: ``start`` lies behind the end.
    """
    selection = Selection.from_options(every, start, end)
    opened = open_source(source, fps)
    length = opened.info.duration
    if length is not None and selection.start > length + _DOUBT_S:
        opened.close()
        raise MediaError(
            f"{shown(opened.info.name)} lasts {length:.2f} s: a start at {selection.start:g} s "
            "lies behind its end."
        )
    return Media(opened, selection)


def open_source(source: str | Path | int, fps: float | None) -> Source:
    """A source of the kind that its content calls for.

    Raises:
        MediaError: it is missing, empty, broken or no media, or ``fps`` makes no sense.
    """
    if fps is not None and not (math.isfinite(fps) and fps > 0):
        raise MediaError(f"fps must be a number above 0, not {fps}.")
    camera = re.fullmatch(r"(?:camera:)?([0-9]+)", str(source))
    try:
        if camera and (isinstance(source, int) or not Path(source).exists()):
            return Camera(int(camera[1]))
        return _open_path(str(source), fps)
    # Names that the system refuses, folders that it does not let us see.
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise MediaError(f"{shown(str(source)[:200])} cannot be opened: {reason}.") from error


def find_sources(source: str | Path) -> list[str]:
    """What a person means by a path: itself, or each video of a folder of videos.

    A folder that holds a video stands for all its media files, each on its own; any other
    folder is a sequence of pictures.
    """
    path = Path(source)
    try:
        if not path.is_dir():
            return [str(source)]
        files = [p for p in path.iterdir() if p.is_file() and p.name[0] != "."]
    except OSError:
        # Opening it says why, and other sources still get their turn.
        return [str(source)]
    videos = [p for p in files if p.suffix.lower() in VIDEO_SUFFIXES]
    if not videos:
        return [str(source)]
    files = list({*videos, *picture_files(path)})
    return [str(file) for file in sorted(files, key=lambda file: natural_key(file.name))]


def _open_path(name: str, fps: float | None) -> Source:
    path = Path(name)
    if not name:
        raise MediaError("The source has no name: give a picture, a video, a folder or camera:0.")
    if not path.exists():
        raise MediaError(_missing(name))
    if path.is_dir():
        return Folder(path, fps)
    if not path.is_file():
        raise MediaError(f"{shown(path)} is a device, not a file: give a picture or a video.")
    if path.stat().st_size == 0:
        raise MediaError(f"{shown(path)} is empty (0 bytes): get the whole file.")
    # JPEGs one after the other begin like a single one: here the name alone tells.
    if path.suffix.lower() in MOTION_JPEG_SUFFIXES or not is_picture(path):
        return Video(path)
    return Animation(path) if is_animation(path) else Still(path)


def _missing(name: str) -> str:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", name):
        return f"{shown(name)} is an address: download it first, only local files are read."
    if name.startswith("camera:"):
        return f"{shown(name)} is no camera: give its number, such as camera:0."
    return f"{shown(name)} does not exist: check the path."
