"""Faces without their place, size and head pose: the canonical frame, and aligned crops."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.pose import procrustes_all
from duchenne.faces.regions import on_pixel_centres

CROP: Final = 48

EYES_IN_CROP: Final[NDArray[np.float64]] = np.array([[15.21, 18.99], [32.67, 18.99]])
"""Where the eyes lie in a 48 x 48 crop, the person's right eye first: the medians over FER-2013's
Training pictures, levelled (``benchmarks/fer2013_alignment.py``)."""

# The corners of each eye: steadier than the iris, which follows the gaze.
RIGHT_EYE: Final = (33, 133)
LEFT_EYE: Final = (362, 263)

_LARGEST_OVERSAMPLING: Final = 8
# Faces placed at once: as fast as all of them, and memory stays flat over an hour of video.
_AT_ONCE: Final = 128


def eye_centres(landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
    """Middles of the right and the left eye: landmarks (..., 478, 3) to (..., 2, 3)."""
    corners = landmarks[..., [RIGHT_EYE, LEFT_EYE], :]
    return np.asarray(corners.mean(axis=-2), np.float32)


def interocular(landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
    """Distance between the eyes in three dimensions, (...,): a turned head does not shrink it."""
    eyes = eye_centres(landmarks)
    return np.asarray(np.linalg.norm(eyes[..., 1, :] - eyes[..., 0, :], axis=-1), np.float32)


def to_canonical(landmarks: NDArray[np.float32], face: CanonicalFace) -> NDArray[np.float32]:
    """Landmarks with head pose, place and size removed.

    Each face is turned, moved and scaled onto the canonical head by its 33 anchor points
    (weighted Procrustes under weak perspective), so that what is left is identity and expression.

    Args:
        landmarks: (n, 478, 3) or (478, 3) in pixels, x right, y down, z away from the camera.
        face: the canonical head.

    Returns:
        The same shape, in centimetres of a mean head: x to the right of the picture, y up,
        z towards the camera. Rows of NaN stay NaN.
    """
    flat = landmarks.reshape(-1, *landmarks.shape[-2:])
    placed = np.full(flat.shape, np.nan, np.float32)
    known = np.flatnonzero(np.isfinite(flat).all(axis=(-2, -1)))
    for begin in range(0, len(known), _AT_ONCE):
        mine = known[begin : begin + _AT_ONCE]
        placed[mine] = _placed(flat[mine], face)
    return placed.reshape(landmarks.shape)


def _placed(landmarks: NDArray[np.float32], face: CanonicalFace) -> NDArray[np.float64]:
    upright = landmarks.astype(np.float64) * [1.0, -1.0, -1.0]
    scale, rotation, offset = procrustes_all(
        upright[:, face.anchors], face.points[face.anchors], face.weights
    )
    turned = upright @ np.swapaxes(rotation, -1, -2)
    return np.asarray(scale[:, None, None] * turned + offset[:, None], np.float64)


def aligned_crop(
    pixels: NDArray[np.uint8],
    landmarks: NDArray[np.float32],
    side: int = CROP,
    eyes: NDArray[np.float64] = EYES_IN_CROP,
) -> NDArray[np.uint8]:
    """A face cut out upright and at one size, as the emotion networks know it.

    The middle between the eyes lands on the middle of ``eyes``, level; the scale makes their
    distance in three dimensions that of ``eyes``, so that a turned face keeps its size.

    Args:
        pixels: (H, W, 3) RGB.
        landmarks: (478, 3) in its pixels.
        side: of the crop, in pixels.
        eyes: (2, 2) goal of the right and the left eye in a crop of 48 pixels.

    Returns:
        (side, side, 3) uint8 RGB; beyond the frame its border repeats.
    """
    matrix = _alignment(landmarks, eyes * (side / CROP))
    # A plain warp skips most pixels of a large face; warp finer, then average down.
    finer = int(np.clip(round(1 / _scale(matrix)), 1, _LARGEST_OVERSAMPLING))
    matrix = matrix * finer
    large = cv2.warpAffine(
        pixels,
        on_pixel_centres(matrix),
        (side * finer, side * finer),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    if finer == 1:
        return np.asarray(large, np.uint8)
    return np.asarray(cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def _alignment(landmarks: NDArray[np.float32], goal: NDArray[np.float64]) -> NDArray[np.float64]:
    """(2, 3) matrix from the frame's pixels to the crop's."""
    right, left = eye_centres(landmarks).astype(np.float64)
    angle = np.arctan2(left[1] - right[1], left[0] - right[0])
    scale = np.linalg.norm(goal[1] - goal[0]) / max(float(np.linalg.norm(left - right)), 1e-6)
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    turn = np.array([[cos, sin], [-sin, cos]])
    offset = goal.mean(axis=0) - turn @ ((right + left) / 2)[:2]
    return np.column_stack([turn, offset])


def _scale(matrix: NDArray[np.float64]) -> float:
    return float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
