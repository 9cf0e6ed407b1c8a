"""What a recorded face offers to be compared: Action Units, emotions, vertices, distances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.action_units.names import ACTION_UNITS
from duchenne.errors import DataError
from duchenne.expressions import distances
from duchenne.expressions.track import canonical_face
from duchenne.faces.faces import LANDMARKS
from duchenne.faces.geometry import to_canonical
from duchenne.recording.columns import SCALARS, names_starting
from duchenne.recording.recording import Recording
from duchenne.synchrony.alignment import Series

Values = NDArray[np.float64]

GROUPS: Final[dict[str, str]] = {
    "aus": "the Action Unit intensities of the whole face",
    "emotions": "the seven emotion probabilities",
    "blendshapes": "the 52 blendshape scores",
    "pose": "head pose",
    "vertices": "how far each of the 478 landmarks lies from its usual place, head pose removed",
    "distances": "435 distances between landmarks",
}
VERTICES: Final[tuple[str, ...]] = tuple(f"vertex_{i}" for i in range(LANDMARKS))

_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "aus": tuple(f"{unit}_r" for unit in ACTION_UNITS),
    "emotions": tuple(names_starting("emotion_")),
    "blendshapes": tuple(names_starting("bs_")),
    "pose": tuple(names_starting("pose_")),
}
_LOCATION: Final = ("frame", "timestamp", "face_id", "confidence", "success")


def read_faces(
    recordings: Mapping[str, Recording], features: str, faces: Mapping[str, int] | None = None
) -> tuple[list[Series], tuple[str, ...]]:
    """One face of each recording.

    Args:
        recordings: by person.
        features: a group (``GROUPS``), or columns of a recording with commas between.
        faces: person to the face's number; else the one seen longest.

    Returns:
        A series a person, and the names of its columns.

    Raises:
        DataError: a recording has no face, no such face or no such features.
        ModelError: the canonical head, which vertices are laid onto, cannot be had.
    """
    chosen = faces or {}
    unknown = [name for name in chosen if name not in recordings]
    if unknown:
        raise DataError(f"There is a face of {unknown[0]}, who is not among the recordings.")
    series = [
        read_face(person, recording, features, chosen.get(person))
        for person, recording in recordings.items()
    ]
    return series, feature_names(features)


def feature_names(features: str) -> tuple[str, ...]:
    """The features of a group, or of columns with commas between.

    Raises:
        DataError: a name is neither.
    """
    if features == "vertices":
        return VERTICES
    if features == "distances":
        return distances.NAMES
    if features in _COLUMNS:
        return _COLUMNS[features]
    names = tuple(dict.fromkeys(name.strip() for name in features.split(",") if name.strip()))
    wrong = [name for name in names if name not in SCALARS or name in _LOCATION]
    if wrong or not names:
        raise DataError(
            f"{wrong[0] if wrong else 'Nothing'} is no feature: give columns (`duchenne describe` "
            f"explains them) or one of {', '.join(GROUPS)}."
        )
    return names


def read_face(
    person: str, recording: Recording, features: str, face_id: int | None = None
) -> Series:
    """One face's features, frame by frame; frames without the face are left out.

    Raises:
        DataError: as ``read_faces``.
        ModelError: as ``read_faces``.
    """
    rows = recording.to_frame()
    ids = recording.face_ids
    if not ids:
        raise DataError(f"The recording of {person} shows no face: leave it out.")
    if face_id is not None and face_id not in ids:
        raise DataError(f"The recording of {person} has no face {face_id}; there are: {ids}.")
    wanted = ids[0] if face_id is None else face_id
    times = rows["timestamp"].to_numpy(np.float64)
    chosen = np.flatnonzero(
        (rows["face_id"] == wanted) & (rows["success"] == 1) & np.isfinite(times)
    )
    # One frame a time: a stalled clock repeats itself.
    times, first = np.unique(times[chosen], return_index=True)
    if len(times) < 2:
        raise DataError(
            f"The recording of {person} has fewer than two frames with a face and a time: "
            "synchrony takes a video."
        )
    values = _values(recording, rows, chosen[first], features)
    return Series(person, times, values)


def _values(
    recording: Recording, rows: pd.DataFrame, chosen: NDArray[np.intp], features: str
) -> NDArray[np.float64]:
    names = feature_names(features)
    if features == "distances":
        return distances.distances(recording.landmarks[chosen])
    if features == "vertices":
        return displacements(recording.landmarks[chosen])
    recording.require(names)
    return np.asarray(rows[list(names)].to_numpy(np.float64)[chosen])


def displacements(landmarks: NDArray[np.float32]) -> Values:
    """How far each vertex lies from its usual place.

    Args:
        landmarks: (n, 478, 3) in pixels.

    Returns:
        (n, 478) float64, cm of a mean head, from the median over the frames, head pose removed.

    Raises:
        ModelError: the canonical head cannot be had.
    """
    placed = to_canonical(landmarks, canonical_face()).astype(np.float64)
    return np.asarray(np.linalg.norm(placed - np.nanmedian(placed, axis=0), axis=2))
