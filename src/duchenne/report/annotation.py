"""Draws onto a picture what was found in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from duchenne.errors import DataError
from duchenne.faces.faces import LANDMARKS
from duchenne.notebook.colours import EMOTION_COLOURS
from duchenne.report.contours import draw_landmarks
from duchenne.report.palette import rgb
from duchenne.report.placement import Box, place_label
from duchenne.report.rows import (
    AU_COLUMNS,
    BOX,
    EMOTION_COLUMNS,
    require,
    top_emotions,
    with_face,
)
from duchenne.report.words import percent

Pixels = NDArray[np.uint8]

_MOST_UNITS: Final = 3
_LEAST_INTENSITY: Final = 1.0  # FACS' level A, a trace
_LEAST_FONT: Final = 9.0
_PAPER: Final = (18, 20, 24, 215)
_INK: Final = (255, 255, 255, 255)
_FAINT_INK: Final = (205, 210, 217, 255)
_HALO: Final = (0, 0, 0, 150)
_UNKNOWN: Final = "#ffffff"


@dataclass(frozen=True, eq=False)
class _Label:
    """The words about one face and where they go."""

    lines: tuple[str, ...]
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont
    line_height: int
    padding: int
    place: Box


@dataclass(frozen=True, eq=False)
class _Around:
    """What a label must keep clear of: the picture's edge, other faces and labels, its face."""

    picture: Box
    taken: list[Box]
    gap: int


def annotate(
    frame_pixels: Pixels, rows: pd.DataFrame, landmarks: NDArray[np.float32] | None = None
) -> Pixels:
    """A copy of a picture with boxes, labels and, where given, the landmarks.

    The label of each face says its id, the most probable emotion of the display with its
    probability, and the three strongest Action Units of at least 1 of 5. Lines and letters grow
    with the picture; labels stay inside it and off the faces where there is room. Pictures too
    small for words get boxes only.

    Args:
        frame_pixels: (H, W, 3) uint8 RGB.
        rows: the rows of this frame, with the columns of a recording; those without a face
            are passed over.
        landmarks: (len(rows), 478, 3) in pixels, NaN where unknown, or None to draw none.

    Returns:
        (H, W, 3) uint8 RGB.

    Raises:
        DataError: arguments of another shape, or a column is missing.
    """
    _check(frame_pixels, rows, landmarks)
    shown = with_face(rows)
    boxes = shown[list(BOX)].to_numpy(np.float64)
    visible = np.isfinite(boxes).all(axis=1) & (boxes[:, 2:] > 0).all(axis=1)
    visible &= _meets_picture(boxes, frame_pixels.shape)
    shown, boxes = shown[visible], boxes[visible]
    canvas = Image.fromarray(frame_pixels).convert("RGBA")
    if landmarks is not None:
        chosen = rows.index.get_indexer(shown.index)
        for points, box in zip(landmarks[chosen], boxes, strict=True):
            # The lines of a small face in a large picture would hide what they show.
            width = min(_line_width(frame_pixels.shape), max(1.0, float(box[2]) / 60))
            canvas = draw_landmarks(canvas, points[:, :2], width)
    layer = Image.new("RGBA", canvas.size)
    _draw_faces(ImageDraw.Draw(layer), shown, boxes, frame_pixels.shape)
    return np.asarray(Image.alpha_composite(canvas, layer).convert("RGB"))


def _check(pixels: Pixels, rows: pd.DataFrame, landmarks: NDArray[np.float32] | None) -> None:
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or not pixels.size:
        raise DataError(
            f"A picture to draw on is (H, W, 3) uint8 RGB, got {pixels.shape} {pixels.dtype}."
        )
    wanted = ("face_id", "success", *BOX, *EMOTION_COLUMNS, *AU_COLUMNS)
    require(list(rows.columns), wanted, "The table of rows to draw")
    if not rows.index.is_unique:
        raise DataError("The rows to draw have repeated index labels; call reset_index first.")
    if landmarks is not None and landmarks.shape != (len(rows), LANDMARKS, 3):
        raise DataError(
            f"Landmarks to draw are {(len(rows), LANDMARKS, 3)}, a place each row, "
            f"got {landmarks.shape}."
        )


def _meets_picture(boxes: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    right, bottom = boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]
    inside = (right > 0) & (bottom > 0) & (boxes[:, 0] < shape[1]) & (boxes[:, 1] < shape[0])
    return np.asarray(inside, bool)


