"""OpenFace's Action Units in the place of ours, face by face."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from duchenne.action_units.openface import INTENSITIES, PRESENCES, OpenFaceTable
from duchenne.action_units.openface_program import OpenFaceProgram, program_for
from duchenne.errors import DataError
from duchenne.faces.assignment import best_assignment
from duchenne.faces.regions import iou
from duchenne.media import MediaInfo
from duchenne.media.folders import natural_key, picture_files
from duchenne.recording.columns import names_starting
from duchenne.recording.from_openface import LICENCE, TOOL
from duchenne.recording.metadata import Model
from duchenne.recording.tables import box_of_points
from duchenne.weights.card import sha256_of

ONE_FACE: Final = (
    "The Action Units are OpenFace's, which follows one face of a video; those of other faces are "
    "missing."
)

# The box of 68 points ends at the brows and still covers half of ours; a neighbour's does not.
_LEAST_OVERLAP: Final = 0.2
_UNITS: Final = (*INTENSITIES, *PRESENCES)
_BOX: Final = ["face_x", "face_y", "face_width", "face_height"]


class OpenFaceUnits:
    """Replaces the Action Units in tables of rows.

    Frames are matched by their number, faces of a frame by the overlap of their boxes. Intensities
    that OpenFace does not know become NaN, as do all of faces that it did not find. Its presences
    are added as ``AU01_c`` ...

    Args:
        found: what OpenFace says about the source.

    Raises:
        DataError: it carries no Action Units, or no points that tell whose they are.
    """

    def __init__(self, found: OpenFaceTable) -> None:
        rows = found.rows[found.rows["success"] == 1].reset_index(drop=True)
        boxes = box_of_points(rows)
        missing = [name for name in INTENSITIES if name not in rows]
        if missing or (boxes.empty and len(rows)):
            raise DataError(
                f"OpenFace wrote no {missing[0] if missing else 'x_0'}: use OpenFace 2, whose "
                "tables hold 17 Action Units and 68 points."
            )
        self._units = rows.reindex(columns=_UNITS).to_numpy(np.float32)
        self._boxes = boxes.reindex(columns=_BOX).to_numpy(np.float32)
        # OpenFace counts frames from 1.
        self._places: dict[int, NDArray[np.intp]] = {
            int(frame) - 1: np.asarray(places)
            for frame, places in rows.groupby("frame").indices.items()
        }

    def replace(self, rows: pa.Table) -> pa.Table:
        """The same rows with OpenFace's Action Units."""
        units = np.full((rows.num_rows, len(_UNITS)), np.nan, np.float32)
        boxes = np.column_stack([rows[name].to_numpy() for name in _BOX]).astype(np.float32)
        seen = pd.Series(rows["frame"].to_numpy()[rows["success"].to_numpy() == 1])
        where = np.flatnonzero(rows["success"].to_numpy() == 1)
        for frame, group in seen.groupby(seen).indices.items():
            theirs = self._places.get(int(frame))
            if theirs is not None:
                mine = where[group]
                for i, j in _matches(boxes[mine], self._boxes[theirs]):
                    units[mine[i]] = self._units[theirs[j]]
        return _with_units(rows, dict(zip(_UNITS, units.T, strict=True)))


def openface_units(program: OpenFaceProgram, info: MediaInfo) -> OpenFaceUnits:
    """Run OpenFace over a source.

    Raises:
        DataError: it is a camera, or a folder whose order OpenFace would see differently; or
            OpenFace fails.
        MissingExtraError: OpenFace is not there.
    """
    if info.kind == "camera":
        raise DataError("OpenFace reads files only: record the camera first.")
    path = Path(info.path)
    if info.kind == "folder":
        names = sorted((file.name for file in picture_files(path)), key=natural_key)
        if names != sorted(names):
            raise DataError(
                f"OpenFace would read {path} in another order: write its numbers with leading "
                "zeros (img02 before img10)."
            )
    return OpenFaceUnits(program.run(path, info.kind))


def openface_model(program: OpenFaceProgram, kind: str) -> Model:
    """OpenFace among the models of a recording."""
    file = program.find(program_for(kind))
    return Model(TOOL, file.name, sha256_of(file), LICENCE)


def _matches(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Pairs of places in the two lists of boxes, at the greatest overlap."""
    overlap = np.stack([iou(ours, box) for box in theirs], axis=1).astype(float)
    turned = overlap.shape[0] > overlap.shape[1]
    chosen = best_assignment(overlap.T if turned else overlap)
    pairs = [(int(j), i) if turned else (i, int(j)) for i, j in enumerate(chosen)]
    return [(i, j) for i, j in pairs if overlap[i, j] >= _LEAST_OVERLAP]


def _with_units(rows: pa.Table, units: dict[str, NDArray[np.float32]]) -> pa.Table:
    nothing = np.full(rows.num_rows, np.nan, np.float32)
    for name in names_starting("AU"):
        values = pa.array(units.get(name, nothing), pa.float32())
        rows = rows.set_column(rows.column_names.index(name), name, values)
    for name in PRESENCES:
        rows = rows.append_column(name, pa.array(units[name], pa.float32()))
    return rows
