from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.attribute_sets import tiny_attributes

torch = pytest.importorskip("torch", reason="learning needs the extra: train")
pytest.importorskip("lightning", reason="learning needs the extra: train")

from duchenne.errors import DataError, ModelError
from duchenne.evaluation.datasets.face_attributes import HEADS, FaceAttributes, from_fer2013, join
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.evaluation.emotion.attribute_network import AttributeNetwork, evaluate_attributes
from duchenne.learning.checkpoints import RunFolder, best_accuracy, read_checkpoint, read_history
from duchenne.learning.multi_task_configs import LossWeights, attributes_recipe
from duchenne.learning.multi_task_history import ATTRIBUTES_COLUMNS
from duchenne.learning.multi_task_module import AttributesModule
from duchenne.learning.multi_task_train import (
    best_attributes_network,
    epochs_so_far,
    train_attributes,
)
from duchenne.learning.networks import FACTS, NETWORKS, NetworkFacts

RECIPE = replace(
    attributes_recipe("attributes_cnn"),
    network="tiny",
    dropouts=(0.4,),
    batch_size=32,
    precision="32-true",
)


@pytest.fixture(scope="module", autouse=True)
def tiny_facts(tiny_network: None) -> Iterator[None]:
    """What is known of the room's network ``tiny``, so that its last layer can be replaced."""
    FACTS["tiny"] = NetworkFacts(NETWORKS["tiny"], 48, 1, "6", "made up")
    yield
    del FACTS["tiny"]


@pytest.fixture(scope="module")
def faces() -> FaceAttributes:
    return tiny_attributes()


