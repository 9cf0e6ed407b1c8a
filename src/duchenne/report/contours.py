"""The landmarks of a face as fine lines and dots."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

# Places in MediaPipe's mesh (its published topology); the first point closes each loop.
_LOOPS: Final[tuple[tuple[int, ...], ...]] = (
    # The oval of the face, from the top of the forehead, clockwise in the picture.
    (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
     152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
    # The lips, outside and inside.
    (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185),
    (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191),
    # The eyes, the person's right one first.
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
    # The brows.
    (46, 53, 52, 65, 55, 107, 66, 105, 63, 70),
    (276, 283, 282, 295, 285, 336, 296, 334, 293, 300),
)  # fmt: skip
_LINE: Final = (255, 255, 255, 190)
_DOT: Final = (255, 255, 255, 110)
_SHADE: Final = (0, 0, 0, 70)
_FINE: Final = 3  # drawn this much larger, then shrunk: Pillow's lines have stairs


def draw_landmarks(canvas: Image.Image, points: NDArray[np.float32], width: float) -> Image.Image:
    """An RGBA picture with the (478, 2) points of one face on it; unchanged where any is NaN.

    Args:
        canvas: RGBA.
        points: (478, 2) x and y in pixels.
        width: of the picture's lines, in pixels.
    """
    if not np.isfinite(points).all():
        return canvas
    margin = math.ceil(width) + 1
    left, top = (max(0, int(v) - margin) for v in points.min(axis=0))
    right = min(canvas.width, int(points[:, 0].max()) + margin + 1)
    bottom = min(canvas.height, int(points[:, 1].max()) + margin + 1)
    if right <= left or bottom <= top:
        return canvas
    fine = Image.new("RGBA", ((right - left) * _FINE, (bottom - top) * _FINE))
    _draw(ImageDraw.Draw(fine), (points - [left, top]) * _FINE, width)
    patch = fine.resize((right - left, bottom - top), Image.Resampling.BOX)
    drawn = canvas.copy()
    drawn.alpha_composite(patch, (left, top))
    return drawn


def _draw(draw: ImageDraw.ImageDraw, points: NDArray[np.float64], width: float) -> None:
    radius = 0.3 * _FINE * width
    for x, y in points:
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_DOT)
    for colour, wide in ((_SHADE, 2.2), (_LINE, 0.9)):
        for loop in _LOOPS:
            closed = [tuple(points[i]) for i in (*loop, loop[0])]
            draw.line(closed, fill=colour, width=max(1, round(wide * width * _FINE / 2)))
