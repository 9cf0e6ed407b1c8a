"""Pictures for the page: shrunk, annotated, and packed into the file itself."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from duchenne.media.frame import Frame
from duchenne.report.annotation import annotate
from duchenne.report.moments import KeyMoment
from duchenne.report.rows import BOX, frame_times, with_face
from duchenne.report.words import clock

Pixels = NDArray[np.uint8]

KEY_WIDTH: Final = 480
LARGE_WIDTH: Final = 1280
_PORTRAIT: Final = 128
_QUALITY: Final = 80
# Hair and chin belong to a portrait.
_PORTRAIT_MARGIN: Final = 1.35


@dataclass(frozen=True)
class KeyPicture:
    """A frame worth showing.

    Attributes:
        number: from 1, in the order of time.
        time: seconds, or the frame's number where the source knows no time.
        when: the time in words.
        reasons: why it is shown, a line each: (face id, words).
        src: the annotated picture as a data URI, "" where no frame was handed in.
        width: of that picture in pixels.
        height: likewise.
    """

    number: int
    time: float
    when: str
    reasons: tuple[tuple[int, str], ...]
    src: str
    width: int
    height: int


def key_pictures(
    rows: pd.DataFrame, moments: Sequence[KeyMoment], frames: Sequence[Frame]
) -> list[KeyPicture]:
    """The moments of each frame together, on the frame where it was handed in."""
    _, unit = frame_times(rows)
    by_frame: dict[int, list[KeyMoment]] = {}
    for moment in moments:
        by_frame.setdefault(moment.frame, []).append(moment)
    found = []
    for number, (index, together) in enumerate(by_frame.items(), 1):
        reasons = tuple((m.face_id, m.reason) for m in together)
        frame = matching(frames, together[0], rows)
        src, width, height = "", 0, 0
        if frame is not None:
            drawn = annotated(frame.pixels, rows[rows["frame"] == index], KEY_WIDTH)
            src, (height, width) = data_uri(drawn), drawn.shape[:2]
        time = together[0].time
        found.append(KeyPicture(number, time, clock(time, unit), reasons, src, width, height))
    return found


def matching(frames: Sequence[Frame], moment: KeyMoment, rows: pd.DataFrame) -> Frame | None:
    """The frame of that number; else the nearest in time, less than half a frame away."""
    exact = next((f for f in frames if f.index == moment.frame), None)
    if exact is not None or not frames:
        return exact
    times, unit = frame_times(rows)
    if unit != "s" or len(times) < 2:
        return None
    nearest = min(frames, key=lambda f: abs(f.time - moment.time))
    apart = float(np.median(np.diff(times.to_numpy())))
    return nearest if abs(nearest.time - moment.time) < apart / 2 else None


def annotated(
    pixels: Pixels,
    rows: pd.DataFrame,
    width: int,
    landmarks: NDArray[np.float32] | None = None,
) -> Pixels:
    """At most ``width`` wide, drawn on after shrinking so that lines and letters stay crisp."""
    scale = min(1.0, width / pixels.shape[1])
    if scale == 1.0:
        return annotate(pixels, rows, landmarks)
    size = (round(pixels.shape[1] * scale), max(1, round(pixels.shape[0] * scale)))
    small = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))
    placed = rows.assign(**{name: rows[name] * scale for name in BOX})
    return annotate(small, placed, None if landmarks is None else landmarks * np.float32(scale))


def portrait(face_id: int, rows: pd.DataFrame, frames: Sequence[Frame]) -> str:
    """The largest view of a face among the frames, square, as a data URI; "" without any."""
    mine = with_face(rows)
    mine = mine[mine["face_id"] == face_id].set_index("frame")
    views = [(f, mine.loc[f.index]) for f in frames if f.index in mine.index]
    views = [(f, row) for f, row in views if np.isfinite(row[list(BOX)].astype(float)).all()]
    if not views:
        return ""
    frame, row = max(views, key=lambda view: float(view[1]["face_width"]))
    x, y, wide, high = (float(row[name]) for name in BOX)
    half = max(wide, high) / 2 * _PORTRAIT_MARGIN
    middle_x, middle_y = x + wide / 2, y + high / 2
    if half < 1:
        return ""
    box = (middle_x - half, middle_y - half, middle_x + half, middle_y + half)
    edges = tuple(round(v) for v in box)
    cut = Image.fromarray(frame.pixels).crop((edges[0], edges[1], edges[2], edges[3]))
    return data_uri(np.asarray(cut.resize((_PORTRAIT, _PORTRAIT), Image.Resampling.LANCZOS)))


def data_uri(pixels: Pixels) -> str:
    """A JPEG inside the page."""
    sink = io.BytesIO()
    Image.fromarray(pixels).save(sink, "JPEG", quality=_QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(sink.getvalue()).decode("ascii")
