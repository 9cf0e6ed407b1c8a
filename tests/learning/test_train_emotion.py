from __future__ import annotations

import shutil
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")
pytest.importorskip("lightning", reason="learning needs the extra: train")

from duchenne.errors import DataError, ModelError
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.learning.checkpoints import RunFolder, best_accuracy, read_checkpoint, read_history
from duchenne.learning.module import EmotionModule
from duchenne.learning.recipes import EMOTION_RECIPES, emotion_recipe
from duchenne.learning.train_emotion import finished_epochs, train_emotion

RECIPE = replace(emotion_recipe("emotion_cnn"), network="tiny", precision="32-true")
ANNEALED = replace(
    emotion_recipe("emotion_cnn_annealed"),
    network="tiny",
    precision="32-true",
    epochs=2,
    start_epochs=1,
)


def _weights(folder: RunFolder) -> dict[str, Any]:
    weights: dict[str, Any] = read_checkpoint(folder.last)["state_dict"]
    return weights


def _assert_same(one: RunFolder, other: RunFolder) -> None:
    left, right = _weights(one), _weights(other)
    assert left.keys() == right.keys()
    for name, value in left.items():
        torch.testing.assert_close(value, right[name], rtol=0, atol=0, msg=name)
    assert read_history(one.history) == read_history(other.history)