@pytest.fixture(scope="module")
def unbroken(faces: FaceAttributes, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Three epochs in one go."""
    return train_attributes(RECIPE, faces, tmp_path_factory.mktemp("unbroken"), epochs=3).folder


def _assert_same(one: RunFolder, other: RunFolder) -> None:
    left, right = (read_checkpoint(folder.last)["state_dict"] for folder in (one, other))
    assert left.keys() == right.keys()
    for name, value in left.items():
        torch.testing.assert_close(value, right[name], rtol=0, atol=0, msg=name)
    assert read_history(one.history) == read_history(other.history)


def test_the_history_tells_every_heads_accuracy(unbroken: RunFolder, faces: FaceAttributes) -> None:
    rows = read_history(unbroken.history)
    assert [row["epoch"] for row in rows] == ["0", "1", "2"]
    assert tuple(rows[0]) == ATTRIBUTES_COLUMNS
    for row in rows:
        each = [float(row[f"val_accuracy_{head}"]) for head in HEADS]
        assert float(row["val_accuracy"]) == pytest.approx(np.mean(each), abs=1e-4)
        for head, share in zip(HEADS, each, strict=True):
            known = int((getattr(faces.split("Validation"), head) >= 0).sum())
            assert share * known == pytest.approx(round(share * known), abs=1e-3)
    best = max(float(row["val_accuracy"]) for row in rows)
    assert best_accuracy(read_checkpoint(unbroken.last)) == pytest.approx(best, abs=1e-5)


def test_the_historys_figures_are_those_of_the_weights(
    unbroken: RunFolder, faces: FaceAttributes
) -> None:
    from duchenne.learning.augment import to_input

    rows = faces.split("Validation")
    network = best_attributes_network(RECIPE, unbroken.path.parent)
    with torch.inference_mode():
        outputs = network(to_input(torch.from_numpy(rows.images)))
    kept = max(read_history(unbroken.history), key=lambda row: float(row["val_accuracy"]))
    for head, out in zip(HEADS, outputs, strict=True):
        truth = getattr(rows, head)
        share = (out.argmax(1).numpy() == truth)[truth >= 0].mean()
        assert float(kept[f"val_accuracy_{head}"]) == pytest.approx(share, abs=1e-4)


def test_stripes_are_learnt(faces: FaceAttributes, tmp_path: Path) -> None:
    quick = replace(RECIPE, learning_rate=0.01)
    train_attributes(quick, faces, tmp_path, epochs=8)
    rows = read_history(tmp_path / RECIPE.name / "history.csv")
    assert float(rows[-1]["train_loss"]) < float(rows[0]["train_loss"])
    # Only the emotion can be seen in these pictures; a blind guess is right in one of seven.
    assert max(float(row["val_accuracy_emotion"]) for row in rows) > 0.5


def test_two_epochs_and_one_make_the_same_weights_as_three(
    unbroken: RunFolder, faces: FaceAttributes, tmp_path: Path
) -> None:
    train_attributes(RECIPE, faces, tmp_path, epochs=2)
    resumed = train_attributes(RECIPE, faces, tmp_path, epochs=3)
    assert resumed.epochs == 3
    _assert_same(resumed.folder, unbroken)


def test_ctrl_c_keeps_the_finished_epochs_and_the_same_call_goes_on(
    unbroken: RunFolder, faces: FaceAttributes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = AttributesModule.training_step

    def interrupted(self: AttributesModule, batch: Any, index: int) -> Any:
        if self.current_epoch == 1 and index == 1:
            raise KeyboardInterrupt
        return step(self, batch, index)

    with monkeypatch.context() as patch:
        patch.setattr(AttributesModule, "training_step", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train_attributes(RECIPE, faces, tmp_path, epochs=3)
    assert epochs_so_far(RECIPE, tmp_path) == 1
    _assert_same(train_attributes(RECIPE, faces, tmp_path, epochs=3).folder, unbroken)


def test_a_finished_or_given_up_training_is_not_touched(
    unbroken: RunFolder, faces: FaceAttributes
) -> None:
    before = unbroken.last.stat().st_mtime_ns
    assert train_attributes(RECIPE, faces, unbroken.path.parent, epochs=2).epochs == 3
    assert unbroken.last.stat().st_mtime_ns == before


def test_patience_ends_it(faces: FaceAttributes, tmp_path: Path) -> None:
    stuck = replace(RECIPE, learning_rate=0.0, patience=2)
    assert train_attributes(stuck, faces, tmp_path, epochs=9).epochs < 9
    again = train_attributes(stuck, faces, tmp_path, epochs=9)
    assert len(read_history(again.folder.history)) == again.epochs < 9


def test_fer_teaches_emotions_beside_the_others(
    faces: FaceAttributes, tiny_fer: Fer2013, tmp_path: Path
) -> None:
    both = join([faces, from_fer2013(tiny_fer)])
    assert train_attributes(RECIPE, both, tmp_path, epochs=1).epochs == 1
    with pytest.raises(DataError, match="No Training row has a label of gender"):
        train_attributes(RECIPE, from_fer2013(tiny_fer), tmp_path / "fer", epochs=1)


def test_rows_without_labels_leave_the_heads_alone(
    faces: FaceAttributes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not just the loss: a step of the whole network with Adam moves no unasked head."""
    module = AttributesModule(RECIPE)
    optimizer = torch.optim.Adam(module.network.parameters(), 0.1)
    before = copy.deepcopy(module.network.heads.state_dict())
    monkeypatch.setattr(module, "log", lambda *_, **__: None)
    labels = torch.full((8, 4), -1)
    labels[:, 0] = torch.arange(8) % 7
    loss = module.training_step((torch.from_numpy(faces.images[:8]), labels), 0)
    torch.autograd.backward(loss)
    optimizer.step()
    after = module.network.heads.state_dict()
    for name, value in before.items():
        assert torch.equal(value, after[name]) == (not name.startswith("emotion")), name


def test_a_backbone_starts_from_weights(
    unbroken: RunFolder, faces: FaceAttributes, tmp_path: Path
) -> None:
    torch.save(NETWORKS["tiny"](7).state_dict(), tmp_path / "whole.pt")
    with pytest.raises(ModelError, match="takes no pretrained weights"):
        # `tiny` is a plain Sequential, which no file belongs to.
        train_attributes(
            replace(RECIPE, weights=str(tmp_path / "whole.pt")), faces, tmp_path, epochs=1
        )
    start = NETWORKS["emotion_cnn"](7)
    torch.save(start.state_dict(), tmp_path / "cnn.pt")
    still = replace(
        attributes_recipe("attributes_cnn"),
        weights=str(tmp_path / "cnn.pt"),
        learning_rate=0.0,
        batch_size=8,
        precision="32-true",
    )
    few = np.arange(len(faces)) < 20
    train_attributes(still, faces.rows(few), tmp_path, epochs=1)
    network = best_attributes_network(still, tmp_path)
    kernel = start.get_parameter("features.0.0.weight")
    torch.testing.assert_close(network.backbone.get_parameter("features.0.0.weight"), kernel)


def test_another_recipe_does_not_go_on(unbroken: RunFolder, faces: FaceAttributes) -> None:
    other = replace(RECIPE, loss_weights=LossWeights(age=3.0), seed=5)
    with pytest.raises(DataError, match=r"begun with another loss_weights \(age\), seed"):
        train_attributes(other, faces, unbroken.path.parent, epochs=4)


def test_bad_requests_are_named(faces: FaceAttributes, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="at least 1 epoch"):
        train_attributes(RECIPE, faces, tmp_path, epochs=0)
    with pytest.raises(DataError, match="112 Training rows do not fill one batch"):
        train_attributes(replace(RECIPE, batch_size=999), faces, tmp_path, epochs=1)
    with pytest.raises(DataError, match="crops of 48 pixels, not 24"):
        train_attributes(RECIPE, replace(faces, images=faces.images[:, ::2, ::2]), tmp_path)
    with pytest.raises(DataError, match="holds no Validation rows"):
        train_attributes(RECIPE, faces.split("Training"), tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be made"):
        train_attributes(RECIPE, faces, tmp_path / "file", epochs=1)


def test_the_exported_file_answers_as_the_checkpoint(
    unbroken: RunFolder, faces: FaceAttributes, tmp_path: Path
) -> None:
    pytest.importorskip("onnxscript", reason="exporting needs the extra: train")
    from duchenne.learning.augment import to_input
    from duchenne.learning.multi_task_export import export_attributes

    runs = unbroken.path.parent
    card = export_attributes(RECIPE, runs, faces, tmp_path / "mine.onnx")
    network = AttributeNetwork(tmp_path / "mine.onnx")
    assert network.card == card
    rows = faces.split("Validation")
    probabilities = network.predict(rows.images)
    assert list(probabilities) == list(HEADS)
    with torch.inference_mode():
        wanted = best_attributes_network(RECIPE, runs)(to_input(torch.from_numpy(rows.images)))
    for head, out in zip(HEADS, wanted, strict=True):
        np.testing.assert_allclose(probabilities[head], out.softmax(1).numpy(), atol=1e-5)
    figures = {figure.name: figure for figure in card.numbers[0].figures}
    for head in HEADS:
        truth = getattr(rows, head)
        share = (probabilities[head].argmax(1) == truth)[truth >= 0].mean()
        figure = figures[f"{head}_accuracy"]
        assert figure.value == pytest.approx(share, abs=1e-5)
        assert figure.low is not None
        assert figure.low <= figure.value
    assert "duchenne train attributes --data rafdb=DIR --config attributes_cnn" in card.retrain
    assert {k: v.shape for k, v in network.logits(rows.images[:0]).items()}["age"] == (0, 5)
    assert "gender: accuracy" in evaluate_attributes(network, faces, "Training").to_text()
    with pytest.raises(ValueError, match="Face crops are"):
        network.logits(rows.images[:, :-1])
