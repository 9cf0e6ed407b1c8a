"""One face's measurements out of a recording, frame by frame, as they were seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.names import ACTION_UNITS, PAIRED, SIDES
from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.expressions.lips import LIPS, frontal
from duchenne.expressions.signals import RATE, SMOOTHING_S, Signals, Vector, resample
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.faces import POSE
from duchenne.faces.networks import FaceNetworks
from duchenne.recording.recording import Recording

UNITS: Final[tuple[str, ...]] = tuple(ACTION_UNITS)
SIDED: Final[tuple[str, ...]] = tuple(f"{unit}_{side}_r" for unit in PAIRED for side in SIDES)

_AT_A_TIME: Final = 600
_WANTED: Final = (
    *(f"{unit}_r" for unit in UNITS),
    *SIDED,
    *(f"emotion_{name}" for name in EMOTIONS),
    *(f"pose_{name}" for name in POSE),
    "face_width",
)


@dataclass(frozen=True, eq=False)
class Track:
    """One face over time.

    Attributes:
        face_id: its number in the recording.
        times: (n,) float64, s, rising: the frames in which it was found.
        values: column of the recording to (n,) float64; columns that are not there are missing.
        lips: (n, 3, 2) float64, the points ``LIPS`` seen from the front, in cm of a mean head;
            None where the recording has no landmarks.
    """

    face_id: int
    times: Vector
    values: dict[str, Vector]
    lips: Vector | None = None

    def __len__(self) -> int:
        return len(self.times)

    def cut(self, part: slice) -> Track:
        """The frames of a slice."""
        lips = None if self.lips is None else self.lips[part]
        values = {name: column[part] for name, column in self.values.items()}
        return Track(self.face_id, self.times[part], values, lips)

    def within(self, first: float, last: float) -> Track:
        """The frames from ``first`` to ``last`` (s)."""
        low, high = np.searchsorted(self.times, [first - 1e-6, last + 1e-6])
        return self.cut(slice(int(low), int(high)))

    def signals(self, rate: float = RATE, smoothing: float = SMOOTHING_S) -> Signals:
        """All measurements at a uniform rate; gaps are bridged (``signals.resample``)."""
        return resample(self.times, self.values, rate, smoothing)


def tracks(recording: Recording) -> Iterator[Track]:
    """The faces of a recording, those seen longest first.

    Raises:
        DataError: there are faces, but no Action Unit intensities or no times.
        ModelError: the canonical face, which the landmarks are turned with, cannot be had.
    """
    if not recording.face_ids:
        return
    recording.require(["AU12_r"])
    for face_id in recording.face_ids:
        yield _track(recording, face_id)


def _track(recording: Recording, face_id: int) -> Track:
    # Column by column: a pandas frame of an hour would be held beside all of its copies.
    table = recording.table
    seen = (table["face_id"].to_numpy() == face_id) & (table["success"].to_numpy() == 1)
    places = np.flatnonzero(seen)
    times = table["timestamp"].to_numpy().astype(np.float64)[places]
    if not np.isfinite(times).all():
        raise DataError(
            "This recording has frames without a time: read its table again and give fps."
        )
    # One frame a time: a stalled clock repeats itself, and speeds need time between frames.
    times, first = np.unique(times, return_index=True)
    places = places[first]
    values = {
        name: table[name].to_numpy()[places].astype(np.float64)
        for name in _WANTED
        if name in table.column_names
    }
    lips = _lips(recording, places) if recording.has_landmarks else None
    return Track(face_id, times, values, lips)


def _lips(recording: Recording, places: NDArray[np.intp]) -> NDArray[np.float64]:
    # Some frames at a time: the landmarks of an hour are half a gigabyte.
    parts = np.array_split(places, max(1, len(places) // _AT_A_TIME))
    return np.concatenate(
        [frontal(recording.landmarks_of(part), LIPS, canonical_face())[..., :2] for part in parts]
    )


@lru_cache(maxsize=1)
def canonical_face() -> CanonicalFace:
    """The canonical head of the landmark model.

    Raises:
        ModelError: the model's file cannot be had.
    """
    return CanonicalFace.from_bytes(FaceNetworks().geometry)
