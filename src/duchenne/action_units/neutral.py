"""A person's own neutral face, against which their movements are read.

Given as a picture, or found among the frames of a recording: the median of the readings over its
least active frames. The median of a person who never rests is no neutral face, so it may differ
from the middle of many relaxed faces by no more than relaxed faces do (the 95th percentile); what
goes beyond stays in the intensities. It is taken from the whole of a recording, after all its
frames are read, and so does not depend on how the run was cut or broken off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.readings import UnitWeights, unit_weights
from duchenne.action_units.recipes import READINGS

# The quieter half: a shorter list would follow one moment of the recording.
_QUIETEST: Final = 0.5
_FEWEST: Final = 5
# Beyond this many degrees the readings themselves are doubtful.
_FAR: Final = 20.0


@dataclass(frozen=True, eq=False)
class Neutral:
    """Readings of a face at rest.

    Attributes:
        readings: (31,) float32 in the order of ``READINGS``.
    """

    readings: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.readings.shape != (len(READINGS),):
            raise ValueError(f"A neutral face is {(len(READINGS),)}, got {self.readings.shape}.")

    @classmethod
    def of_many(cls) -> Neutral:
        """The middle of many relaxed faces, for people of whom nothing is known."""
        return cls(np.zeros(len(READINGS), np.float32))

    @classmethod
    def from_readings(
        cls, readings: NDArray[np.float32], weights: UnitWeights | None = None
    ) -> Neutral:
        """From readings (n, 31) of a face at rest, for example of one picture.

        What lies further from the middle of relaxed faces than they do is not taken for rest.
        Without a known row it is ``of_many``.
        """
        known = readings[np.isfinite(readings).all(axis=1)]
        if not len(known):
            return cls.of_many()
        spread = (weights or unit_weights()).spread
        return cls(np.clip(np.median(known, axis=0), -spread, spread).astype(np.float32))


def quiet_frames(readings: NDArray[np.float32], turned: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which frames of one face are its least active ones.

    Args:
        readings: (n, 31) raw readings.
        turned: (n,) degrees by which the head is turned away from the camera.

    Returns:
        (n,) half of the frames with a face, the frontal ones first; none below five frames,
        because a handful of them may all belong to one expression.
    """
    known = np.isfinite(readings).all(axis=1) & np.isfinite(turned)
    frontal = known & (turned <= _FAR)
    if frontal.sum() >= _FEWEST:
        known = frontal
    quiet = np.zeros(len(readings), bool)
    if known.sum() < _FEWEST:
        return quiet
    # Movement away from the face's own middle and from everyone's: a held smile counts as active.
    activity = np.abs(np.clip(readings, 0.0, 1.0)).sum(axis=1)
    places = np.flatnonzero(known)
    count = max(_FEWEST, round(_QUIETEST * len(places)))
    quiet[places[np.argsort(activity[places], kind="stable")[:count]]] = True
    return quiet
