"""Where a face lies in a frame: turned squares, and the crops that networks see of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

# MediaPipe crops half as much again as the box, so that chin and forehead stay inside.
CROP_SCALE: Final = 1.5
_RIGHT_EYE_CORNER, _LEFT_EYE_CORNER = 33, 263


@dataclass(frozen=True)
class Region:
    """A turned square.

    Attributes:
        x: centre in pixels.
        y: centre in pixels, downwards.
        size: side in pixels.
        angle: radians from the picture's x axis to the line of the eyes, y downwards.
    """

    x: float
    y: float
    size: float
    angle: float

    @classmethod
    def from_box(cls, box: NDArray[np.float32], eyes: NDArray[np.float32]) -> Region:
        """Around a detected box (x, y, width, height) with the two eyes' points (2, 2)."""
        x, y, width, height = (float(v) for v in box)
        size = max(width, height) * CROP_SCALE
        return cls(x + width / 2, y + height / 2, size, _tilt(eyes[0], eyes[1]))

    @classmethod
    def from_landmarks(cls, landmarks: NDArray[np.float32]) -> Region:
        """Around the landmarks (478, 3) of a face, level with its eyes."""
        low, high = span_of(landmarks)
        centre = (low + high) / 2
        size = float((high - low).max()) * CROP_SCALE
        angle = _tilt(landmarks[_RIGHT_EYE_CORNER], landmarks[_LEFT_EYE_CORNER])
        return cls(float(centre[0]), float(centre[1]), size, angle)

    def to_frame(self, side: int) -> NDArray[np.float64]:
        """(2, 3) matrix from pixels of a crop of that side to pixels of the frame."""
        scale = self.size / side
        cos, sin = np.cos(self.angle) * scale, np.sin(self.angle) * scale
        half = side / 2
        return np.array(
            [
                [cos, -sin, self.x - cos * half + sin * half],
                [sin, cos, self.y - sin * half - cos * half],
            ]
        )

    def crop(self, pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
        """(side, side, 3) of the frame; beyond its border the border's pixels repeat."""
        crop: NDArray[np.uint8] = cv2.warpAffine(  # type: ignore[assignment]
            pixels,
            on_pixel_centres(self.to_frame(side)),
            (side, side),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return crop

    def landmarks_to_frame(self, points: NDArray[np.float32], side: int) -> NDArray[np.float32]:
        """Points (478, 3) of the crop to pixels of the frame; z takes the same scale."""
        matrix = self.to_frame(side)
        placed = np.empty_like(points)
        placed[:, :2] = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
        placed[:, 2] = points[:, 2] * (self.size / side)
        return placed


def span_of(landmarks: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lowest and highest x and y, (2,) each, of landmarks (478, 3)."""
    # Row by row in memory: five times faster than down two of three columns.
    plane = np.ascontiguousarray(landmarks[:, :2].T)
    return plane.min(axis=1), plane.max(axis=1)


def _tilt(right: NDArray[np.float32], left: NDArray[np.float32]) -> float:
    return float(np.arctan2(left[1] - right[1], left[0] - right[0]))


def on_pixel_centres(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same (2, 3) matrix for OpenCV, which counts from the first pixel's centre, not corner."""
    # Plain numbers: six of them cost less so than the detour over whole arrays.
    (a, b, x), (c, d, y) = matrix.tolist()
    return np.array([[a, b, x + (a + b) / 2 - 0.5], [c, d, y + (c + d) / 2 - 0.5]])


def iou(boxes: NDArray[np.float32], box: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of boxes (n, 4) with one box (4,), as x, y, width, height."""
    low = np.maximum(boxes[:, :2], box[:2])
    high = np.minimum(boxes[:, :2] + boxes[:, 2:], box[:2] + box[2:])
    common = np.clip(high - low, 0, None).prod(axis=1)
    union = boxes[:, 2:].prod(axis=1) + box[2:].prod() - common
    return np.asarray(common / np.maximum(union, 1e-9), np.float32)
