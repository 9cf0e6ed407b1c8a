"""Checkpoints that are missing, damaged or another network's are told in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")

from duchenne.errors import ModelError
from duchenne.learning.checkpoints import (
    HISTORY_COLUMNS,
    RunFolder,
    best_accuracy,
    load_best,
    read_checkpoint,
    read_history,
    write_history,
)


def test_what_is_no_checkpoint_is_told(tmp_path: Path) -> None:
    path = tmp_path / "best.ckpt"
    with pytest.raises(ModelError, match="because it is not there: train first"):
        read_checkpoint(path)
    path.write_bytes(b"damaged")
    with pytest.raises(ModelError, match="delete it and train again"):
        read_checkpoint(path)
    for content in ({"weights": 1}, 3, None, [1], torch.zeros(())):
        torch.save(content, path)
        with pytest.raises(ModelError, match="is not a checkpoint of a training: delete it"):
            read_checkpoint(path)


# Pickles whose first opcode wants something on a stack or in a memo that are empty.
@pytest.mark.parametrize("content", [b"\x80\x02s.", b"\x80\x02h\x07.", b"\x80\x02."])
def test_a_checkpoint_whose_pickle_is_broken_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "last.ckpt"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="delete it and train again"):
        read_checkpoint(path)


def test_a_history_that_cannot_be_written_keeps_its_earlier_epochs(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    first = dict.fromkeys(HISTORY_COLUMNS, "0")
    write_history(path, [first])
    with pytest.raises(ValueError, match="unknown"):
        write_history(path, [first, first | {"unknown": "1"}])
    assert read_history(path) == [first]


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
    with pytest.raises(ModelError, match="does not say how good"):
        best_accuracy({"state_dict": {}, "epoch": 1})
