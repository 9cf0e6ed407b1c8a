"""OpenFace 2.x tables: their columns, reading, writing, and their head pose in our terms.

OpenFace's FeatureExtraction and FaceLandmarkVidMulti write a row per frame and face, its
FaceLandmarkImg a row per face of a picture (``face, confidence, ...``: no frame, no time). Headers
carry a blank after each comma. Families of columns can be switched off and older versions lack
``face_id``, ``gaze_angle`` and ``eye_lmk``, so none but ``confidence`` is asked for here. (OpenFace
wiki, "Output Format"; Baltrusaitis et al. 2018, OpenFace 2.0: Facial Behavior Analysis Toolkit.)

Head pose: OpenFace gives ``pose_T`` in mm and ``pose_R`` in radians, camera at the origin, x to the
right of the picture, y down, z away from the camera, R = Rx Ry Rz. Ours is in cm and degrees, y up,
z towards the camera, R = Rz Ry Rx. So a nod has the same sign in both (down is positive), while
yaw and roll change theirs: ``pose_Ry`` is positive towards the left of the picture, ``pose_Rz``
clockwise. Each assumes a camera of its own, so distances of the two tools differ in scale.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.action_units.tables import check_range, numbers, read_csv, write_csv
from duchenne.errors import DataError

INTENSITIES: Final[tuple[str, ...]] = tuple(
    f"AU{number:02d}_r" for number in (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 45)
)
"""OpenFace's 17 intensities from 0 to 5."""

PRESENCES: Final[tuple[str, ...]] = tuple(sorted([f"{n[:4]}_c" for n in INTENSITIES] + ["AU28_c"]))
"""OpenFace's 18 presences, 0 or 1."""

POSE: Final = ("pose_Tx", "pose_Ty", "pose_Tz", "pose_Rx", "pose_Ry", "pose_Rz")
KEYS: Final = ("frame", "face_id", "timestamp", "confidence", "success")


def _numbered(names: Iterable[str], count: int) -> list[str]:
    return [f"{name}_{i}" for name in names for i in range(count)]


POINTS_2D: Final = tuple(_numbered("xy", 68))
COLUMNS: Final[tuple[str, ...]] = (
    *KEYS,
    *(f"gaze_{eye}_{axis}" for eye in (0, 1) for axis in "xyz"),
    *("gaze_angle_x", "gaze_angle_y"),
    *_numbered(("eye_lmk_x", "eye_lmk_y", "eye_lmk_X", "eye_lmk_Y", "eye_lmk_Z"), 56),
    *POSE,
    *POINTS_2D,
    *_numbered("XYZ", 68),
    *("p_scale", "p_rx", "p_ry", "p_rz", "p_tx", "p_ty"),
    *_numbered("p", 34),
    *INTENSITIES,
    *PRESENCES,
)
"""Every column of OpenFace 2.x, in its order."""

_TELLING: Final = frozenset({*POSE, *INTENSITIES, *PRESENCES, "gaze_0_x", "x_0", "X_0", "p_scale"})


@dataclass(frozen=True, eq=False)
class OpenFaceTable:
    """An OpenFace file, read and checked.

    Attributes:
        rows: a row per frame and face in the order of the file, names without blanks, numbers
            only; ``frame``, ``face_id``, ``confidence`` and ``success`` are always there.
        picture: whether FaceLandmarkImg wrote it, which knows neither frames nor times.
    """

    rows: pd.DataFrame
    picture: bool


def is_openface(names: Iterable[str]) -> bool:
    """Whether a table with these column names comes from OpenFace."""
    found = {str(name).strip() for name in names}
    ours = {"pose_pitch", "face_width"} & found
    return "confidence" in found and bool({"frame", "face"} & found) and bool(
        _TELLING & found
    ) and not ours  # fmt: skip


def read_openface(path: Path) -> OpenFaceTable:
    """Read an OpenFace file.

    Raises:
        DataError: the file is missing, is no OpenFace table, holds something else than numbers,
            a frame and face twice, or values outside their range.
    """
    rows = read_csv(path)
    if not is_openface(rows.columns):
        raise DataError(
            f"{path} is no OpenFace table: it needs a column confidence, frame or face, and some "
            "of pose_Tx, x_0 or AU01_r."
        )
    rows = numbers(path, rows)
    picture = "frame" not in rows
    if picture:
        rows = rows.rename(columns={"face": "face_id"}).assign(frame=1.0, success=1.0)
    filled = {"face_id": 0.0, "success": 1.0}
    rows = rows.assign(**{name: value for name, value in filled.items() if name not in rows})
    _check(path, rows)
    return OpenFaceTable(rows, picture)


