"""From landmarks and blendshapes to raw readings of the muscles' movements: one linear map.

A reading is a share of a movement's reach, not yet freed of what the person's face looks like at
rest: 0 stands for the middle of many relaxed faces and 1 for the strongest movement, and both can
be passed. ``intensities`` takes the rest away and brings it to FACS' scale. Because the map is
linear, a neutral face is just another set of readings to subtract.

How the map was made stands in ``recipes`` and in the card of the weights (``action_units.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.points import POINTS
from duchenne.action_units.recipes import READINGS
from duchenne.faces.blendshapes import BLENDSHAPES
from duchenne.faces.faces import LANDMARKS
from duchenne.weights.card import load_card

FEATURES = 3 * len(POINTS) + len(BLENDSHAPES)

_POINTS = np.array(POINTS)


@dataclass(frozen=True, eq=False)
class UnitWeights:
    """The linear map and what is known of faces at rest.

    Attributes:
        map: (features, readings) float32.
        offset: (readings,) float32; brings the median of relaxed faces to 0.
        spread: (readings,) float32, how far relaxed faces lie from 0 (their 95th percentile):
            a neutral face further off is not believed to be neutral.
    """

    map: NDArray[np.float32]
    offset: NDArray[np.float32]
    spread: NDArray[np.float32]

    def __post_init__(self) -> None:
        for name, shape in (
            ("map", (FEATURES, len(READINGS))),
            ("offset", (len(READINGS),)),
            ("spread", (len(READINGS),)),
        ):
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} should be {shape}, got {getattr(self, name).shape}.")


@cache
def unit_weights() -> UnitWeights:
    """The shipped weights, read and verified once.

    Raises:
        ModelError: the file is missing, or not the one its card describes.
    """
    with np.load(load_card("action_units").path, allow_pickle=False) as file:
        return UnitWeights(file["map"], file["offset"], file["spread"])


def readings(
    canonical: NDArray[np.float32],
    blendshapes: NDArray[np.float32],
    weights: UnitWeights | None = None,
) -> NDArray[np.float32]:
    """Raw readings of faces.

    Args:
        canonical: (n, 478, 3) landmarks on the canonical face, in cm
            (``duchenne.faces.geometry.to_canonical``).
        blendshapes: (n, 52) scores from 0 to 1.
        weights: other than the shipped ones.

    Returns:
        (n, 31) float32 in the order of ``READINGS``, about 0 at rest and 1 at the strongest;
        NaN where the input is.

    Raises:
        ValueError: the arrays do not have these shapes.
    """
    if canonical.shape[1:] != (LANDMARKS, 3) or blendshapes.shape != (
        len(canonical),
        len(BLENDSHAPES),
    ):
        raise ValueError(
            "Action Units need landmarks (n, 478, 3) and blendshapes (n, 52), "
            f"got {canonical.shape} and {blendshapes.shape}."
        )
    features = features_of(canonical[:, _POINTS], blendshapes)
    return read_features(features, weights or unit_weights())


def features_of(
    points: NDArray[np.float32], blendshapes: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The points of ``POINTS`` (n, 219, 3) and blendshapes (n, 52), side by side: (n, 709)."""
    flat = points.reshape(len(points), 3 * len(POINTS))
    return np.concatenate([flat, blendshapes], axis=1, dtype=np.float32)


def read_features(features: NDArray[np.float32], weights: UnitWeights) -> NDArray[np.float32]:
    """Features (n, 709) to raw readings (n, 31)."""
    # In double precision, so that the sums do not depend on how many faces are read at once.
    summed = features.astype(np.float64) @ weights.map.astype(np.float64) + weights.offset
    return np.asarray(summed, np.float32)
