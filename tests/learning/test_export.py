from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")
pytest.importorskip("lightning", reason="learning needs the extra: train")
pytest.importorskip("onnxscript", reason="learning needs the extra: train")

from duchenne.emotion.classifier import EmotionClassifier
from duchenne.errors import ModelError
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.learning.augment import to_input
from duchenne.learning.export import _continued, export_emotion, to_onnx, write_weights
from duchenne.learning.networks import build
from duchenne.learning.recipes import emotion_recipe
from duchenne.learning.train_emotion import train_emotion
from duchenne.weights.card import ModelCard, load_card

RECIPE = replace(emotion_recipe("emotion_cnn"), network="tiny", precision="32-true")


@pytest.fixture(scope="module")
def runs(tiny_fer: Fer2013, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training of two epochs."""
    folder = tmp_path_factory.mktemp("runs")
    train_emotion(RECIPE, tiny_fer, folder, epochs=2)
    return folder


@pytest.fixture(scope="module")
def card(runs: Path, tiny_fer: Fer2013) -> ModelCard:
    """What was exported from it."""
    return export_emotion(RECIPE, runs, tiny_fer, runs / "out" / "mine.onnx")


def test_the_file_gives_what_the_checkpoint_gives(
    runs: Path, card: ModelCard, tiny_fer: Fer2013
) -> None:
    network = build("tiny", 7).eval()
    state = torch.load(runs / "emotion_cnn" / "best.ckpt", weights_only=True)["state_dict"]
    network.load_state_dict({k.removeprefix("network."): v for k, v in state.items()})
    with torch.inference_mode():
        wanted = network(to_input(torch.from_numpy(tiny_fer.images))).numpy()
    np.testing.assert_allclose(EmotionClassifier(card).logits(tiny_fer.images), wanted, atol=1e-4)


def test_the_card_is_whole_and_tells_the_truth(card: ModelCard) -> None:
    assert load_card(card.path) == card
    assert card.name == "mine"
    assert card.training["epochs"] == 2
    assert "It was trained for 2 of its recipe's 50 epochs." in card.limits
    assert card.retrain.endswith("--config emotion_cnn --epochs 2")
    result = card.numbers[0]
    assert (result.data, result.rows) == ("FER-2013 PublicTest", 21)
    assert all("PrivateTest" not in r.data for r in card.numbers)


def test_the_same_checkpoint_gives_the_same_file(
    runs: Path, card: ModelCard, tiny_fer: Fer2013
) -> None:
    again = export_emotion(RECIPE, runs, tiny_fer, runs / "again" / "mine.onnx")
    assert again.sha256 == card.sha256


def test_the_file_folds_batch_normalisation_and_names_no_place_of_this_machine() -> None:
    onnx = pytest.importorskip("onnx")
    content = to_onnx(build("emotion_cnn", 7).eval())
    model = onnx.load_from_string(content)
    operations = {node.op_type for node in model.graph.node}
    assert operations == {"Conv", "Relu", "MaxPool", "Reshape", "Gemm"}
    del model.graph.initializer[:]
    assert b".py" not in model.SerializeToString()


def test_a_run_without_a_checkpoint_is_named(tiny_fer: Fer2013, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"best\.ckpt cannot be read, because it is not there"):
        export_emotion(RECIPE, tmp_path, tiny_fer, tmp_path / "x.onnx")


def test_a_network_that_gives_no_numbers_is_not_exported(
    runs: Path, tiny_fer: Fer2013, tmp_path: Path
) -> None:
    state = torch.load(runs / "emotion_cnn" / "best.ckpt", weights_only=True)
    state["state_dict"]["network.6.bias"].fill_(float("nan"))
    (tmp_path / "emotion_cnn").mkdir()
    torch.save(state, tmp_path / "emotion_cnn" / "best.ckpt")
    with pytest.raises(ModelError, match="differ from the checkpoint's by nan"):
        export_emotion(RECIPE, tmp_path, tiny_fer, tmp_path / "x.onnx")
    assert not (tmp_path / "x.json").exists()


def test_a_recipe_that_goes_on_counts_what_came_before(
    runs: Path,
) -> None:
    further = replace(RECIPE, name="further", start_from="emotion_cnn")
    assert _continued(RECIPE, runs, {"epochs_before": 9}) == 0
    assert _continued(further, runs, {"epochs_before": 9}) == 9
    # A checkpoint from before this was written down: the first training is asked.
    assert _continued(further, runs, {}) == 2


def test_weights_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ModelError, match="cannot be written"):
        write_weights(b"1", tmp_path / "file" / "mine.onnx")
