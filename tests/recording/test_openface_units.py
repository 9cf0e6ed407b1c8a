"""OpenFace's Action Units go to the faces that they belong to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from duchenne.action_units.openface import INTENSITIES, PRESENCES, OpenFaceTable
from duchenne.action_units.openface_program import OpenFaceProgram
from duchenne.errors import DataError
from duchenne.media import MediaInfo
from duchenne.recording.columns import SCHEMA, names_starting
from duchenne.recording.openface_units import OpenFaceUnits, openface_units
from tests.recording.made_up import rows

Box = tuple[float, float, float, float]


def found(*faces: tuple[int, Box, float]) -> OpenFaceTable:
    """What OpenFace says: frame (from 1), box of the points, every intensity."""
    lines = []
    for frame, (x, y, width, height), unit in faces:
        points = {f"x_{i}": x + width * i / 67 for i in range(68)}
        points |= {f"y_{i}": y + height * i / 67 for i in range(68)}
        units = dict.fromkeys(INTENSITIES, unit) | dict.fromkeys(PRESENCES, float(unit >= 1))
        lines.append({"frame": frame, "face_id": 0, "success": 1, **points, **units})
    return OpenFaceTable(pd.DataFrame(lines), picture=False)


def seen(*boxes: list[Box]) -> pa.Table:
    """Our rows: the boxes of each frame."""
    table = rows([len(of_frame) for of_frame in boxes]).take()
    flat = [box for of_frame in boxes for box in (of_frame or [(np.nan,) * 4])]
    for i, name in enumerate(["face_x", "face_y", "face_width", "face_height"]):
        column = pa.array([box[i] for box in flat], pa.float32())
        table = table.set_column(table.column_names.index(name), name, column)
    return table


LEFT, RIGHT = (0.0, 0.0, 100.0, 120.0), (300.0, 0.0, 100.0, 120.0)
IN_LEFT, IN_RIGHT = (10.0, 40.0, 80.0, 80.0), (310.0, 40.0, 80.0, 80.0)


def test_a_face_gets_its_units_and_the_others_none() -> None:
    table = seen([LEFT, RIGHT], [], [RIGHT])
    units = OpenFaceUnits(found((1, IN_RIGHT, 3.5), (3, IN_RIGHT, 1.5)))
    replaced = units.replace(table)
    smile = replaced["AU12_r"].to_numpy()
    assert smile == pytest.approx([np.nan, 3.5, np.nan, 1.5], nan_ok=True)
    assert replaced["AU28_c"].to_numpy() == pytest.approx([np.nan, 1, np.nan, 1], nan_ok=True)
    # Nothing of ours is left among them.
    ours = [name for name in names_starting("AU") if name not in INTENSITIES]
    assert all(np.isnan(replaced[name].to_numpy()).all() for name in ours)
    # The rest stays as it was, bit for bit.
    kept = [name for name in SCHEMA.names if not name.startswith("AU")]
    assert replaced.select(kept).column_names == kept
    for name in kept[:-1]:
        was, now = (t[name].to_numpy() for t in (table, replaced))
        assert np.array_equal(was, now, equal_nan=True)


@pytest.mark.parametrize("turn", [1, -1])
def test_several_faces_of_a_picture_are_told_apart(turn: int) -> None:
    faces = [(1, IN_LEFT, 1.0), (1, IN_RIGHT, 4.0)][::turn]
    replaced = OpenFaceUnits(found(*faces)).replace(seen([LEFT, RIGHT]))
    assert replaced["AU12_r"].to_pylist() == [1.0, 4.0]


def test_a_find_elsewhere_belongs_to_nobody() -> None:
    replaced = OpenFaceUnits(found((1, (500.0, 300.0, 50.0, 50.0), 4.0))).replace(seen([LEFT]))
    assert np.isnan(replaced["AU12_r"].to_numpy()).all()


def test_failed_frames_give_nothing() -> None:
    table = found((1, IN_LEFT, 4.0))
    failed = OpenFaceTable(table.rows.assign(success=0), picture=False)
    replaced = OpenFaceUnits(failed).replace(seen([LEFT]))
    assert np.isnan(replaced["AU12_r"].to_numpy()).all()


@pytest.mark.parametrize("missing", ["AU12_r", "x_5"])
def test_a_table_without_units_or_points_is_told(missing: str) -> None:
    table = found((1, IN_LEFT, 4.0))
    with pytest.raises(DataError, match="use OpenFace 2"):
        OpenFaceUnits(OpenFaceTable(table.rows.drop(columns=missing), picture=False))


def test_cameras_and_folders_in_another_order_are_refused(tmp_path: Path) -> None:
    for name in ("img2.png", "img10.png"):
        (tmp_path / name).write_bytes(b"x")
    folder = MediaInfo("f", str(tmp_path), "folder", 4, 4)
    with pytest.raises(DataError, match="leading zeros"):
        openface_units(OpenFaceProgram(), folder)
    with pytest.raises(DataError, match="record the camera first"):
        openface_units(OpenFaceProgram(), MediaInfo("c", "camera:0", "camera", 4, 4))
