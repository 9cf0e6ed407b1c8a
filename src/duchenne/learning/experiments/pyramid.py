"""Spatial pyramid pooling of deep features, for a support vector machine (SYSTEMS S10).

He et al. 2015 (Spatial pyramid pooling in deep convolutional networks, IEEE TPAMI 37), as an entry
to EmotiW 2016 used it for video emotion: faces, histogram equalisation, a pretrained network's
features, pooling in bins of several sizes, a support vector machine.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from duchenne.evaluation.video_sets.crop_set import CropSet

LEVELS: Final = (1, 2)
"""Bins along each side; the maps of our compact network are 2 x 2."""


def equalised(crops: CropSet) -> CropSet:
    """The crops with their histograms equalised, each by itself."""
    pixels = np.stack([cv2.equalizeHist(crop) for crop in crops.pixels]).astype(np.uint8)
    return replace(crops, pixels=pixels)


def pooled(maps: NDArray[np.float32], levels: tuple[int, ...] = LEVELS) -> NDArray[np.float32]:
    """The highest value in each bin of each level.

    Args:
        maps: (n, d, h, w).
        levels: bins along each side.

    Returns:
        (n, d * sum of squared levels) float32, whatever h and w are.
    """
    parts = []
    for level in levels:
        for top, bottom in _edges(maps.shape[2], level):
            for left, right in _edges(maps.shape[3], level):
                parts.append(maps[:, :, top:bottom, left:right].max(axis=(2, 3)))
    return np.concatenate(parts, axis=1)


def _edges(size: int, bins: int) -> list[tuple[int, int]]:
    """Bins that cover all of it, overlapping where it does not divide."""
    return [(i * size // bins, -(-(i + 1) * size // bins)) for i in range(bins)]
