"""What stands in a training's run folder: checkpoints and the history."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from lightning.pytorch import LightningModule, Trainer
from lightning.pytorch.callbacks import Checkpoint, ModelCheckpoint
from torch import nn

from duchenne.errors import ModelError
from duchenne.files import in_one_step

HISTORY_COLUMNS: Final = ("epoch", "train_loss", "train_accuracy", "val_loss", "val_accuracy")


@dataclass(frozen=True)
class RunFolder:
    """The files of one training."""

    path: Path

    @property
    def best(self) -> Path:
        """Checkpoint of the epoch with the best ``val_accuracy``."""
        return self.path / "best.ckpt"

    @property
    def last(self) -> Path:
        """Checkpoint of the last finished epoch."""
        return self.path / "last.ckpt"

    @property
    def history(self) -> Path:
        """Loss and accuracy, a row an epoch."""
        return self.path / "history.csv"

    @property
    def taught(self) -> Path:
        """What teachers who look once said of the training pictures."""
        return self.path / "taught.npy"

    @property
    def curves(self) -> Path:
        """The same as a picture."""
        return self.path / "curves.png"


class BestCheckpoint(ModelCheckpoint):
    """Keeps ``best.ckpt``, the epoch with the best ``val_accuracy``."""

    def __init__(self, folder: RunFolder) -> None:
        super().__init__(
            dirpath=folder.path,
            filename="best",
            monitor="val_accuracy",
            mode="max",
            enable_version_counter=False,
        )
        self.folder = folder

    @property
    def state_key(self) -> str:
        # Fixed, so that checkpoints survive a rename of this class.
        return "BestCheckpoint"

    def on_load_checkpoint(
        self, trainer: Trainer, pl_module: LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        states = checkpoint["callbacks"]
        known = [values for values in states.values() if "best_model_score" in values]
        if known:
            states.setdefault(self.state_key, known[0])

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        # The folder may have moved since; the best epoch so far is the one that lies beside us.
        best = str(self.folder.path.absolute() / "best.ckpt")
        own: dict[str, Any] = {"dirpath": self.dirpath, "last_model_path": ""}
        own |= {"best_model_path": best, "kth_best_model_path": best}
        own |= {"best_k_models": {best: state_dict["best_model_score"]}}
        super().load_state_dict(state_dict | own)


class LastCheckpoint(Checkpoint):
    """Writes ``last.ckpt`` after every epoch, for going on; to stand after ``BestCheckpoint``.

    Lightning's own ``save_last`` skips the epochs that are not the best so far.
    """

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        # Moved into place whole: a run that is killed while it writes can still be resumed.
        with in_one_step(self.folder.last) as fresh:
            trainer.save_checkpoint(fresh)


def read_checkpoint(path: Path) -> dict[str, Any]:
    """The values of a Lightning checkpoint; only tensors and plain values are unpickled.

    Raises:
        ModelError: it is missing, damaged or no checkpoint of a training.
    """
    if not path.exists():
        raise ModelError(f"{path} cannot be read, because it is not there: train first.")
    try:
        state: Any = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # unpickling damaged files raises errors of any kind
        raise ModelError(
            f"{path} cannot be read as a checkpoint ({type(error).__name__}): delete it and "
            "train again."
        ) from error
    if not isinstance(state, dict) or not {"state_dict", "epoch"} <= set(state):
        raise ModelError(f"{path} is not a checkpoint of a training: delete it and train again.")
    return state


def load_best(network: nn.Module, folder: RunFolder, name: str) -> None:
    """Fill a network with the weights of a run's best epoch, in place.

    Raises:
        ModelError: there is no such checkpoint, or it is not of the network of this ``name``.
    """
    weights = read_checkpoint(folder.best)["state_dict"].items()
    try:
        network.load_state_dict({k.removeprefix("network."): v for k, v in weights})
    except RuntimeError as error:
        raise ModelError(f"{folder.best} is not of the network {name}.") from error


def best_accuracy(state: dict[str, Any]) -> float:
    """``val_accuracy`` of the best epoch up to a checkpoint, 0 to 1.

    Raises:
        ModelError: the checkpoint does not say.
    """
    for values in state.get("callbacks", {}).values():
        if "best_model_score" in values:
            return float(values["best_model_score"])
    raise ModelError("The checkpoint does not say how good its best epoch was; train again.")


def read_history(path: Path) -> list[dict[str, str]]:
    """The rows of ``history.csv``; none where there is no such file."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_history(
    path: Path, rows: list[dict[str, str]], columns: Sequence[str] = HISTORY_COLUMNS
) -> None:
    """Write ``history.csv`` anew."""
    # Moved into place whole: a run that is killed while it writes keeps its earlier epochs.
    with in_one_step(path) as fresh, fresh.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
