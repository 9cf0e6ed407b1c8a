from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from duchenne.cli import main
from duchenne.emotion.classifier import EmotionClassifier
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.weights import card as card_module
from tests.cli.missing import without_extra


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """The exit code of ``duchenne train emotion ...``."""
    monkeypatch.setattr(sys, "argv", ["duchenne", "train", "emotion", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recipe emotion_cnn with a network that trains in no time."""
    pytest.importorskip("lightning", reason="training needs the extra: train")
    pytest.importorskip("onnxscript", reason="training needs the extra: train")
    from torch import nn

    from duchenne.learning.networks import NETWORKS
    from duchenne.learning.recipes import EMOTION_RECIPES

    def build(classes: int) -> nn.Module:
        return nn.Sequential(nn.AvgPool2d(4), nn.Flatten(), nn.Linear(144, classes))

    monkeypatch.setitem(NETWORKS, "quick", build)
    recipe = replace(EMOTION_RECIPES["emotion_cnn"], network="quick", precision="32-true")
    monkeypatch.setitem(EMOTION_RECIPES, "emotion_cnn", recipe)


@pytest.mark.usefixtures("quick")
def test_training_leaves_curves_history_and_a_model_that_runs(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_fer: Fer2013,
    tiny_fer_csv: Path,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(card_module, "WEIGHTS", tmp_path / "package")
    usual = ("--data", tiny_fer_csv, "--runs", tmp_path / "runs", "--epochs")
    assert run(monkeypatch, *usual, 1) == 0
    assert "Going on" not in capsys.readouterr().err
    assert run(monkeypatch, *usual, 2, "--export", tmp_path / "mine.onnx", "--ship", "ours") == 0
    out, err = capsys.readouterr()
    assert "Going on after epoch 1" in err
    assert out.count("PublicTest accuracy") == 3
    folder = tmp_path / "runs" / "emotion_cnn"
    assert len((folder / "history.csv").read_text().splitlines()) == 3
    assert (folder / "curves.png").read_bytes().startswith(b"\x89PNG")
    models = [folder / "emotion_cnn.onnx", tmp_path / "mine.onnx", tmp_path / "package/ours.onnx"]
    answers = [EmotionClassifier(model).predict(tiny_fer.images) for model in models]
    for answer in answers[1:]:
        np.testing.assert_array_equal(answer, answers[0])
    assert EmotionClassifier(models[1]).card.name == "mine"
    assert run(monkeypatch, *usual[:-1], "--export-only", "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)["models"]
    assert told["file"] == str(models[0])
    assert Path(told["card"]).is_file()


@pytest.mark.usefixtures("quick")
def test_ctrl_c_says_what_is_kept(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_fer_csv: Path,
    tmp_path: Path,
) -> None:
    from duchenne.learning.module import EmotionModule

    step = EmotionModule.training_step

    def interrupted(self: EmotionModule, batch: Any, index: int) -> object:
        if self.current_epoch == 1:
            raise KeyboardInterrupt
        return step(self, batch, index)

    monkeypatch.setattr(EmotionModule, "training_step", interrupted)
    assert run(monkeypatch, "--data", tiny_fer_csv, "--runs", tmp_path, "--epochs", 3) == 130
    err = capsys.readouterr().err
    assert "1 finished epoch of emotion_cnn is kept; the same command goes on." in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--config", "nothing"), "No recipe 'nothing'"),
        (("--data", "nowhere"), "No FER-2013 at nowhere"),
        (("--epochs", "0"), "0 is not in the range"),
        (("--export", "mine.pt"), "should end in .onnx"),
        (("--ship", "../mine"), "should be a plain name"),
        (("--export-only",), "holds no training of emotion_cnn"),
    ],
)
@pytest.mark.usefixtures("quick")
def test_a_mistake_is_one_sentence(
    arguments: tuple[str, ...],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_fer_csv: Path,
    tmp_path: Path,
) -> None:
    usual = ("--data", tiny_fer_csv, "--runs", tmp_path / "runs")
    assert run(monkeypatch, *usual, *arguments) == 2
    err = capsys.readouterr().err
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize("missing", ["torch", "lightning"])
def test_without_the_extra_it_says_what_to_install(
    missing: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_fer_csv: Path,
    tmp_path: Path,
) -> None:
    without_extra(monkeypatch, missing)
    arguments = ("--data", tiny_fer_csv, "--runs", tmp_path / "runs")
    assert run(monkeypatch, *arguments) == 2
    assert "pip install 'duchenne[train]'" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()