@pytest.fixture(scope="module")
def unbroken(tiny_fer: Fer2013, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Three epochs in one go."""
    runs = tmp_path_factory.mktemp("unbroken")
    return train_emotion(RECIPE, tiny_fer, runs, epochs=3).folder


def test_a_training_leaves_checkpoints_and_a_history(unbroken: RunFolder) -> None:
    rows = read_history(unbroken.history)
    assert [row["epoch"] for row in rows] == ["0", "1", "2"]
    assert unbroken.best.exists()
    best = max(float(row["val_accuracy"]) for row in rows)
    assert best_accuracy(read_checkpoint(unbroken.last)) == pytest.approx(best, abs=1e-5)


def test_two_epochs_and_one_make_the_same_weights_as_three(
    unbroken: RunFolder, tiny_fer: Fer2013, tmp_path: Path
) -> None:
    train_emotion(RECIPE, tiny_fer, tmp_path, epochs=2)
    resumed = train_emotion(RECIPE, tiny_fer, tmp_path, epochs=3)
    assert resumed.epochs == 3
    _assert_same(resumed.folder, unbroken)


def test_ctrl_c_keeps_the_finished_epochs_and_the_same_call_goes_on(
    unbroken: RunFolder, tiny_fer: Fer2013, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = EmotionModule.training_step

    def interrupted(self: EmotionModule, batch: Any, index: int) -> Any:
        if self.current_epoch == 1 and index == 1:
            raise KeyboardInterrupt
        return step(self, batch, index)

    before = signal.getsignal(signal.SIGINT)
    with monkeypatch.context() as patch:
        patch.setattr(EmotionModule, "training_step", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train_emotion(RECIPE, tiny_fer, tmp_path, epochs=3)
    assert signal.getsignal(signal.SIGINT) is before
    assert finished_epochs(RECIPE, tmp_path) == 1
    _assert_same(train_emotion(RECIPE, tiny_fer, tmp_path, epochs=3).folder, unbroken)


def test_a_row_without_its_checkpoint_is_not_kept_twice(
    unbroken: RunFolder, tiny_fer: Fer2013, tmp_path: Path
) -> None:
    folder = train_emotion(RECIPE, tiny_fer, tmp_path, epochs=2).folder
    with folder.history.open("a") as file:
        file.write("2,9,9,9,9\n")
    train_emotion(RECIPE, tiny_fer, tmp_path, epochs=3)
    assert read_history(folder.history) == read_history(unbroken.history)


def test_a_moved_run_remembers_its_best_epoch(
    unbroken: RunFolder, tiny_fer: Fer2013, tmp_path: Path
) -> None:
    shutil.copytree(unbroken.path, tmp_path / RECIPE.name)
    folder = RunFolder(tmp_path / RECIPE.name)
    _mend(folder.last, best_model_score=torch.tensor(2.0))  # better than any epoch can be
    kept = folder.best.read_bytes()
    trained = train_emotion(RECIPE, tiny_fer, tmp_path, epochs=4)
    assert trained.best_accuracy == 2.0
    assert folder.best.read_bytes() == kept


def _mend(path: Path, **values: Any) -> None:
    """Change the callback's state, and store it under the name it had in older checkpoints."""
    state = read_checkpoint(path)
    (own,) = [v for v in state["callbacks"].values() if "best_model_score" in v]
    state["callbacks"] = {"_BestCheckpoint{'monitor': 'val_accuracy'}": own | values}
    torch.save(state, path)


def test_a_finished_training_is_not_touched(unbroken: RunFolder, tiny_fer: Fer2013) -> None:
    before = unbroken.last.stat().st_mtime_ns
    trained = train_emotion(RECIPE, tiny_fer, unbroken.path.parent, epochs=2)
    assert trained.epochs == 3
    assert unbroken.last.stat().st_mtime_ns == before


def test_a_recipe_that_continues_another_trains_that_first(
    tiny_fer: Fer2013, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EMOTION_RECIPES, RECIPE.name, RECIPE)
    trained = train_emotion(ANNEALED, tiny_fer, tmp_path)
    assert finished_epochs(RECIPE, tmp_path) == 1
    state = read_checkpoint(trained.folder.last)
    assert state["epochs_before"] == 1
    assert state["optimizer_states"][0]["param_groups"][0]["lr"] == pytest.approx(0.0)
    # Adam's own count goes on from the other recipe's two steps.
    assert int(state["optimizer_states"][0]["state"][0]["step"]) == 2 + 2 * 2
    with pytest.raises(DataError, match="begun with 2 epochs, on which its learning rate depends"):
        train_emotion(ANNEALED, tiny_fer, tmp_path, epochs=5)


def test_a_run_of_another_recipe_is_not_gone_on_with(
    unbroken: RunFolder, tiny_fer: Fer2013
) -> None:
    other = replace(RECIPE, learning_rate=1e-4, seed=5)
    with pytest.raises(DataError, match="begun with another learning_rate, seed"):
        train_emotion(other, tiny_fer, unbroken.path.parent, epochs=4)


@pytest.mark.parametrize("content", [b"", b"damaged"])
def test_a_damaged_checkpoint_is_named(content: bytes, tiny_fer: Fer2013, tmp_path: Path) -> None:
    (tmp_path / RECIPE.name).mkdir()
    (tmp_path / RECIPE.name / "last.ckpt").write_bytes(content)
    with pytest.raises(ModelError, match=r"last\.ckpt cannot be read as a checkpoint"):
        train_emotion(RECIPE, tiny_fer, tmp_path, epochs=1)


def test_bad_requests_are_named(tiny_fer: Fer2013, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="at least 1 epoch"):
        train_emotion(RECIPE, tiny_fer, tmp_path, epochs=0)
    with pytest.raises(DataError, match="140 Training rows do not fill one batch"):
        train_emotion(replace(RECIPE, batch_size=999), tiny_fer, tmp_path, epochs=1)
    with pytest.raises(DataError, match="holds no PublicTest rows"):
        train_emotion(RECIPE, tiny_fer.split("Training"), tmp_path, epochs=1)
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be made"):
        train_emotion(RECIPE, tiny_fer, tmp_path / "file", epochs=1)


def test_lightning_keeps_quiet(
    tiny_fer: Fer2013, tmp_path: Path, capfd: pytest.CaptureFixture[str], recwarn: Any
) -> None:
    train_emotion(RECIPE, tiny_fer, tmp_path, epochs=1)
    out, err = capfd.readouterr()
    assert out == ""
    assert [line[:15] for line in err.splitlines() if line.strip()] == ["epoch 1 of 1: T"]
    assert [str(w.message) for w in recwarn] == []
