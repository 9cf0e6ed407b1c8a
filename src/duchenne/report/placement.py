"""Where labels go on a picture: inside it, off the faces, off each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle in pixels: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """In pixels."""
        return self.bottom - self.top

    def overlap(self, other: Box) -> float:
        """Common surface in square pixels."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(wide, 0.0) * max(high, 0.0)


def place_label(
    face: Box, size: tuple[float, float], picture: Box, taken: Sequence[Box], gap: float
) -> Box | None:
    """The best free place for a label of (width, height) next to a face.

    Above, below, right, left of the face, in this order, slid along the edge to stay inside the
    picture; where nothing is free, the place that hides least.

    Args:
        face: what the label belongs to.
        size: of the label, in pixels.
        picture: the label stays inside this.
        taken: other faces and labels.
        gap: pixels between face and label.

    Returns:
        The place, or None where the label is larger than the picture.
    """
    width, height = size
    if width > picture.width or height > picture.height:
        return None
    middle = (face.top + face.bottom - height) / 2
    corners = [
        (face.left, face.top - gap - height),
        (face.left, face.bottom + gap),
        (face.right + gap, middle),
        (face.left - gap - width, middle),
        (face.right + gap, face.top),
        (face.left - gap - width, face.top),
    ]
    places = [_inside(Box(x, y, x + width, y + height), picture) for x, y in corners]
    return min(places, key=lambda place: sum(place.overlap(o) for o in (face, *taken)))


def _inside(box: Box, picture: Box) -> Box:
    left = min(max(box.left, picture.left), picture.right - box.width)
    top = min(max(box.top, picture.top), picture.bottom - box.height)
    return Box(left, top, left + box.width, top + box.height)
