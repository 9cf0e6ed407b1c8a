"""The camera's picture with what was found in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pygame
from numpy.typing import NDArray

from duchenne.action_units.points import POINTS
from duchenne.app.live.canvas import INK, Canvas
from duchenne.app.memory import Look
from duchenne.emotion.labels import EMOTIONS
from duchenne.notebook.colours import EMOTION_COLOURS
from duchenne.report.words import percent

_POINTS: Final = list(POINTS)
_DOT: Final = (255, 255, 255, 120)


@dataclass(frozen=True)
class Fit:
    """Where a picture lies in the window.

    Attributes:
        x: left edge, pixels of the window.
        y: upper edge.
        width: of the picture in the window.
        height: of it.
        scale: pixels of the window for one of the picture.
        mirrored: left and right are exchanged.
    """

    x: float
    y: float
    width: float
    height: float
    scale: float
    mirrored: bool

    @classmethod
    def of(
        cls, picture: tuple[int, int], place: tuple[float, float, float, float], mirrored: bool
    ) -> Fit:
        """As large as it can be in the middle of a place (x, y, width, height)."""
        scale = min(place[2] / picture[0], place[3] / picture[1])
        width, height = picture[0] * scale, picture[1] * scale
        x = place[0] + (place[2] - width) / 2
        y = place[1] + (place[3] - height) / 2
        return cls(x, y, width, height, scale, mirrored)

    def points(self, points: NDArray[np.float32]) -> NDArray[np.float64]:
        """Points (n, 2) of the picture in the window."""
        moved = points.astype(np.float64) * self.scale
        if self.mirrored:
            moved[:, 0] = self.width - moved[:, 0]
        return np.asarray(moved + np.array([self.x, self.y]))

    def box(self, box: NDArray[np.float32]) -> tuple[float, float, float, float]:
        """A box (x, y, width, height) of the picture in the window."""
        corners = self.points(np.array([box[:2], box[:2] + box[2:]]))
        low, high = corners.min(axis=0), corners.max(axis=0)
        return float(low[0]), float(low[1]), *(high - low).tolist()


def draw_picture(
    canvas: Canvas,
    look: Look,
    emotions: NDArray[np.float32],
    place: tuple[float, float, float, float],
    mirrored: bool,
) -> None:
    """The picture as large as it fits, with a box, points and words for each face."""
    frame = look.frame
    fit = Fit.of((frame.width, frame.height), place, mirrored)
    canvas.surface.blit(_scaled(frame.pixels, fit), (round(fit.x), round(fit.y)))
    area = pygame.Rect(round(fit.x), round(fit.y), round(fit.width), round(fit.height))
    canvas.surface.set_clip(area)
    for points in look.faces.landmarks:
        _dots(canvas.surface, fit.points(points[_POINTS, :2]), area)
    for box, face_id, row in zip(look.faces.boxes, look.faces.track_ids, emotions, strict=True):
        _face(canvas, fit.box(box), int(face_id), row)
    canvas.surface.set_clip(None)


def _scaled(pixels: NDArray[np.uint8], fit: Fit) -> Any:
    height, width = pixels.shape[:2]
    content = np.ascontiguousarray(pixels).tobytes()
    picture = pygame.image.frombuffer(content, (width, height), "RGB")
    scaled = pygame.transform.smoothscale(picture, (round(fit.width), round(fit.height)))
    return pygame.transform.flip(scaled, True, False) if fit.mirrored else scaled


def _dots(surface: Any, points: NDArray[np.float64], area: Any) -> None:
    layer = pygame.Surface(area.size, pygame.SRCALPHA)
    # Points of a small face would be a white patch.
    radius = 1 if np.ptp(points[:, 0]) > 150 else 0
    for x, y in points - area.topleft:
        if radius:
            pygame.draw.circle(layer, _DOT, (round(x), round(y)), radius)
        elif 0 <= x < area.width and 0 <= y < area.height:
            layer.set_at((int(x), int(y)), _DOT)
    surface.blit(layer, area.topleft)


def _face(
    canvas: Canvas,
    box: tuple[float, float, float, float],
    face_id: int,
    emotions: NDArray[np.float32],
) -> None:
    best = int(np.argmax(emotions))
    colour = EMOTION_COLOURS[EMOTIONS[best]]
    canvas.outline((box[0] - 1, box[1] - 1, box[2] + 2, box[3] + 2), "#000000", thick=1)
    canvas.outline(box, colour, thick=2)
    words = f"{face_id}  {EMOTIONS[best]} {percent(float(emotions[best]))}"
    width = canvas.length(words, scale=0.95) + 1.6 * canvas.size
    height = canvas.line
    clip = canvas.surface.get_clip()
    x = min(max(box[0], clip.left + 2), clip.right - width - 2)
    y = box[1] - height - 4
    if y < clip.top + 2:
        y = min(box[1] + box[3] + 4, clip.bottom - height - 2)
    canvas.veil((x, y, width, height), 215, radius=height / 4)
    canvas.dot((x + 0.65 * canvas.size, y + height / 2), 0.28 * canvas.size, colour)
    canvas.text(words, (x + 1.2 * canvas.size, y + height / 2), INK, scale=0.95)
