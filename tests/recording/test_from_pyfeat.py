"""py-feat's tables become recordings that every later step takes, and come back."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duchenne.action_units.pyfeat import write_pyfeat
from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.faces.blendshapes import BLENDSHAPES
from duchenne.recording import Recording
from duchenne.recording.columns import NO_FACE
from duchenne.recording.from_pyfeat import from_pyfeat, to_pyfeat
from duchenne.recording.summary import summarize
from duchenne.report import write_report
from tests.recording.ours import ours

BOX = {"FaceRectX": 1.0, "FaceRectY": 2.0, "FaceRectWidth": 30.0, "FaceRectHeight": 40.0}
NAN = float("nan")


def table(tmp_path: Path, *rows: Mapping[str, object]) -> Path:
    whole = [{**BOX, "FaceScore": 0.9, "AU12": 0.5, "input": "a.mp4", **row} for row in rows]
    pd.DataFrame(whole).to_csv(tmp_path / "fex.csv", index=False)
    return tmp_path / "fex.csv"


def test_a_real_file_is_a_recording(shared_media: Path, tmp_path: Path) -> None:
    recording = Recording.from_pyfeat(shared_media / "Feat_Test.csv")
    assert recording.metadata.tool == "py-feat"
    assert recording.metadata.source.name == "single_face.jpg"
    assert recording.metadata.source.kind == "picture"
    assert recording.metadata.warnings == ()
    (face,) = summarize(recording)["faces"]
    assert (face["emotion"], face["emotions"]["happy"]) == ("happy", pytest.approx(0.987))
    # Probabilities are no intensities.
    assert recording.further["AU12_p"].iloc[0] == pytest.approx(0.96438, abs=1e-5)
    assert recording.action_units.isna().all(axis=None)
    page = write_report(recording, tmp_path / "r.html").read_text(encoding="utf-8")
    assert "happy" in page


def test_a_real_file_comes_back_as_it_was(shared_media: Path, tmp_path: Path) -> None:
    path = shared_media / "Feat_Test.csv"
    write_pyfeat(to_pyfeat(Recording.load(path)), tmp_path / "w.csv")
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "w.csv"), pd.read_csv(path), rtol=1e-6)


def test_models_that_need_intensities_say_so(shared_media: Path) -> None:
    recording = Recording.from_pyfeat(shared_media / "Feat_Test.csv")
    recording.require(["emotion_happy", "AU12_p"])
    with pytest.raises(DataError, match=r"AU12_r \(intensity.* py-feat gives AU12_p"):
        recording.require(["emotion_happy", "AU12_r"])
    with pytest.raises(DataError, match="pose_yaw is needed"):
        recording.require(["pose_yaw"])
    with pytest.raises(DataError, match="nonsense is needed"):
        recording.require(["nonsense"])
    Recording.from_openface(shared_media / "OpenFace_Test.csv").require(["AU12_r"])


def test_a_video_without_a_clock_and_with_a_lost_face(tmp_path: Path) -> None:
    lost = dict.fromkeys([*BOX, "FaceScore", "AU12"], NAN)
    path = table(tmp_path, {"frame": 0}, {"frame": 5, **lost}, {"frame": 10}, {"frame": 10})
    recording = from_pyfeat(path, fps=20)
    frame = recording.to_frame()
    assert frame["timestamp"].tolist() == [0.0, 0.25, 0.5, 0.5]
    assert frame["face_id"].tolist() == [0, NO_FACE, 0, 1]
    assert frame["success"].tolist() == [1, 0, 1, 1]
    assert recording.metadata.source.kind == "video"
    # Nobody said which face of frame 10 is which.
    assert ["does not follow faces" in w for w in recording.metadata.warnings] == [True]
    assert "25 frames/s assumed" in from_pyfeat(path).metadata.warnings[0]


def test_many_pictures_keep_their_names(tmp_path: Path) -> None:
    path = table(tmp_path, {"frame": 0, "input": "a.jpg"}, {"frame": 1, "input": "b.jpg"})
    recording = from_pyfeat(path)
    recording.save(tmp_path / "r")
    recording = Recording.load(tmp_path / "r")
    assert recording.metadata.source.kind == "folder"
    assert recording.further["input"].tolist() == ["a.jpg", "b.jpg"]
    assert to_pyfeat(recording)["input"].tolist() == ["a.jpg", "b.jpg"]


def test_the_mediapipe_detectors_blendshapes_are_ours(tmp_path: Path) -> None:
    path = table(tmp_path, {"frame": 0, "jawOpen": 0.25})
    assert from_pyfeat(path).blendshapes["bs_jawOpen"].tolist() == [0.25]


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=4))
def test_what_pyfeat_can_hold_of_ours_survives(counts: list[int]) -> None:
    recording = ours(counts)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        write_pyfeat(to_pyfeat(recording), path)
        back = from_pyfeat(path, fps=10)
    was, now = recording.to_frame(), back.to_frame()
    kept = ["frame", "timestamp", "face_id", "success", "confidence"]
    kept += ["face_x", "face_y", "face_width", "face_height"]
    kept += [f"emotion_{name}" for name in EMOTIONS] + [f"bs_{name}" for name in BLENDSHAPES]
    kept += [name for name in was if name.startswith("AU")]
    pd.testing.assert_frame_equal(now[kept], was[kept], rtol=1e-6)
