"""Head pose: the turn and place of the canonical head that explain the landmarks.

The perspective fit follows the published design of MediaPipe's face geometry module: a pinhole
camera with a vertical field of view of 63 degrees, and a weighted orthogonal Procrustes fit
(Kabsch 1976, Umeyama 1991) of the 33 anchor points, run three times because depth and scale
depend on each other.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.faces.canonical import CanonicalFace

_VERTICAL_FIELD: Final = np.radians(63.0)
_MESH: Final = 468

Vector = NDArray[np.float64]


class PoseSolver:
    """Solves pose for frames of one size.

    Args:
        face: the canonical head.
        width: of the frames, in pixels.
        height: of the frames, in pixels.
    """

    def __init__(self, face: CanonicalFace, width: int, height: int) -> None:
        self._anchors = face.anchors
        self._model = face.points[face.anchors]
        self._weights = face.weights
        # At distance 1 the camera sees this much; both axes share one scale per pixel.
        self._unit = 2.0 * np.tan(_VERTICAL_FIELD / 2.0) / height
        self._centre = np.array([width / 2.0, height / 2.0])

    def solve(self, landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        """Landmarks (..., 478, 3) in pixels to (..., 6) pose.

        That is pitch, yaw, roll in degrees, then tx, ty, tz in cm. Each face's numbers are the
        same to the last bit however many are solved at once.
        """
        screen = np.empty((*landmarks.shape[:-2], len(self._anchors), 3))
        points = landmarks[..., self._anchors, :]
        screen[..., :2] = (points[..., :2] - self._centre) * [self._unit, -self._unit]
        screen[..., 2] = points[..., 2] * self._unit
        depth = landmarks[..., :_MESH, 2].mean(axis=-1, dtype=np.float64) * self._unit
        scale = procrustes_all(self._model, screen * [1.0, 1.0, -1.0], self._weights)[0]
        metric = _unproject(screen, depth, scale)
        scale = scale * procrustes_all(self._model, metric, self._weights)[0]
        metric = _unproject(screen, depth, scale)
        _, rotation, offset = procrustes_all(self._model, metric, self._weights)
        return np.concatenate([euler_degrees(rotation), offset], axis=-1).astype(np.float32)


def _unproject(points: Vector, depth: Vector, scale: Vector) -> Vector:
    """Screen points (..., n, 3) to space: x right, y up, z towards the camera."""
    away = (points[..., 2] - depth[..., None] + 1.0) / scale[..., None]
    return np.stack([points[..., 0] * away, points[..., 1] * away, -away], axis=-1)


def procrustes(source: Vector, target: Vector, weights: Vector) -> tuple[float, Vector, Vector]:
    """Scale s, rotation R (3, 3) and offset t that bring s R source + t closest to target.

    Weighted least squares over (n, 3) points; reflections are excluded (Umeyama 1991, eq. 40-43).
    """
    scale, rotation, offset = procrustes_all(source, target, weights)
    return float(scale), rotation, offset


def procrustes_all(source: Vector, target: Vector, weights: Vector) -> tuple[Vector, ...]:
    """``procrustes`` of (..., n, 3) points: scales (...), rotations (..., 3, 3), offsets (..., 3).

    Either of the two may lack the leading axes. What comes out for one set of points does not
    depend on the others.
    """
    share = weights / weights.sum()
    from_centre, to_centre = share @ source, share @ target
    centred = source - from_centre[..., None, :]
    aimed = np.swapaxes(target - to_centre[..., None, :], -1, -2)
    u, values, vt = np.linalg.svd(aimed @ (centred * share[:, None]))
    sign = np.ones_like(values)
    sign[..., 2] = np.sign(np.linalg.det(u @ vt))
    rotation = (u * sign[..., None, :]) @ vt
    spread = (centred**2).sum(axis=-1) @ share
    scale = (values * sign).sum(axis=-1) / spread
    moved = (rotation @ from_centre[..., None])[..., 0]
    return scale, rotation, to_centre - scale[..., None] * moved


def euler_degrees(rotation: Vector) -> Vector:
    """Pitch, yaw, roll in degrees, (..., 3), of R = Rz(roll) Ry(yaw) Rx(pitch), (..., 3, 3)."""
    pitch = np.arctan2(rotation[..., 2, 1], rotation[..., 2, 2])
    yaw = np.arcsin(np.clip(-rotation[..., 2, 0], -1.0, 1.0))
    roll = np.arctan2(rotation[..., 1, 0], rotation[..., 0, 0])
    return np.asarray(np.degrees(np.stack([pitch, yaw, roll], axis=-1)), np.float64)


def rotation_matrix(pitch: float, yaw: float, roll: float) -> Vector:
    """The inverse of ``euler_degrees``: angles in degrees to R = Rz Ry Rx (3, 3)."""
    (cx, cy, cz), (sx, sy, sz) = np.cos(a := np.radians([pitch, yaw, roll])), np.sin(a)
    rx = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    ry = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    rz = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return np.asarray(rz @ ry @ rx, np.float64)