def write_openface(rows: pd.DataFrame, path: Path) -> None:
    """Write rows under OpenFace's names, in its order, a blank after each comma of the header.

    Numbers keep all their digits, OpenFace itself rounds to one to three decimals.

    Raises:
        DataError: a column is none of OpenFace's, or the file cannot be written.
    """
    strange = [str(name) for name in rows.columns if name not in COLUMNS]
    if strange:
        raise DataError(f"OpenFace knows no column {strange[0]}: leave it out.")
    ordered = rows[[name for name in COLUMNS if name in rows.columns]]
    write_csv(ordered, path, between_names=", ")


def _check(path: Path, rows: pd.DataFrame) -> None:
    keys = rows[["frame", "face_id"]]
    if not np.isfinite(keys.to_numpy(float)).all() or (keys % 1 != 0).to_numpy().any():
        raise DataError(f"{path} has rows without a whole frame and face number: mend them.")
    twice = keys.duplicated()
    if twice.any():
        frame, face = (int(v) for v in keys[twice].iloc[0])
        raise DataError(f"{path} holds face {face} of frame {frame} twice: keep one of the rows.")
    found = rows[rows["success"] == 1]
    check_range(path, rows, ["success", *(n for n in PRESENCES if n in rows)], 0, 1)
    check_range(path, found, ["confidence"], 0, 1)
    check_range(path, found, [name for name in INTENSITIES if name in rows], 0, 5)


def pose_to_ours(pose: NDArray[np.float64]) -> NDArray[np.float64]:
    """OpenFace's pose (n, 6), Tx Ty Tz in mm and Rx Ry Rz in radians, in our terms.

    Returns:
        (n, 6): pitch, yaw, roll in degrees, tx, ty, tz in cm (``duchenne.faces.Faces.poses``).
    """
    place = pose[:, :3] * _FLIP / _MM_PER_CM
    a, b, c = pose[:, 3:].T
    # Half a turn about x takes their axes to ours, and their angles b and c to -b and -c.
    turn = _turn(0, a) @ _turn(1, -b) @ _turn(2, -c)
    pitch = np.arctan2(turn[:, 2, 1], turn[:, 2, 2])
    yaw = np.arcsin(np.clip(-turn[:, 2, 0], -1.0, 1.0))
    roll = np.arctan2(turn[:, 1, 0], turn[:, 0, 0])
    return np.column_stack([np.degrees([pitch, yaw, roll]).T, place])


def pose_from_ours(pose: NDArray[np.float64]) -> NDArray[np.float64]:
    """The inverse of ``pose_to_ours``: (n, 6) pitch yaw roll tx ty tz to Tx Ty Tz Rx Ry Rz."""
    place = pose[:, 3:] * _FLIP * _MM_PER_CM
    pitch, yaw, roll = np.radians(pose[:, :3]).T
    turn = _turn(2, -roll) @ _turn(1, -yaw) @ _turn(0, pitch)
    a = np.arctan2(-turn[:, 1, 2], turn[:, 2, 2])
    b = np.arcsin(np.clip(turn[:, 0, 2], -1.0, 1.0))
    c = np.arctan2(-turn[:, 0, 1], turn[:, 0, 0])
    return np.column_stack([place, a, b, c])


_FLIP: Final = np.array([1.0, -1.0, -1.0])
_MM_PER_CM: Final = 10.0


def _turn(axis: int, angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 3, 3) right-handed turns about one axis."""
    first, second = (axis + 1) % 3, (axis + 2) % 3
    turns = np.zeros((len(angles), 3, 3))
    turns[:, axis, axis] = 1.0
    turns[:, first, first] = turns[:, second, second] = np.cos(angles)
    turns[:, second, first] = np.sin(angles)
    turns[:, first, second] = -np.sin(angles)
    return turns
