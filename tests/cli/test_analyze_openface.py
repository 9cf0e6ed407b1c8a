"""``duchenne analyze --au openface``, with a stand-in for OpenFace."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from duchenne.action_units.openface_program import VARIABLE
from duchenne.recording import Recording
from tests.cli.running import Runner
from tests.media.videos import write_video
from tests.openface_standin import install

# The astronaut's face in her picture: brows to chin, ear to ear.
FACE = (180.0, 85.0, 90.0, 100.0)


@pytest.fixture
def duchenne(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    monkeypatch.delenv(VARIABLE, raising=False)
    return Runner(monkeypatch, capsys)


@pytest.fixture
def picture(tmp_path: Path, astronaut: NDArray[np.uint8]) -> Path:
    path = tmp_path / "astronaut.png"
    Image.fromarray(astronaut).save(path)
    return path


def test_openfaces_units_replace_ours(duchenne: Runner, picture: Path, tmp_path: Path) -> None:
    place = install(tmp_path / "of", [(1, 0, *FACE, 2.25)])
    out = tmp_path / "o"
    arguments = ("analyze", picture, "--out", out, "--au", "openface", "--openface", place)
    done = duchenne(*arguments, "--json", "--csv")
    assert (done.code, done.err) == (0, "")
    assert set(json.loads(done.out)["faces"][0]["action_units"].values()) >= {2.25}
    recording = Recording.load(out / "astronaut")
    assert recording.to_frame()["AU12_r"].tolist() == [2.25]
    assert recording.further["AU12_c"].tolist() == [1.0]
    assert recording.landmarks.shape == (1, 478, 3)
    assert recording.emotions.iloc[0].idxmax() == "emotion_happy"
    openface = recording.metadata.models[-1]
    assert (openface.name, openface.file) == ("OpenFace", "FaceLandmarkImg")
    assert recording.metadata.options["au"] == "openface"
    page = (out / "astronaut" / "report.html").read_text(encoding="utf-8")
    assert "FaceLandmarkImg" in page
    # The same again is complete; without OpenFace it is another analysis.
    assert "complete from an earlier run" in duchenne(*arguments).err
    assert duchenne("analyze", picture, "--out", out).err == ""
    assert Recording.load(out / "astronaut").to_frame()["AU12_r"].iloc[0] > 3
    assert Recording.load(out / "astronaut").further.empty


def test_a_video_is_for_feature_extraction(duchenne: Runner, tmp_path: Path) -> None:
    clip = write_video(tmp_path / "grey.mp4", range(0, 120, 40))
    place = install(tmp_path / "of", [(1, 0), (2, 0), (3, 0)])
    done = duchenne(
        "analyze", clip, "--out", tmp_path / "o", "--au", "openface", "--openface", place
    )
    assert (done.code, done.err) == (0, "")
    assert "OpenFace's, which follows one face" in done.out
    recording = Recording.load(tmp_path / "o" / "grey")
    assert recording.metadata.models[-1].file == "FeatureExtraction"
    assert len(recording) == 3


def test_a_face_that_openface_misses_has_no_units(
    duchenne: Runner, picture: Path, tmp_path: Path
) -> None:
    place = install(tmp_path / "of", [])
    arguments = ["--out", tmp_path / "o", "--au", "openface", "--openface", place, "--json"]
    done = duchenne("analyze", picture, *arguments)
    assert (done.code, done.err) == (0, "")
    (face,) = json.loads(done.out)["faces"]
    assert face["emotion"] == "happy"
    assert set(face["action_units"].values()) == {None}


def test_a_missing_openface_is_one_sentence(
    duchenne: Runner, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    done = duchenne("analyze", picture, "--out", tmp_path / "o", "--au", "openface")
    assert (done.code, done.out) == (2, "")
    assert "install OpenFace 2.2" in done.err
    assert len(done.err.splitlines()) == 1
    assert not (tmp_path / "o").exists()


def test_an_openface_that_fails_is_one_sentence(
    duchenne: Runner, picture: Path, tmp_path: Path
) -> None:
    place = install(tmp_path / "of", [], fails=True)
    arguments = ["--out", tmp_path / "o", "--au", "openface", "--openface", place]
    done = duchenne("analyze", picture, *arguments)
    assert (done.code, done.out) == (2, "")
    assert "astronaut.png: Could not open the input file." in done.err


def test_a_place_without_openface_is_a_mistake(duchenne: Runner, picture: Path) -> None:
    done = duchenne("analyze", picture, "--out", picture.parent / "o", "--openface", "/x")
    assert done.code == 2
    assert "--au openface" in done.err
