"""OpenFace's tables become recordings that every later step takes, and come back."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duchenne.action_units.openface import INTENSITIES, KEYS, read_openface, write_openface
from duchenne.action_units.openface import POSE as POSE_NAMES
from duchenne.errors import DataError
from duchenne.faces.faces import POSE
from duchenne.recording import Recording
from duchenne.recording.columns import NO_FACE
from duchenne.recording.from_openface import from_openface, to_openface
from duchenne.recording.points68 import POINTS_68
from duchenne.recording.summary import summarize
from duchenne.report import write_report
from tests.recording.ours import ours
from tests.report.made_up import recording as made_up

HEADER = ", ".join([*KEYS, *POSE_NAMES, "AU12_r", "AU12_c"])


def table(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    path = tmp_path / "t.csv"
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def line(frame: int, face: int = 0, time: float = 0.0, success: int = 1, smile: float = 1.0) -> str:
    return f"{frame}, {face}, {time}, 0.9, {success}, 10, 20, 600, 0.1, 0, 0, {smile}, 1"


def there_and_back(recording: Recording) -> Recording:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        write_openface(to_openface(recording), path)
        return from_openface(path)


def test_a_real_file_is_a_recording(shared_media: Path, tmp_path: Path) -> None:
    path = shared_media / "OpenFace_Test.csv"
    recording = Recording.from_openface(path, fps=30)
    assert recording.metadata.tool == recording.metadata.models[0].name == "OpenFace"
    frame = recording.to_frame()
    assert (frame["frame"].iloc[0], frame["frame"].iloc[-1]) == (0, 99)
    assert frame["timestamp"].iloc[-1] == pytest.approx(99 / 30)
    # A man who looks down a little: 17 to 21 degrees, 60 cm away.
    assert frame["pose_pitch"].between(15, 23).all()
    assert frame["pose_tz"].between(-65, -55).all()
    assert frame["emotion_happy"].isna().all()
    assert recording.further["X_0"].iloc[0] == pytest.approx(-62.2713, abs=1e-4)
    (face,) = summarize(recording)["faces"]
    assert (face["emotion"], face["action_units"]["AU04_r"]) == (None, pytest.approx(0.652))
    page = write_report(recording, tmp_path / "r.html").read_text(encoding="utf-8")
    assert "AU04, brow lowerer" in page
    assert "non-commercial research only" in page


def test_a_real_files_false_clock_is_told(shared_media: Path) -> None:
    (warning,) = Recording.load(shared_media / "OpenFace_Test.csv").metadata.warnings
    assert "1000 frames/s" in warning
    assert "give fps" in warning
    assert (
        Recording.from_openface(shared_media / "OpenFace_Test.csv", fps=30).metadata.warnings == ()
    )


def test_a_real_file_comes_back_as_it_was(shared_media: Path, tmp_path: Path) -> None:
    path = shared_media / "OpenFace_Test.csv"
    write_openface(to_openface(Recording.load(path)), tmp_path / "w.csv")
    was, now = read_openface(path).rows, read_openface(tmp_path / "w.csv").rows
    pd.testing.assert_frame_equal(now[was.columns], was, rtol=1e-5, atol=1e-5)


def test_faces_failed_frames_and_clock(tmp_path: Path) -> None:
    path = table(
        tmp_path, line(1), line(1, face=1, smile=4), line(2, time=0.04, success=0),
        line(3, time=0.08), line(3, face=1, time=0.08, success=0),
    )  # fmt: skip
    recording = from_openface(path)
    frame = recording.to_frame()
    assert frame["frame"].tolist() == [0, 0, 1, 2]
    assert frame["face_id"].tolist() == [0, 1, NO_FACE, 0]
    assert frame["success"].tolist() == [1, 1, 0, 1]
    values = frame.loc[2].drop(["frame", "timestamp", "face_id", "success"])
    assert values.isna().all()
    assert recording.metadata.source.fps == pytest.approx(25)
    assert recording.metadata.frames == 3
    assert recording.face_ids == [0, 1]


def test_a_picture_is_one_frame(tmp_path: Path) -> None:
    path = table(tmp_path, "0, 0.9, 1", "1, 0.9, 2", header="face, confidence, AU12_r")
    recording = from_openface(path)
    assert recording.metadata.source.kind == "picture"
    assert recording.to_frame()[["frame", "timestamp"]].to_numpy().tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("frame, confidence, AU12_r", "1, 0.9, 1"),
        ("frame, timestamp, confidence, AU12_r", "1,,1,1"),
    ],
)
def test_a_missing_clock_asks_for_fps(tmp_path: Path, header: str, row: str) -> None:
    path = table(tmp_path, row, header=header)
    with pytest.raises(DataError, match="give fps"):
        from_openface(path)
    assert len(from_openface(path, fps=25)) == 1


@pytest.mark.parametrize("fps", [0, -1, float("nan"), float("inf")])
def test_fps_without_sense_is_told(tmp_path: Path, fps: float) -> None:
    with pytest.raises(DataError, match="above 0"):
        from_openface(table(tmp_path, line(1)), fps=fps)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=4))
def test_what_openface_can_hold_of_ours_survives(counts: list[int]) -> None:
    recording = ours(counts)
    back = there_and_back(recording)
    kept = ["frame", "timestamp", "face_id", "confidence", "success", *INTENSITIES]
    was, now = recording.to_frame(), back.to_frame()
    pd.testing.assert_frame_equal(now[kept], was[kept], rtol=1e-6)
    angles = [f"pose_{name}" for name in POSE]
    pd.testing.assert_frame_equal(now[angles], was[angles], rtol=1e-4, atol=1e-4)
    if any(counts):
        points = recording.landmarks[:, list(POINTS_68), 0]
        found = back.further[[f"x_{i}" for i in range(68)]].to_numpy()
        assert np.allclose(found, points, rtol=1e-6, equal_nan=True)


def test_a_recording_without_frames_is_a_table_without_rows() -> None:
    written = to_openface(ours([]))
    assert len(written) == 0
    assert {"frame", "AU12_r"} <= set(written.columns)


def test_failed_frames_are_written_as_openface_writes_them() -> None:
    written = to_openface(ours([1, 0]))
    failed = written.iloc[1].drop(["frame", "timestamp"])
    assert (failed == 0).all()
    assert written["frame"].tolist() == [1, 2]


def test_families_that_were_never_measured_are_left_out() -> None:
    # Neither pose nor landmarks.
    table = made_up().to_frame()
    table[[f"pose_{name}" for name in POSE]] = np.nan
    written = to_openface(made_up(table))
    assert list(written.columns) == [
        "frame", "face_id", "timestamp", "confidence", "success", *INTENSITIES,
    ]  # fmt: skip


def test_saving_keeps_what_openface_measured(shared_media: Path, tmp_path: Path) -> None:
    first = Recording.load(shared_media / "OpenFace_Test.csv")
    first.save(tmp_path / "r")
    second = Recording.load(tmp_path / "r")
    assert second.to_frame().equals(first.to_frame())
    assert second.further.shape == (100, 404)
    assert second.metadata == first.metadata
    with pytest.raises(DataError, match="comes from OpenFace"):
        _ = second.landmarks
