"""Single frames of a source, by their times."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from duchenne.errors import MediaError
from duchenne.media.frame import Frame
from duchenne.media.source import Shot, Source, shown
from duchenne.media.stream import open_source
from duchenne.media.videos import SEEK_FROM_S

# Tables round times to milliseconds, which must not fall to the frame before.
_ROUNDED_S = 1e-3


def grab(source: str | Path, times: Sequence[float], fps: float | None = None) -> list[Frame]:
    """The frames on show at the given times, in the order asked.

    A frame is on show from its own time until that of the next. Times are looked up in
    ascending order; a video seeks to the key frame before a time that lies far ahead.

    Args:
        source: a picture, a video or a numbered folder.
        times: seconds from the source's first frame.
        fps: frames a second of a folder of pictures; 25 by default.

    Raises:
        MediaError: the source cannot be read, a time makes no sense, or it lies behind the end.
    """
    for time in times:
        if not (math.isfinite(time) and time >= 0):
            raise MediaError(f"A frame's time must be a number of seconds from 0 on, not {time}.")
    opened = open_source(source, fps)
    if opened.info.kind == "camera":
        opened.close()
        raise MediaError(f"{opened.info.name} has no past: frames at given times need a file.")
    frames = dict(_frames_at(opened, sorted(set(times))))
    return [frames[time] for time in times]


def _frames_at(source: Source, times: Sequence[float]) -> Iterator[tuple[float, Frame]]:
    """Each time, from the earliest on, with its frame."""
    shots: Iterator[Shot] = iter(())
    held: Shot | None = None
    ahead: Shot | None = None
    for time in times:
        if held is None or time - held.time > SEEK_FROM_S:
            shots = source.shots(time)
            held, ahead = None, next(shots, None)
        while ahead is not None and ahead.time <= time + _ROUNDED_S:
            held, ahead = ahead, next(shots, None)
        if held is None or (ahead is None and time > _end(source, held)):
            raise MediaError(f"{shown(source.info.name)} has no frame at {time:.3f} s.")
        yield time, held.frame()


def _end(source: Source, last: Shot) -> float:
    """When the last frame has been on show, as far as the source says."""
    fps = source.info.fps
    shown_until = last.time + (1 / fps if fps else 0.0)
    return max(shown_until, source.info.duration or 0.0) + _ROUNDED_S
