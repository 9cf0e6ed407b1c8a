"""What is written and shown while an experiment trains, and when it has had its time."""

from __future__ import annotations

import sys
import time
from typing import Any, Final

from lightning.pytorch import Callback, LightningModule, Trainer
from tqdm import tqdm

from duchenne.learning.callbacks import EpochBar, History
from duchenne.learning.checkpoints import HISTORY_COLUMNS

COLUMNS: Final = (
    *HISTORY_COLUMNS,
    *(f"{split}_accuracy_{task}" for split in ("train", "val") for task in ("emotion", "genuine")),
    *("weight_emotion", "weight_genuine"),
)


class ExperimentHistory(History):
    """Adds a row to ``history.csv`` after each epoch, with both tasks and the losses' weights."""

    columns = COLUMNS


class ExperimentBar(EpochBar):
    """A bar through each epoch, and after it both tasks' accuracies in a line."""

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self._close()
        metrics = trainer.callback_metrics
        shares = [
            f"{name} {100 * float(metrics[key]):.1f} %"
            for name, key in (
                ("both", "val_accuracy"),
                ("emotion", "val_accuracy_emotion"),
                ("genuine or posed", "val_accuracy_genuine"),
            )
        ]
        line = f"epoch {trainer.current_epoch + 1} of {trainer.max_epochs}: {', '.join(shares)}"
        tqdm.write(line, file=sys.stderr)


class Deadline(Callback):
    """Ends a training when another epoch would take it beyond its minutes; resumes count on.

    Args:
        minutes: that it may take in all; none: as long as it takes.
    """

    def __init__(self, minutes: float | None) -> None:
        self.minutes = minutes
        self.spent = 0.0
        self._begun = 0.0

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self._begun = time.perf_counter()

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        epoch = time.perf_counter() - self._begun
        self.spent += epoch
        if self.minutes is not None and self.spent + epoch > 60 * self.minutes:
            trainer.should_stop = True

    def state_dict(self) -> dict[str, Any]:
        return {"spent": self.spent}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.spent = float(state_dict["spent"])
