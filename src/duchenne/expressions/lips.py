"""The lips seen from the front: how far their corners move away from the middle of the mouth."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.pose import procrustes

LIPS: Final[tuple[int, ...]] = (61, 291, 13)
"""Landmarks of the right and the left corner of the lips (the person's own) and of the middle of
the inner upper lip: points 48, 54 and 62 of the 68-point scheme."""

Points = NDArray[np.float64]


def frontal(landmarks: NDArray[np.float32], points: tuple[int, ...], face: CanonicalFace) -> Points:
    """Some landmarks of each frame with head pose, place and size removed.

    As ``duchenne.faces.geometry.to_canonical``, but only the 33 anchors and ``points`` need to be
    known, so that tables with fewer landmarks will do.

    Args:
        landmarks: (n, 478, 3) in pixels, x right, y down, z away from the camera.
        points: which of them to return.
        face: the canonical head.

    Returns:
        (n, len(points), 3) float64 in cm of a mean head, x to the right of the picture, y up, z
        towards the camera; NaN where an anchor or the point is.
    """
    model = face.points[face.anchors]
    found = np.full((len(landmarks), len(points), 3), np.nan)
    for row, frame in zip(found, landmarks, strict=True):
        upright = frame.astype(np.float64) * [1.0, -1.0, -1.0]
        anchors = upright[face.anchors]
        if np.isfinite(anchors).all():
            scale, rotation, offset = procrustes(anchors, model, face.weights)
            row[:] = scale * upright[list(points)] @ rotation.T + offset
    return found


def corner_signals(lips: Points) -> dict[str, Points]:
    """The lip signal D and those of both corners (Dibeklioglu, Salah and Gevers 2012, eq. 1).

    D(t) = (|c0 - r(t)| + |c0 - l(t)|) / (2 |r(0) - l(0)|), where r and l are the corners and c0 is
    the middle of the inner upper lip in the first frame.

    Args:
        lips: (n, 3, 2) right corner, left corner, middle, from the front, in any one unit.

    Returns:
        ``both``, ``right``, ``left``: (n,) in widths of the mouth in the first frame; about 0.5
        at rest. ``right`` and ``left`` are |c0 - r(t)| and |c0 - l(t)| over that width, so that
        their mean is D.
    """
    centre = lips[0, 2]
    width = np.linalg.norm(lips[0, 0] - lips[0, 1])
    right, left = (np.linalg.norm(lips[:, i] - centre, axis=1) / width for i in (0, 1))
    return {"both": (right + left) / 2, "right": right, "left": left}
