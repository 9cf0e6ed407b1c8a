"""Cuts faces out as the emotion networks know them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from duchenne.faces.geometry import CROP, aligned_crop


def grey_crops(pixels: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The faces of a frame, upright, at one size and grey.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        landmarks: (n, 478, 3) in its pixels, n may be 0.

    Returns:
        (n, 48, 48) uint8.
    """
    crops = np.empty((len(landmarks), CROP, CROP), np.uint8)
    for crop, points in zip(crops, landmarks, strict=True):
        crop[:] = cv2.cvtColor(aligned_crop(pixels, points), cv2.COLOR_RGB2GRAY)
    return crops
