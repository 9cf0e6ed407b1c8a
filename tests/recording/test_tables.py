"""Tables are told apart by their columns, and what is no table is told in a sentence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from duchenne.errors import DataError
from duchenne.recording import Recording
from duchenne.recording.tables import false_clock, nominal_fps
from tests.report.made_up import recording


@pytest.mark.parametrize(
    ("header", "row", "tool"),
    [
        ("frame, timestamp, confidence, AU12_r", "1, 0, 1, 1", "OpenFace"),
        ("FaceRectX,FaceRectY,FaceScore", "1,2,0.5", "py-feat"),
    ],
)
def test_columns_tell_the_tool(tmp_path: Path, header: str, row: str, tool: str) -> None:
    path = tmp_path / "t.CSV"
    path.write_text(f"{header}\n{row}\n")
    assert Recording.load(path).metadata.tool == tool


def test_a_clock_may_be_given(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("frame, confidence, success, AU12_r\n1, 0.9, 1, 2.0\n2, 0.9, 1, 2.5\n")
    assert Recording.load(path, fps=50).to_frame()["timestamp"].tolist() == [0.0, 0.02]
    with pytest.raises(DataError, match="fps must be a number above 0"):
        Recording.load(path, fps=0)
    with pytest.raises(DataError, match="has times of its own: fps is for"):
        Recording.load(tmp_path, fps=25)


def test_other_tables_are_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="neither an OpenFace nor a py-feat table"):
        Recording.load(path)
    recording().to_frame().to_csv(path, index=False)
    with pytest.raises(DataError, match="give the recording's folder"):
        Recording.load(path)


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ([0, 0.04, 0.08], ""),
        ([0, 0.001, 0.002], "1000 frames/s"),
        ([0, 0.04, 0.04], "do not grow"),
        ([0, float("nan"), 1], "without a time"),
        ([0], ""),
    ],
)
def test_false_clocks_are_found(times: list[float], words: str) -> None:
    rows = pd.DataFrame({"frame": range(len(times)), "timestamp": times})
    found = false_clock(rows)
    assert words in found
    assert bool(found) is bool(words)


def test_the_clock_tells_the_speed_of_skipped_frames_too() -> None:
    rows = pd.DataFrame({"frame": [0, 3, 6], "timestamp": [0, 0.1, 0.2]})
    assert nominal_fps(rows) == pytest.approx(30)
    assert nominal_fps(rows[:1]) is None