def _line_width(shape: tuple[int, ...]) -> int:
    return max(1, round(min(shape[:2]) / 300 + 0.8))


def _draw_faces(
    draw: ImageDraw.ImageDraw,
    rows: pd.DataFrame,
    boxes: NDArray[np.float64],
    shape: tuple[int, ...],
) -> None:
    width = _line_width(shape)
    picture = Box(0, 0, shape[1] - 1, shape[0] - 1)
    faces = [Box(x, y, x + w, y + h) for x, y, w, h in boxes]
    tops = top_emotions(rows)
    colours = [EMOTION_COLOURS.get(tops.get(i, ""), _UNKNOWN) for i in rows.index]
    for face, colour in zip(faces, colours, strict=True):
        _outline(draw, _clipped(face, picture), colour, width)
    taken = list(faces)
    for (_, row), face, colour in zip(rows.iterrows(), faces, colours, strict=True):
        lines = _lines(row, tops.get(row.name))
        label = _label(lines, _clipped(face, picture), _Around(picture, taken, width + 2))
        if label is not None:
            taken.append(label.place)
            _draw_label(draw, label, colour)


def _clipped(face: Box, picture: Box) -> Box:
    left, top = max(face.left, 0.0), max(face.top, 0.0)
    right, bottom = min(face.right, picture.right), min(face.bottom, picture.bottom)
    return Box(left, top, max(left, right), max(top, bottom))


def _outline(draw: ImageDraw.ImageDraw, face: Box, colour: str, width: int) -> None:
    # A dark rim on both sides keeps the coloured line readable on light and on dark skin alike.
    rim = max(1, width // 2)
    draw.rounded_rectangle(_grown(face, rim), 3 * width, outline=_HALO, width=width + 2 * rim)
    draw.rounded_rectangle(face, 3 * width, outline=(*rgb(colour), 255), width=width)


def _grown(face: Box, by: int) -> Box:
    return Box(face.left - by, face.top - by, face.right + by, face.bottom + by)


def _lines(row: pd.Series, top: str | None) -> tuple[str, ...]:
    first = f"face {int(row['face_id'])}"
    if top is not None:
        first += f" · {top} {percent(float(row[f'emotion_{top}']))}"
    # AU43 says again what AU45 says.
    units = row[list(AU_COLUMNS)].drop("AU43_r").astype(float).sort_values(ascending=False)
    strong = units[units >= _LEAST_INTENSITY][:_MOST_UNITS]
    second = " · ".join(f"{str(n).removesuffix('_r')} {v:.1f}" for n, v in strong.items())
    return (first, second) if second else (first,)


def _label(lines: tuple[str, ...], face: Box, around: _Around) -> _Label | None:
    """The largest label that fits: smaller letters first, then fewer lines, then none."""
    short = min(around.picture.width, around.picture.height)
    best = max(_LEAST_FONT, min(short / 20, max(face.width / 9, short / 60, 11.0)))
    for text in (lines, lines[:1]):
        for size in (best, (best + _LEAST_FONT) / 2, _LEAST_FONT):
            label = _fit(text, size, face, around)
            if label is not None:
                return label
    return None


def _fit(lines: tuple[str, ...], size: float, face: Box, around: _Around) -> _Label | None:
    font = ImageFont.load_default(size=size)
    line_height, padding = round(size * 1.3), max(2, round(size * 0.4))
    swatch = round(size * 0.9)
    width = max(font.getlength(line) for line in lines) + 2 * padding + swatch
    height = line_height * len(lines) + padding
    # A label that would fill the picture says less than the picture.
    if height > around.picture.height / 2:
        return None
    place = place_label(face, (width, height), around.picture, around.taken, around.gap)
    return None if place is None else _Label(lines, font, line_height, padding, place)


def _draw_label(draw: ImageDraw.ImageDraw, label: _Label, colour: str) -> None:
    place, padding = label.place, label.padding
    draw.rounded_rectangle(place, padding, fill=_PAPER)
    bar = max(2, padding // 2)
    draw.rectangle(
        (place.left + padding, place.top + padding, place.left + padding + bar,
         place.bottom - padding),
        fill=(*rgb(colour), 255),
    )  # fmt: skip
    x = place.left + 2 * padding + bar
    for number, line in enumerate(label.lines):
        y = place.top + padding / 2 + (number + 0.5) * label.line_height
        ink = _FAINT_INK if number else _INK
        draw.text((x, y), line, fill=ink, font=label.font, anchor="lm")
