"""The 68 points of iBUG (dlib, OpenFace, py-feat) among our 478.

Read off MediaPipe's mesh by meaning: the same corner of the eye, the same border of the lip. Jaw
and brows are outlines in both, their points lie where each tool's authors drew them. Laid over the
68 points of a face measured by OpenFace, the 51 inner ones lie 0.35 cm apart in the middle, the
outline 1.3 cm (a head whose outer eye corners are 8.9 cm apart). (Sagonas et al. 2016, 300 Faces
In-The-Wild Challenge.)
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

POINTS_68: Final[tuple[int, ...]] = (
    # 0 to 16: the outline, from the person's right ear over the chin to the left ear.
    127, 234, 93, 58, 172, 136, 150, 176, 152, 400, 379, 365, 397, 288, 323, 454, 356,
    # 17 to 26: the brows, right then left, each from the left to the right of the picture.
    70, 63, 105, 66, 107, 336, 296, 334, 293, 300,
    # 27 to 35: the bridge of the nose downwards, then below the nose from the right wing.
    168, 197, 195, 4, 98, 97, 2, 326, 327,
    # 36 to 47: the eyes, each from its corner on the left of the picture, clockwise.
    33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380,
    # 48 to 67: the outer border of the lips from the right corner, clockwise, then the inner one.
    61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181,
    78, 82, 13, 312, 308, 317, 14, 87,
)  # fmt: skip
"""``POINTS_68[i]``: which of our 478 landmarks is iBUG's point i."""


def points_68(landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
    """Landmarks (n, 478, 3) to iBUG's 68 points (n, 68, 2), both in pixels."""
    return np.asarray(landmarks[:, POINTS_68, :2], np.float32)
