"""Checkpoints that are missing, damaged or another network's are told in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")

from duchenne.errors import ModelError
from duchenne.learning.checkpoints import RunFolder, best_accuracy, load_best, read_checkpoint


def test_what_is_no_checkpoint_is_told(tmp_path: Path) -> None:
    path = tmp_path / "best.ckpt"
    with pytest.raises(ModelError, match=r"cannot be read as a checkpoint \(it is not there\)"):
        read_checkpoint(path)
    path.write_bytes(b"damaged")
    with pytest.raises(ModelError, match="delete it and train again"):
        read_checkpoint(path)
    torch.save({"weights": 1}, path)
    with pytest.raises(ModelError, match="is not a checkpoint of a training"):
        read_checkpoint(path)


def test_weights_of_another_network_are_refused_and_its_own_taken(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    one, other = torch.nn.Linear(3, 2), torch.nn.Linear(4, 2)
    folder.best.parent.mkdir(parents=True, exist_ok=True)
    state = {f"network.{name}": value for name, value in one.state_dict().items()}
    torch.save({"state_dict": state, "epoch": 1}, folder.best)
    fresh = torch.nn.Linear(3, 2)
    load_best(fresh, folder, "small")
    assert torch.equal(fresh.weight, one.weight)
    with pytest.raises(ModelError, match="is not of the network small"):
        load_best(other, folder, "small")


def test_how_good_the_best_epoch_was() -> None:
    assert best_accuracy({"callbacks": {"a": {}, "b": {"best_model_score": 0.5}}}) == 0.5
    with pytest.raises(ModelError, match="does not say how good"):
        best_accuracy({"callbacks": {"a": {}}})
