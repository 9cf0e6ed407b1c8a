"""What is written and shown while an experiment trains, and when it has had its time."""

from __future__ import annotations

import csv
import os
import sys
import time
from pathlib import Path
from typing import Any, Final

from lightning.pytorch import Callback, LightningModule, Trainer
from tqdm import tqdm

from duchenne.learning.callbacks import EpochBar, History
from duchenne.learning.checkpoints import HISTORY_COLUMNS, read_history

COLUMNS: Final = (
    *HISTORY_COLUMNS,
    *(f"{split}_accuracy_{task}" for split in ("train", "val") for task in ("emotion", "genuine")),
    *("weight_emotion", "weight_genuine"),
)


class ExperimentHistory(History):
    """Adds a row to ``history.csv`` after each epoch, with both tasks and the losses' weights."""

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        # A break between the row and the checkpoint leaves a row of an epoch that is now redone.
        kept = [r for r in read_history(self.path) if int(r["epoch"]) < trainer.current_epoch]
        _write(self.path, kept)

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        row = {"epoch": str(trainer.current_epoch)}
        row |= {k: f"{float(trainer.callback_metrics[k]):.5f}" for k in COLUMNS[1:]}
        _write(self.path, [*read_history(self.path), row])


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


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    os.replace(fresh, path)
