"""Frees the Action Units of finished rows from each person's face at rest.

While a source is read, rows get intensities against the middle of many relaxed faces: a frame of a
stream knows nothing of those to come. Only when all rows are there is each face's own neutral found
among them (``duchenne.action_units.neutral``) and its intensities computed again, from the
landmarks and blendshapes in the rows. So the result depends on the rows alone, and is the same for
a run in one piece, in segments, or broken off and taken up again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from duchenne.action_units.intensities import to_intensities
from duchenne.action_units.names import INTENSITIES
from duchenne.action_units.neutral import Neutral, quiet_frames
from duchenne.action_units.readings import readings
from duchenne.action_units.recipes import READINGS
from duchenne.errors import DataError
from duchenne.faces import Faces, FaceTracker
from duchenne.faces.blendshapes import BLENDSHAPES
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.faces import LANDMARKS
from duchenne.faces.geometry import to_canonical
from duchenne.media import open_media
from duchenne.recording.columns import NO_FACE

AUTO: Final = "auto"
NONE: Final = "none"

Tables = Callable[[], Iterable[pa.Table]]
"""Gives all rows, in their order, as often as it is called."""


class NeutralFaces:
    """The last step of an analysis.

    Args:
        face: the canonical head.
        given: one person's neutral face for all rows; None finds each face's own.
    """

    def __init__(self, face: CanonicalFace, given: Neutral | None = None) -> None:
        self._face = face
        self._given = given

    def finish(self, tables: Tables) -> Iterator[pa.Table]:
        """The same rows, their Action Units against the neutral faces; memory stays flat."""
        found, known = ({}, None) if self._given is not None else self._find(tables())
        everyone = self._given or Neutral.of_many()
        begin = 0
        for rows in tables():
            ids = rows["face_id"].to_numpy()
            raw = self._read(rows) if known is None else known[begin : begin + len(ids)]
            begin += len(ids)
            units = np.full((len(raw), len(INTENSITIES)), np.nan, np.float32)
            for face_id in np.unique(ids[ids != NO_FACE]):
                mine = ids == face_id
                units[mine] = to_intensities(raw[mine], found.get(int(face_id), everyone))
            yield _with_units(rows, units)

    def _find(
        self, tables: Iterable[pa.Table]
    ) -> tuple[dict[int, Neutral], NDArray[np.float32] | None]:
        """Each face's own neutral, and the raw readings of all rows."""
        ids: list[NDArray[np.int32]] = []
        raw: list[NDArray[np.float32]] = []
        turned: list[NDArray[np.float32]] = []
        for rows in tables:
            ids.append(rows["face_id"].to_numpy())
            raw.append(self._read(rows))
            angles = [rows[name].to_numpy() for name in ("pose_pitch", "pose_yaw")]
            turned.append(np.hypot(*angles).astype(np.float32))
        if not ids:
            return {}, None
        who, all_raw, away = np.concatenate(ids), np.concatenate(raw), np.concatenate(turned)
        found = {
            int(face_id): _rest(all_raw[who == face_id], away[who == face_id])
            for face_id in np.unique(who[who != NO_FACE])
        }
        return found, all_raw

    def _read(self, rows: pa.Table) -> NDArray[np.float32]:
        column = rows["landmarks"].combine_chunks()
        flat = np.asarray(column.flatten().to_numpy(zero_copy_only=False), np.float32)
        scores = np.column_stack([rows[f"bs_{name}"].to_numpy() for name in BLENDSHAPES])
        if not rows.num_rows:
            return np.zeros((0, len(READINGS)), np.float32)
        canonical = to_canonical(flat.reshape(-1, LANDMARKS, 3), self._face)
        return readings(canonical, np.asarray(scores, np.float32))


def _rest(raw: NDArray[np.float32], turned: NDArray[np.float32]) -> Neutral:
    return Neutral.from_readings(raw[quiet_frames(raw, turned)])


def _with_units(rows: pa.Table, units: NDArray[np.float32]) -> pa.Table:
    fresh = dict(zip(INTENSITIES, np.ascontiguousarray(units.T), strict=True))
    columns = [
        pa.array(fresh[name], pa.float32()) if name in fresh else rows[name]
        for name in rows.column_names
    ]
    return pa.Table.from_arrays(columns, schema=rows.schema)


def neutral_of_picture(path: Path, tracker: FaceTracker, face: CanonicalFace) -> Neutral:
    """The neutral face in a picture, the largest where there are several.

    Raises:
        DataError: it is a video, or no face is in it.
        MediaError: it cannot be read.
    """
    with open_media(str(path)) as media:
        if media.info.kind != "picture":
            raise DataError(f"{path} is no picture: neutral is a picture, auto or none.")
        frame = next(iter(media))
    found = tracker.still(frame.pixels)
    if not len(found):
        raise DataError(
            f"No face was found in {path}, which should show the neutral face: give another "
            "picture."
        )
    largest = _largest(found)
    canonical = to_canonical(largest.landmarks, face)
    return Neutral.from_readings(readings(canonical, largest.blendshapes))


def _largest(faces: Faces) -> Faces:
    return faces.select(np.array([int(np.argmax(faces.boxes[:, 2] * faces.boxes[:, 3]))]))


def name_of(path: Path) -> str:
    """What stands in a recording's options for a picture: its name and the start of its hash."""
    return f"{path.name} ({hashlib.sha256(path.read_bytes()).hexdigest()[:12]})"
