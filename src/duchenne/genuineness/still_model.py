"""Verdicts about one frame: from Action Units, or from landmarks. Weaker evidence than a clip."""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.points import POINTS
from duchenne.errors import DataError
from duchenne.expressions.lips import frontal
from duchenne.expressions.track import UNITS, canonical_face
from duchenne.genuineness.clip_model import KernelModel
from duchenne.genuineness.options import INSTEAD
from duchenne.recording.recording import Recording

From = Literal["aus", "landmarks"]

STILL_MODELS: Final[dict[From, str]] = {
    "aus": "genuineness_aus",
    "landmarks": "genuineness_landmarks",
}

UNIT_INPUTS: Final[tuple[str, ...]] = tuple(f"{unit}_r" for unit in UNITS)
"""Intensities, 0 to 5, of the Action Units of the whole face."""

LANDMARK_POINTS: Final[tuple[int, ...]] = tuple(POINTS)
LANDMARK_INPUTS: Final[tuple[str, ...]] = tuple(
    f"{axis}_{point}" for point in LANDMARK_POINTS for axis in "xyz"
)
"""Places of the landmarks in cm of a mean head; head pose, place and size are removed."""


class StillModel(KernelModel):
    """The shipped model of one frame.

    Args:
        look: ``aus`` or ``landmarks``.

    Raises:
        DataError: something else is asked for.
        ModelError: the weights are missing, or not those their card describes.
    """

    def __init__(self, look: From = "aus") -> None:
        if look not in get_args(From):
            raise DataError(f"A frame is judged from aus or from landmarks, not from {look}.")
        super().__init__(STILL_MODELS[look])
        self.look = look

    def inputs_of(self, recording: Recording, row: int) -> NDArray[np.float64]:
        """(inputs,) of one row of a recording, in the order of ``names``.

        Raises:
            DataError: the recording lacks Action Units, or landmarks.
            ModelError: the canonical face, which landmarks are turned with, cannot be had.
        """
        return (
            unit_inputs(recording, row) if self.look == "aus" else landmark_inputs(recording, row)
        )


def unit_inputs(recording: Recording, row: int) -> NDArray[np.float64]:
    """(units,) intensities in one row; NaN where a unit was not measured.

    Raises:
        DataError: no Action Unit was measured.
    """
    recording.require(["AU12_r"])
    found: Any = recording.to_frame().iloc[row].reindex(list(UNIT_INPUTS))
    return np.asarray(found.to_numpy(np.float64), np.float64)


def landmark_inputs(recording: Recording, row: int) -> NDArray[np.float64]:
    """(687,) places of the landmarks in one row.

    Raises:
        DataError: the recording holds no landmarks.
        ModelError: the canonical face cannot be had.
    """
    if not recording.has_landmarks:
        raise DataError(
            f"This recording holds no landmarks: judge with {INSTEAD}, from Action Units."
        )
    points = recording.landmarks_of(np.array([row]))
    return frontal(points, LANDMARK_POINTS, canonical_face()).reshape(-1)
