"""``duchenne analyze`` as a person uses it: files, exit codes, sentences."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from PIL import Image

from duchenne.recording import Recording
from tests.media.videos import write_video


def duchenne(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from duchenne.cli import main; main()"]
    return subprocess.run(
        [*command, *map(str, arguments)], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory, astronaut: NDArray[np.uint8]) -> Path:
    path = tmp_path_factory.mktemp("media") / "astronaut.png"
    Image.fromarray(astronaut).save(path)
    return path


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five grey frames without a face."""
    return write_video(tmp_path_factory.mktemp("media") / "grey.mp4", range(0, 200, 40))


def test_a_picture_gives_table_report_and_drawing(picture: Path, tmp_path: Path) -> None:
    done = duchenne("analyze", picture, "--out", tmp_path, "--csv", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    summary = json.loads(done.stdout)
    assert summary["faces"][0]["emotion"] == "happy"
    folder = tmp_path / "astronaut"
    assert summary["out"] == str(folder)
    assert {p.name for p in folder.iterdir()} == {
        "recording.parquet", "recording.json", "recording.csv", "report.html", "annotated.png",
    }  # fmt: skip
    table = pd.read_csv(folder / "recording.csv")
    assert table["success"].tolist() == [1]
    drawn = np.asarray(Image.open(folder / "annotated.png"))
    original = np.asarray(Image.open(picture))
    changed = (drawn != original).any(axis=2)
    assert drawn.shape == original.shape
    assert 0.001 < changed.mean() < 0.2
    assert "happy" in (folder / "report.html").read_text(encoding="utf-8")


def test_a_clip_without_faces_is_no_error(clip: Path, tmp_path: Path) -> None:
    done = duchenne("analyze", clip, "--out", tmp_path)
    assert done.returncode == 0
    assert "0 of 5 frames with a face" in done.stdout
    report = (tmp_path / "grey" / "report.html").read_text(encoding="utf-8")
    assert "no face" in report.lower()


def test_no_report_when_not_wanted(clip: Path, tmp_path: Path) -> None:
    duchenne("analyze", clip, "--out", tmp_path, "--no-report", "--every", 2)
    assert not (tmp_path / "grey" / "report.html").exists()
    table = pd.read_parquet(tmp_path / "grey" / "recording.parquet", columns=["frame"])
    assert table["frame"].tolist() == [0, 2, 4]


def test_what_is_no_media_is_one_sentence_and_exit_2(tmp_path: Path) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("Dear diary,\n" * 100)
    done = duchenne("analyze", text, "--out", tmp_path / "o")
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "notes.mp4" in done.stderr


def test_one_bad_source_does_not_stop_the_others(clip: Path, tmp_path: Path) -> None:
    done = duchenne("analyze", tmp_path / "none.mp4", clip, "--out", tmp_path / "o", "--json")
    assert done.returncode == 1
    assert "none.mp4 does not exist" in done.stderr
    assert json.loads(done.stdout)["frames"] == 5


def test_sources_of_one_name_get_folders_of_their_own(clip: Path, tmp_path: Path) -> None:
    other = tmp_path / "grey.mp4"
    other.write_bytes(clip.read_bytes())
    out = tmp_path / "o"
    duchenne("analyze", clip, other, "--out", out, "--no-report")
    assert sorted(p.name for p in out.iterdir()) == ["grey", "grey-2"]
    # The same source again takes its own folder again, and nobody else's.
    duchenne("analyze", other, "--out", out, "--no-report")
    assert sorted(p.name for p in out.iterdir()) == ["grey", "grey-2"]


@pytest.mark.parametrize("name", ["-x .mp4", "..mp4", "a\nb.mp4", "表情.mp4"])
def test_strange_names_stay_inside_the_output(clip: Path, tmp_path: Path, name: str) -> None:
    strange = tmp_path / name
    strange.write_bytes(clip.read_bytes())
    out = tmp_path / "o"
    done = duchenne("analyze", "--out", out, "--no-report", "--", strange)
    assert done.returncode == 0, done.stderr
    (folder,) = out.iterdir()
    assert "\n" not in folder.name
    assert not folder.name.startswith((".", "-"))
    assert (folder / "recording.parquet").exists()


@pytest.mark.parametrize(
    "options",
    [
        ["--every", "0"],
        ["--start", "9"],
        ["--detector", "magic"],
        ["--faces", "0"],
        ["--end", "-1"],
    ],
)
def test_options_without_sense_exit_2(clip: Path, tmp_path: Path, options: list[str]) -> None:
    done = duchenne("analyze", clip, "--out", tmp_path, *options)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_people_are_named_by_option_and_by_manifest(clip: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "people.csv"
    manifest.write_text(f"source,person\n{clip},anna\n{clip},\n")
    out = tmp_path / "o"
    done = duchenne(
        "analyze", "--manifest", manifest, "--person", "ben", "--out", out, "--no-report", "--json"
    )
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["person"] for line in done.stdout.splitlines()] == ["anna", "ben"]
    assert Recording.load(out / "grey").metadata.person == "anna"


def test_neither_source_nor_manifest_is_a_mistake(tmp_path: Path) -> None:
    done = duchenne("analyze", "--out", tmp_path)
    assert done.returncode == 2
    assert "--manifest" in done.stderr


def test_a_finished_source_is_told_and_made_anew_on_demand(clip: Path, tmp_path: Path) -> None:
    arguments = ("analyze", clip, "--out", tmp_path, "--no-report")
    assert duchenne(*arguments).stderr == ""
    table = tmp_path / "grey" / "recording.parquet"
    first = table.stat().st_mtime_ns
    again = duchenne(*arguments)
    assert (again.returncode, table.stat().st_mtime_ns) == (0, first)
    assert "--again" in again.stderr
    anew = duchenne(*arguments, "--again")
    assert anew.stderr == ""
    assert table.stat().st_mtime_ns > first


def test_an_output_that_cannot_be_written_is_one_sentence(clip: Path, tmp_path: Path) -> None:
    (tmp_path / "o").write_text("a file where the folder should be")
    done = duchenne("analyze", clip, "--out", tmp_path / "o")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_describe_explains_every_column(clip: Path, tmp_path: Path) -> None:
    duchenne("analyze", clip, "--out", tmp_path, "--no-report")
    done = duchenne("describe", tmp_path / "grey" / "recording.parquet")
    assert done.returncode == 0
    assert "5 rows, 0 of 5 frames with a face" in done.stdout
    for column in ("timestamp", "pose_yaw", "emotion_happy", "AU12_r", "landmarks"):
        assert f"\n{column} " in done.stdout
    answer = json.loads(duchenne("describe", "--json").stdout)
    assert {"column": "timestamp", "unit": "s"}.items() <= answer["columns"][1].items()
    assert duchenne("describe", tmp_path / "nothing").returncode == 2


def test_models_are_listed_with_their_licences() -> None:
    done = duchenne("models", "list")
    assert done.returncode == 0
    assert "face_landmarker  Apache-2.0" in done.stdout
    assert "verified" in done.stdout


def test_help_names_every_verb() -> None:
    done = duchenne("--help")
    for verb in ("analyze", "describe", "evaluate", "models", "train"):
        assert f"\n  {verb} " in done.stdout
    assert duchenne("nonsense").returncode == 2


def test_two_faces_of_a_real_clip(shared_media: Path, tmp_path: Path) -> None:
    done = duchenne("analyze", shared_media / "two_faces.gif", "--out", tmp_path, "--json")
    faces = json.loads(done.stdout)["faces"]
    assert [(face["face_id"], face["frames"]) for face in faces] == [(0, 56), (1, 56)]


def test_another_emotion_network_can_be_named(picture: Path, tmp_path: Path) -> None:
    done = duchenne("analyze", picture, "--out", tmp_path, "--emotion-model", "emotion_cnn")
    assert done.returncode == 0, done.stderr
    models = {model.name for model in Recording.load(tmp_path / "astronaut").metadata.models}
    assert "emotion_cnn" in models
    done = duchenne("analyze", picture, "--out", tmp_path, "--emotion-model", "nothing")
    assert done.returncode == 2
    assert "nothing" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
