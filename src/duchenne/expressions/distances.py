"""How far landmarks lie apart: what the landmark-distance classifier compares.

After Lionello, Bucci, Sampaolo and Cecchetti (poster, IMT School Lucca, Study I): distances between
pairs of landmarks need no alignment. Distances in space do not change when the head turns; over the
distance between the eyes they do not change when it comes nearer.
"""

from __future__ import annotations

from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.faces.faces import LANDMARKS
from duchenne.faces.geometry import LEFT_EYE, RIGHT_EYE

POINTS: Final[tuple[int, ...]] = (
    # Brows, the person's right one first: outer end, middle, inner end.
    70, 105, 107, 336, 334, 300,
    # Eyes: outer corner, upper lid, inner corner, lower lid; then the left one.
    33, 159, 133, 145, 362, 386, 263, 374,
    # Nose: root, tip, right wing, left wing, base.
    168, 4, 98, 327, 2,
    # Lips: corners, upper and lower border, inner borders, the peaks of the upper lip.
    61, 291, 0, 17, 13, 14, 37, 267,
    # Cheeks and chin.
    205, 425, 152,
)  # fmt: skip
"""Landmarks that follow muscles rather than the outline of the head."""

PAIRS: Final[tuple[tuple[int, int], ...]] = tuple(combinations(POINTS, 2))
NAMES: Final[tuple[str, ...]] = tuple(f"distance_{a}_{b}" for a, b in PAIRS)
"""The 435 distances: ``distance_61_291`` is the one between landmarks 61 and 291."""

_FIRST: Final = [POINTS.index(a) for a, _ in PAIRS]
_SECOND: Final = [POINTS.index(b) for _, b in PAIRS]


def distances(landmarks: NDArray[np.float32]) -> NDArray[np.float64]:
    """Distances between all pairs of ``POINTS``.

    Args:
        landmarks: (n, 478, 3) in pixels, z at the scale of x; only ``POINTS`` and the corners of
            the eyes are read.

    Returns:
        (n, 435) float64 in the order of ``NAMES``, in distances between the eyes; NaN where a
        point is.

    Raises:
        ValueError: the landmarks have another shape.
    """
    if landmarks.ndim != 3 or landmarks.shape[1:] != (LANDMARKS, 3):
        raise ValueError(f"Landmarks are (n, {LANDMARKS}, 3), got {landmarks.shape}.")
    wide = landmarks.astype(np.float64)
    eyes = wide[:, [RIGHT_EYE, LEFT_EYE]].mean(axis=2)
    size = np.linalg.norm(eyes[:, 1] - eyes[:, 0], axis=1)
    chosen = wide[:, list(POINTS)]
    apart = np.linalg.norm(chosen[:, _FIRST] - chosen[:, _SECOND], axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = apart / size[:, None]
    return np.where(size[:, None] > 0, relative, np.nan)
