from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from duchenne.evaluation.datasets.face_attributes import HEADS
from duchenne.evaluation.datasets.rafdb import read_rafdb
from duchenne.evaluation.emotion.attribute_network import AttributeNetwork
from tests.attribute_sets import make_rafdb, make_utkface
from tests.cli.missing import without_extra
from tests.cli.running import Runner


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(monkeypatch, capsys)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recipe attributes_cnn with a network that trains in no time."""
    pytest.importorskip("lightning", reason="training needs the extra: train")
    pytest.importorskip("onnxscript", reason="training needs the extra: train")
    from torch import nn

    from duchenne.learning.multi_task_configs import ATTRIBUTES_RECIPES
    from duchenne.learning.networks import FACTS, NETWORKS, NetworkFacts

    def build(classes: int) -> nn.Module:
        return nn.Sequential(nn.AvgPool2d(4), nn.Flatten(), nn.Linear(144, classes))

    monkeypatch.setitem(NETWORKS, "quick", build)
    monkeypatch.setitem(FACTS, "quick", NetworkFacts(build, 48, 1, "2", "made up"))
    recipe = ATTRIBUTES_RECIPES["attributes_cnn"]
    quick = replace(recipe, network="quick", dropouts=(), batch_size=16, precision="32-true")
    monkeypatch.setitem(ATTRIBUTES_RECIPES, "attributes_cnn", quick)


@pytest.fixture
def sets(tmp_path: Path) -> tuple[Path, Path]:
    """Made-up RAF-DB and UTKFace."""
    return make_rafdb(tmp_path / "rafdb"), make_utkface(tmp_path / "utkface")


@pytest.fixture
def stopped_after_one_epoch(monkeypatch: pytest.MonkeyPatch, quick: None) -> list[bool]:
    """Ctrl-C in the second epoch, for as long as the list says so."""
    from duchenne.learning.multi_task_module import AttributesModule

    step, stopping = AttributesModule.training_step, [True]

    def interrupted(self: AttributesModule, batch: Any, index: int) -> object:
        if stopping[0] and self.current_epoch == 1:
            raise KeyboardInterrupt
        return step(self, batch, index)

    monkeypatch.setattr(AttributesModule, "training_step", interrupted)
    return stopping


def test_three_sets_make_one_network_of_four_answers(
    run: Runner,
    sets: tuple[Path, Path],
    tiny_fer_csv: Path,
    tmp_path: Path,
    stopped_after_one_epoch: list[bool],
) -> None:
    rafdb, utkface = sets
    own = ("train", "attributes", "--data", f"rafdb={rafdb}", "--data", f"utkface={utkface}")
    usual = (*own, "--data", f"fer={tiny_fer_csv}", "--runs", str(tmp_path / "runs"))
    broken = run(*usual, "--epochs", 2)
    assert broken.code == 130
    assert "are kept: 1; the same command goes on." in broken.err
    stopped_after_one_epoch[0] = False
    done = run(*usual, "--epochs", 2)
    assert done.code == 0, done.err
    assert "Going on after epoch 1" in done.err
    assert all(f"{head} " in done.out for head in HEADS)
    folder = tmp_path / "runs" / "attributes_cnn"
    with (folder / "history.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["0", "1"]
    assert all(0 <= float(rows[0][f"val_accuracy_{head}"]) <= 1 for head in HEADS)
    assert (folder / "curves.png").read_bytes().startswith(b"\x89PNG")
    before, mine = (folder / "last.ckpt").read_bytes(), tmp_path / "mine.onnx"
    said = json.loads(run(*usual, "--export-only", "--export", mine, "--json").out)["models"]
    assert [Path(one["file"]).name for one in said] == ["attributes_cnn.onnx", "mine.onnx"]
    assert (folder / "last.ckpt").read_bytes() == before
    network = AttributeNetwork(mine)
    assert {k: v.shape for k, v in network.predict(read_rafdb(rafdb).images).items()} == {
        head: (44, len(classes)) for head, classes in HEADS.items()
    }
    card = network.card
    assert card.numbers[0].data == "RAF-DB and UTKFace and FER-2013 Validation"
    assert card.retrain.count("--data") == 3
    assert card.retrain.endswith("--config attributes_cnn --epochs 2")
    assert any("UTKFace names no persons" in limit for limit in card.limits)
    assert "emotion 2, gender 0.1, age 4, ethnicity 1.5" in card.training["loss"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--config", "nothing"), "No recipe 'nothing' for attributes"),
        (("--data", "rafdb"), "--data rafdb should be one of rafdb=PATH, utkface=PATH, fer=PATH."),
        (("--data", "celeba=x"), "--data celeba=x should be one of"),
        (("--data", "utkface=nowhere"), "No UTKFace at nowhere"),
        (("--data", "rafdb=nowhere"), "No RAF-DB at nowhere"),
        (("--level-eyes",), "--level-eyes is for UTKFace"),
        (("--export", "mine.pt"), "should end in .onnx"),
        (("--export-only",), "holds no training of attributes_cnn"),
    ],
)
@pytest.mark.usefixtures("quick")
def test_a_mistake_is_one_sentence(
    arguments: tuple[str, ...], message: str, run: Runner, sets: tuple[Path, Path], tmp_path: Path
) -> None:
    usual = ("train", "attributes", "--data", f"rafdb={sets[0]}", "--runs", tmp_path / "runs")
    done = run(*usual, *arguments)
    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err


@pytest.mark.usefixtures("quick")
def test_sets_without_a_label_are_named(run: Runner, sets: tuple[Path, Path]) -> None:
    done = run("train", "attributes", "--data", f"utkface={sets[1]}", "--runs", sets[1] / "runs")
    assert done.code == 2
    assert "No Training row has a label of emotion: add a data set that has" in done.err


@pytest.mark.parametrize("missing", ["torch", "lightning"])
def test_without_the_extra_it_says_what_to_install(
    missing: str, monkeypatch: pytest.MonkeyPatch, run: Runner, tmp_path: Path
) -> None:
    without_extra(monkeypatch, missing)
    done = run("train", "attributes", "--data", "rafdb=x", "--runs", tmp_path / "runs")
    assert done.code == 2
    assert "pip install 'duchenne[train]'" in done.err
    assert not (tmp_path / "runs").exists()
