"""Intensities of Action Units from 0 to 5: raw readings, freed of the face at rest.

An intensity is ``5 x (reading - reading at rest)``, cut off at 0 and 5. Where nothing is known
about the person, rest is the middle of many relaxed faces; ``duchenne.action_units.neutral`` finds
or takes a person's own. The whole face is the mean of its two sides; AU43 is AU45 of the eye that
is less closed, because a wink closes one. FACS meanings: Ekman, Friesen and Hager 2002.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.names import ACTION_UNITS, INTENSITIES, PAIRED, SIDES
from duchenne.action_units.neutral import Neutral
from duchenne.action_units.readings import readings
from duchenne.action_units.recipes import READINGS

STRONGEST: Final = 5.0


def intensities(
    canonical: NDArray[np.float32],
    blendshapes: NDArray[np.float32],
    neutral: Neutral | None = None,
) -> NDArray[np.float32]:
    """Intensities of the Action Units of faces.

    Args:
        canonical: (n, 478, 3) landmarks on the canonical face, in cm
            (``duchenne.faces.geometry.to_canonical``).
        blendshapes: (n, 52) scores from 0 to 1.
        neutral: the person's face at rest; by default the middle of many relaxed faces.

    Returns:
        (n, 45) float32 from 0 to 5, in the order of ``INTENSITIES``; NaN where the input is.

    Raises:
        ModelError: the weights are missing, or not those their card describes.
        ValueError: the arrays do not have these shapes.
    """
    return to_intensities(readings(canonical, blendshapes), neutral)


def to_intensities(raw: NDArray[np.float32], neutral: Neutral | None = None) -> NDArray[np.float32]:
    """Raw readings (n, 31) to intensities (n, 45)."""
    rest = (neutral or Neutral.of_many()).readings
    change = (raw - rest).astype(np.float64)
    moved = change @ _WHOLE
    moved[:, _CLOSED] = change[:, _LIDS].min(axis=1)
    return np.asarray(np.clip(moved, 0.0, 1.0) * STRONGEST, np.float32)


def _shares() -> NDArray[np.float64]:
    """(31, 45): which readings an intensity is the mean of."""
    shares = np.zeros((len(READINGS), len(INTENSITIES)))
    for column, name in enumerate(INTENSITIES):
        reading = name.removesuffix("_r")
        parts = [f"{reading}_{side}" for side in SIDES] if reading in PAIRED else [reading]
        for part in parts:
            if part in READINGS:
                shares[READINGS.index(part), column] = 1 / len(parts)
    return shares


_WHOLE: Final = _shares()
_CLOSED: Final = list(ACTION_UNITS).index("AU43")
_LIDS: Final = [READINGS.index(f"AU45_{side}") for side in SIDES]
