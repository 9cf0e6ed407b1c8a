"""The canonical head from the front, laid out in a drawing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.faces import LANDMARKS
from duchenne.faces.geometry import LEFT_EYE, RIGHT_EYE

_IRISES = ((468, RIGHT_EYE), (473, LEFT_EYE))


def head_points(
    face: CanonicalFace, width: float, height: float, margin: float
) -> NDArray[np.float64]:
    """Where each landmark lies in a drawing, the person's right on the left.

    The irises, which have no place on the canonical head, lie in the middle of their eyes.

    Args:
        face: the head.
        width: of the drawing, in its units.
        height: of the drawing.
        margin: around the head; it fills what is left, one way or the other.

    Returns:
        (478, 2) places, y downwards.
    """
    points = np.empty((LANDMARKS, 2))
    points[: len(face.points)] = face.points[:, :2] * [1.0, -1.0]
    for place, corners in _IRISES:
        points[place : place + 5] = points[list(corners)].mean(axis=0)
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.array([width, height])
    scale = float(((size - 2 * margin) / (high - low)).min())
    return np.asarray((points - (low + high) / 2) * scale + size / 2)
