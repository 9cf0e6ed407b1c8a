from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from duchenne.cli.experiment import _weights
from tests.cli.running import Runner
from tests.crop_sets import tiny_crops, write_frames, write_pedfe_crops


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(monkeypatch, capsys)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> str:
    """The experiment 4.7-cnn3d-sgd, small enough for a test; returns its name."""
    pytest.importorskip("lightning", reason="training needs the extra: train")
    from duchenne.evaluation.video_sets import two_task_scores
    from duchenne.learning.experiments import networks_on_crops
    from duchenne.learning.experiments.catalogue import EXPERIMENTS
    from duchenne.learning.experiments.config import Size

    # Pictures take longer than the training.
    monkeypatch.setattr(two_task_scores, "_confusion", lambda report, title: None)
    for module in (two_task_scores, networks_on_crops):
        monkeypatch.setattr(module, "save_figure", lambda figure, path: path.write_bytes(b""))
    name = "4.7-cnn3d-sgd"
    monkeypatch.setitem(EXPERIMENTS, name, replace(EXPERIMENTS[name], reduced=Size(16, 2, 1, 8)))
    return name


def _manifest(folder: Path, face: NDArray[np.uint8]) -> Path:
    lines = ["path,label,subject,emotion"]
    for subject, kind in (("a", "posed"), ("b", "genuine")):
        write_frames(folder / subject, face, frames=2)
        lines.append(f"{subject},{kind},{subject},happy")
    path = folder / "clips.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_faces_are_cut_out_of_videos_once(
    run: Runner, tmp_path: Path, astronaut: NDArray[np.uint8]
) -> None:
    manifest = _manifest(tmp_path, astronaut[:300, 100:400])
    out, frames = tmp_path / "crops", tmp_path / "frames"
    arguments = ("experiment", "crops", manifest, "--out", out, "--frames", 2)
    done = run(*arguments, "--thesis-names", frames)
    assert done.code == 0
    assert "2 of 2 clips, 2 of them new" in done.out
    assert sorted(path.name for path in frames.glob("*.jpg")) == [
        *("0_1_0.jpg", "0_1_1.jpg", "1_1_2.jpg", "1_1_3.jpg"),
    ]
    assert "0 of them new" in run(*arguments).out


def test_a_clip_that_cannot_be_read_is_named(
    run: Runner, tmp_path: Path, astronaut: NDArray[np.uint8]
) -> None:
    manifest = _manifest(tmp_path, astronaut[:300, 100:400])
    (tmp_path / "c.mp4").write_bytes(b"nothing")
    manifest.write_text(manifest.read_text() + "c.mp4,posed,c,happy\n")
    done = run(
        *("experiment", "crops", manifest, "--out", tmp_path / "crops", "--frames", 2),
        *("--detector", "haar"),
    )
    assert done.code == 1
    assert "c.mp4" in done.err


def test_experiments_run_and_make_tables(run: Runner, quick: str, tmp_path: Path) -> None:
    data = write_pedfe_crops(tmp_path, tiny_crops(people=5, frames=2))
    out = tmp_path / "out"
    arguments = ("experiment", "run", quick, "--data", data, "--out", out, "--size", "reduced")
    done = run(*arguments)
    assert done.code == 0, done.err
    assert "both right" in done.out
    assert "there already" in run(*arguments).err
    table = run("experiment", "table", "4.7", "--out", out)
    row = next(line for line in table.out.splitlines() if f"`{quick}`" in line)
    assert "| 13.33 |" in row
    same = run("experiment", "compare", quick, quick, "--out", out)
    assert "overall  +0.000 (+0.000 to +0.000)" in same.out
    # The same as JSON; nothing but JSON is on standard output.
    (result,) = json.loads(run(*arguments, "--json").out)["experiments"]
    assert 0 <= result["overall"]["accuracy"]["value"] <= 1
    paired = json.loads(run("experiment", "compare", quick, quick, "--out", out, "--json").out)
    assert (paired["first"], paired["differences"]["overall"]["value"]) == (quick, 0.0)


def test_one_that_cannot_be_run_does_not_stop_the_others(
    run: Runner, quick: str, tmp_path: Path
) -> None:
    data = write_pedfe_crops(tmp_path, tiny_crops(people=5, frames=2))
    done = run(
        *("experiment", "run", "4.7-x3d", quick, "--data", data, "--out", tmp_path / "out"),
        *("--size", "reduced"),
    )
    assert done.code == 1
    assert "--weights x3d_s=FILE" in done.err
    assert f"{quick}\n" in done.out


def test_one_alone_that_cannot_be_run_is_an_error(run: Runner, quick: str, tmp_path: Path) -> None:
    data = write_pedfe_crops(tmp_path, tiny_crops(people=5, frames=2))
    done = run(
        *("experiment", "run", "4.7-x3d", "--data", data, "--out", tmp_path / "out"),
        *("--size", "reduced"),
    )
    assert (done.code, done.out) == (2, "")
    assert "--weights x3d_s=FILE or --weights none" in done.err


def test_weights_are_a_file_for_a_network_or_none_at_all() -> None:
    assert _weights("none") == ("*", "none")
    assert _weights("vgg16=a=b.pt") == ("vgg16", "a=b.pt")


def test_only_the_emotions_asked_for_are_cut_out(
    run: Runner, tmp_path: Path, astronaut: NDArray[np.uint8]
) -> None:
    manifest = _manifest(tmp_path, astronaut[:300, 100:400])
    manifest.write_text(manifest.read_text().replace("b,happy", "b,sad"))
    arguments = ("experiment", "crops", manifest, "--out", tmp_path / "crops", "--frames", 2)
    assert "1 of 1 clips" in run(*arguments, "--emotions", "anger, sadness").out


def test_every_experiment_is_listed(run: Runner) -> None:
    pytest.importorskip("lightning", reason="training needs the extra: train")
    listed = run("experiment", "list").out
    assert "4.6: Two tasks: which losses, combined how" in listed
    assert "4.7-slow-r50" in listed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "4.9", "--data", ".", "--out", "x"), "No recipe '4.9' for an experiment"),
        (("run", "ours", "--data", ".", "--out", "x"), "holds no crops"),
        (("run", "all", "--data", ".", "--out", "x", "--weights", "vgg16"), "NETWORK=FILE"),
        (("table", "5", "--out", "x"), "no table '5'"),
        (("compare", "4.3-vgg16", "4.3-irv1", "--out", "x"), "no finished experiment"),
        (("crops", ".", "--out", "x"), "no layout is given"),
        (("crops", ".", "--out", "x", "--from", "0.9", "--to", "0.4"), "first to a last share"),
    ],
)
def test_a_mistake_is_one_sentence(
    run: Runner,
    arguments: tuple[str, ...],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("lightning", reason="training needs the extra: train")
    monkeypatch.chdir(tmp_path)
    done = run("experiment", *arguments)
    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err
