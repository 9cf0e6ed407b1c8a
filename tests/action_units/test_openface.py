"""OpenFace's tables are read with all their families, and bad ones refused in a sentence."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duchenne.action_units.openface import (
    COLUMNS,
    INTENSITIES,
    POSE,
    PRESENCES,
    is_openface,
    pose_from_ours,
    pose_to_ours,
    read_openface,
    write_openface,
)
from duchenne.action_units.tables import read_names
from duchenne.errors import DataError
from duchenne.faces.pose import procrustes

HEADER = "frame, face_id, timestamp, confidence, success, AU12_r, AU12_c"


def table(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    path = tmp_path / "t.csv"
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def test_the_families_have_openfaces_sizes_and_order() -> None:
    # OpenFace 2.2 writes 714 columns: 5 keys, 8 + 280 of gaze, 6 pose, 136 and 204 points,
    # 40 parameters, 17 and 18 Action Units.
    assert len(COLUMNS) == len(set(COLUMNS)) == 5 + 8 + 280 + 6 + 136 + 204 + 40 + 17 + 18
    assert COLUMNS.index("eye_lmk_x_55") + 1 == COLUMNS.index("eye_lmk_y_0")
    assert PRESENCES[15:] == ("AU26_c", "AU28_c", "AU45_c")


def test_a_real_file_is_read_and_keeps_its_order(shared_media: Path) -> None:
    path = shared_media / "OpenFace_Test.csv"
    read = read_openface(path)
    assert not read.picture
    assert read.rows.shape == (100, 432)  # its 431 columns and face_id, which it lacks
    assert (read.rows["face_id"] == 0).all()
    names = read_names(path)
    assert names == [name for name in COLUMNS if name in names]


def test_a_real_files_pose_is_the_turn_of_its_points(shared_media: Path) -> None:
    rows = read_openface(shared_media / "OpenFace_Test.csv").rows
    ours = np.radians(pose_to_ours(rows[list(POSE)].to_numpy())[:, :3])
    points = np.stack(
        [rows[[f"{a}_{i}" for i in (27, 28, 29, 30, 33, 36, 39, 42, 45)]] for a in "XYZ"], -1
    )
    points = points * [1, -1, -1]
    first, last = int(ours[:, 0].argmin()), int(ours[:, 0].argmax())
    assert ours[last, 0] - ours[first, 0] > np.radians(2)
    told = _turn(ours[last]) @ _turn(ours[first]).T
    measured = procrustes(points[first], points[last], np.ones(len(points[0])))[1]
    assert _degrees_between(told, measured) < 0.5
    assert _degrees_between(told.T, measured) > 5


def _degrees_between(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.degrees(np.arccos((np.trace(one.T @ other) - 1) / 2)))


def _turn(angles: np.ndarray) -> np.ndarray:
    (cx, cy, cz), (sx, sy, sz) = np.cos(angles), np.sin(angles)
    rx = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    ry = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    rz = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    turned: np.ndarray = rz @ ry @ rx
    return turned


@pytest.mark.parametrize(
    ("openface", "ours"),
    [
        # A nod downwards is positive in both; yaw and roll change their signs.
        ((0, 0, 0, np.pi / 6, 0, 0), (30, 0, 0, 0, 0, 0)),
        ((0, 0, 0, 0, np.pi / 6, 0), (0, -30, 0, 0, 0, 0)),
        ((0, 0, 0, 0, 0, np.pi / 6), (0, 0, -30, 0, 0, 0)),
        # Right stays right; down becomes up, away becomes towards; mm become cm.
        ((10, 20, 600, 0, 0, 0), (0, 0, 0, 1, -2, -60)),
    ],
)
def test_pose_has_our_signs_and_units(openface: tuple[float, ...], ours: tuple[float, ...]) -> None:
    found = pose_to_ours(np.array([openface], float))[0]
    assert found == pytest.approx(ours, abs=1e-9)


ANGLE = st.floats(-85, 85)


@given(st.tuples(ANGLE, ANGLE, ANGLE, *[st.floats(-200, 200)] * 3))
def test_pose_comes_back(pose: tuple[float, ...]) -> None:
    back = pose_to_ours(pose_from_ours(np.array([pose])))[0]
    # Angles near the poles may come back by another name: compare the turns.
    assert _turn(np.radians(back[:3])) == pytest.approx(_turn(np.radians(pose[:3])), abs=1e-6)
    assert back[3:] == pytest.approx(pose[3:], abs=1e-9)


VALUES = {**dict.fromkeys(INTENSITIES, (0, 5)), **dict.fromkeys(PRESENCES, (0, 1))}


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_what_is_written_is_read_back(data: st.DataObject) -> None:
    families = data.draw(st.sets(st.sampled_from(COLUMNS[5:]), min_size=1, max_size=12))
    count = data.draw(st.integers(1, 4))
    rows = pd.DataFrame({"frame": np.arange(1.0, count + 1), "face_id": 0.0, "timestamp": 0.0})
    rows["timestamp"] = data.draw(_column(count, 0, 1e6))
    rows["confidence"], rows["success"] = data.draw(_column(count, 0, 1)), 1.0
    for name in [*sorted(families), "AU12_r"]:
        low, high = VALUES.get(name, (-1000, 1000))
        values = data.draw(_column(count, low, high))
        rows[name] = np.round(values) if name in PRESENCES else values
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        write_openface(rows, path)
        read = read_openface(path).rows
    assert list(read.columns) == [name for name in COLUMNS if name in rows]
    assert read["timestamp"].tolist() == rows["timestamp"].tolist()
    pd.testing.assert_frame_equal(read, rows[read.columns], rtol=1e-8, check_exact=False)


def _column(count: int, low: float, high: float) -> st.SearchStrategy[list[float]]:
    return st.lists(st.floats(low, high), min_size=count, max_size=count)


def test_headers_carry_blanks_as_openfaces_do(tmp_path: Path) -> None:
    path = table(tmp_path, "1, 0, 0.000, 0.98, 1, 2.50, 1.0")
    written = tmp_path / "w.csv"
    write_openface(read_openface(path).rows, written)
    assert written.read_text().splitlines() == [HEADER, "1,0,0,0.98,1,2.5,1"]


def test_a_picture_has_faces_but_no_frames(tmp_path: Path) -> None:
    path = table(tmp_path, "0, 0.9, 1.5", "1, 0.8, 0.5", header="face, confidence, AU12_r")
    read = read_openface(path)
    assert read.picture
    assert read.rows["face_id"].tolist() == [0, 1]
    assert (read.rows["success"] == 1).all()


def test_failed_frames_may_hold_anything(tmp_path: Path) -> None:
    path = table(tmp_path, "1, 0, 0, 0, 0, -7, 0", "2, 0, 0.04, 0.9, 1, 1, 0")
    assert len(read_openface(path).rows) == 2


@pytest.mark.parametrize("nan", ["nan", "-nan(ind)", ""])
def test_missing_numbers_stay_missing(tmp_path: Path, nan: str) -> None:
    path = table(tmp_path, f"1, 0, 0, 0.9, 1, {nan}, 0")
    assert np.isnan(read_openface(path).rows["AU12_r"].iloc[0])


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "no rows"),
        (["1, 0, 0, 0.9, 1, five, 0"], "line 2: AU12_r should be a number, not 'five'"),
        (["1, 0, 0, 0.9, 1, 7, 0"], "AU12_r should lie between 0 and 5"),
        (["1, 0, 0, 0.9, 1, 1, 3"], "AU12_c should lie between 0 and 1"),
        (["1, 0, 0, 1.9, 1, 1, 0"], "confidence should lie between 0 and 1"),
        (["1, 0, 0, 0.9, 1, 1, 0"] * 2, "face 0 of frame 1 twice"),
        ([", 0, 0, 0.9, 1, 1, 0"], "whole frame"),
        (["1.5, 0, 0, 0.9, 1, 1, 0"], "whole frame"),
    ],
)
def test_bad_rows_are_one_sentence(tmp_path: Path, lines: list[str], words: str) -> None:
    with pytest.raises(DataError, match=words) as caught:
        read_openface(table(tmp_path, *lines))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"a,b\n1,2\n", b"a,a\n1,2\n", b"[1"])
def test_what_is_no_table_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"t\.csv"):
        read_openface(path)


def test_a_missing_file_and_strange_columns_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_openface(tmp_path / "none.csv")
    with pytest.raises(DataError, match="knows no column smile"):
        write_openface(pd.DataFrame({"frame": [1], "smile": [2]}), tmp_path / "w.csv")


@pytest.mark.parametrize(
    ("names", "whether"),
    [
        (["frame", " confidence", " pose_Tx"], True),
        (["face", "confidence", "AU01_r"], True),
        (["frame", "confidence", "AU01_r", "pose_pitch"], False),
        (["frame", "timestamp"], False),
    ],
)
def test_its_columns_tell_an_openface_table(names: list[str], whether: bool) -> None:
    assert is_openface(names) is whether
