"""Recordings from OpenFace's tables, and OpenFace's tables from recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from duchenne.action_units.openface import (
    COLUMNS,
    INTENSITIES,
    POINTS_2D,
    POSE,
    OpenFaceTable,
    is_openface,
    pose_from_ours,
    pose_to_ours,
    read_openface,
)
from duchenne.errors import DataError
from duchenne.faces.faces import POSE as OUR_POSE
from duchenne.recording.metadata import Source
from duchenne.recording.points68 import points_68
from duchenne.recording.recording import Recording
from duchenne.recording.tables import (
    box_of_points,
    checked_fps,
    false_clock,
    metadata_of,
    nominal_fps,
    recording_of,
)

TOOL: Final = "OpenFace"
LICENCE: Final = "OpenFace's own: academic or non-profit, non-commercial research only"

_OUR_POSE: Final = [f"pose_{name}" for name in OUR_POSE]


def from_openface(path: str | Path, *, fps: float | None = None) -> Recording:
    """A recording of what OpenFace wrote.

    Frames count from 0 here (OpenFace: from 1), head pose is turned into degrees and cm with our
    signs, the box is that of the 68 points. OpenFace knows no emotions, blendshapes and 478
    landmarks: they are missing. Its other columns (``x_0``, ``X_0``, ``gaze_0_x``, ``p_0``,
    ``AU12_c`` ...) are kept as they are, in ``Recording.further``.

    Args:
        path: CSV of FeatureExtraction, FaceLandmarkVidMulti or FaceLandmarkImg.
        fps: frames a second, in place of the table's own clock.

    Raises:
        DataError: it is no OpenFace table, or has no usable clock and ``fps`` is not given.
    """
    where = Path(path)
    speed, table = checked_fps(fps), read_openface(where)
    rows = _in_our_terms(table.rows)
    rows["timestamp"] = _times(where, rows, speed, table.picture)
    warnings = [false_clock(rows)] if speed is None else []
    told = tuple(f"{where.name} {w}: give fps if that is wrong." for w in warnings if w)
    source = _source(where, table, rows, speed)
    return recording_of(rows, metadata_of(where, TOOL, LICENCE, source, told))


def to_openface(recording: Recording) -> pd.DataFrame:
    """A recording's rows under OpenFace's names, for ``action_units.openface.write_openface``.

    The families that the recording has: keys, pose, the 68 points (of its own 478 where it has
    them, ``points68``), the 17 intensities, and what came from OpenFace in the first place.
    Frames without a face hold zeros, as OpenFace writes them. Gaze, points in space and presences
    are not made up from our measurements, which are others.

    Raises:
        DataError: it has none of these families.
    """
    rows = recording.to_frame()
    found = (rows["success"] == 1).to_numpy()
    written = {
        "frame": rows["frame"] + 1,
        "face_id": rows["face_id"].clip(lower=0),
        "timestamp": rows["timestamp"],
        "confidence": rows["confidence"],
        "success": rows["success"],
        **_pose(rows),
        **_points(recording),
        **{name: rows[name] for name in rows.columns if name in INTENSITIES},
        **_further(recording),
    }
    table = pd.DataFrame(written)
    values = [name for name in table.columns if table[name].dtype.kind == "f"]
    values.remove("timestamp")
    # A family that was never measured is left out, as OpenFace does when it is switched off.
    known = [name for name in values if table.loc[found, name].notna().any()]
    known = known if found.any() else ["confidence", *POSE, *INTENSITIES]
    table.loc[~found, known] = 0.0
    table = table.drop(columns=[name for name in values if name not in known])
    if not is_openface(table.columns):
        raise DataError(
            "This recording has nothing that an OpenFace table can hold: analyse the source with "
            "duchenne."
        )
    return table


def _further(recording: Recording) -> dict[str, pd.Series[float]]:
    further = recording.further
    # py-feat's MediaPipe detector calls all points of its mesh x_0, x_1 ...: those are others.
    other_points = POINTS_2D if "x_68" in further else ()
    return {name: further[name] for name in further if name in COLUMNS and name not in other_points}


def _in_our_terms(rows: pd.DataFrame) -> pd.DataFrame:
    # Tables made by hand may count from 0.
    first = 1 if rows["frame"].min() >= 1 else 0
    columns = {"frame": rows["frame"] - first, **box_of_points(rows)}
    if set(POSE) <= set(rows.columns):
        turned = pose_to_ours(rows[list(POSE)].to_numpy(float))
        columns |= dict(zip(_OUR_POSE, turned.T, strict=True))
    kept = rows.drop(columns=[n for n in (*POSE, "frame") if n in rows.columns])
    return pd.concat([pd.DataFrame(columns, index=rows.index), kept], axis=1)


def _times(
    path: Path, rows: pd.DataFrame, fps: float | None, picture: bool
) -> pd.Series[float] | float:
    if picture:
        return 0.0
    if fps is not None:
        return rows["frame"] / fps
    if "timestamp" not in rows:
        raise DataError(f"{path} has no column timestamp: give fps, the frames a second.")
    if not np.isfinite(rows["timestamp"]).all():
        raise DataError(f"{path} has rows without a time: give fps, the frames a second.")
    return rows["timestamp"]


def _source(path: Path, table: OpenFaceTable, rows: pd.DataFrame, fps: float | None) -> Source:
    frames = int(rows["frame"].nunique())
    if table.picture or frames == 1:
        return Source(path.name, str(path.resolve()), "picture", 0, 0)
    speed = fps or nominal_fps(rows)
    return Source(path.name, str(path.resolve()), "video", 0, 0, speed, frames)


def _pose(rows: pd.DataFrame) -> dict[str, np.ndarray]:
    turned = pose_from_ours(rows[_OUR_POSE].to_numpy(float))
    return dict(zip(POSE, turned.T.astype(np.float32), strict=True))


def _points(recording: Recording) -> dict[str, np.ndarray]:
    if not recording.has_landmarks:
        return {}
    points = points_68(recording.landmarks)
    columns = points.transpose(2, 1, 0).reshape(len(POINTS_2D), len(points))
    return dict(zip(POINTS_2D, columns, strict=True))
