"""What a training of several heads writes and shows: each head's accuracy, beside the usual."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path
from typing import Final

from lightning.pytorch import LightningModule, Trainer
from tqdm import tqdm

from duchenne.evaluation.datasets.face_attributes import HEADS
from duchenne.learning.callbacks import EpochBar, History
from duchenne.learning.checkpoints import HISTORY_COLUMNS, read_history

ATTRIBUTES_COLUMNS: Final = (
    *HISTORY_COLUMNS,
    *(f"{split}_accuracy_{head}" for split in ("train", "val") for head in HEADS),
)


class AttributesHistory(History):
    """Adds a row to ``history.csv`` after each epoch, with the columns of every head."""

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        # A break between the row and the checkpoint leaves a row of an epoch that is now redone.
        kept = [r for r in read_history(self.path) if int(r["epoch"]) < trainer.current_epoch]
        _write(self.path, kept)

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        row = {"epoch": str(trainer.current_epoch)}
        row |= {k: f"{float(trainer.callback_metrics[k]):.5f}" for k in ATTRIBUTES_COLUMNS[1:]}
        _write(self.path, [*read_history(self.path), row])


class AttributesBar(EpochBar):
    """A bar through each epoch, and after it the heads' Validation accuracies in a line."""

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self._close()
        metrics = trainer.callback_metrics
        values = [f"{head} {100 * float(metrics[f'val_accuracy_{head}']):.2f} %" for head in HEADS]
        line = f"epoch {trainer.current_epoch + 1} of {trainer.max_epochs}: Validation "
        tqdm.write(line + ", ".join(values), file=sys.stderr)


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ATTRIBUTES_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    os.replace(fresh, path)
