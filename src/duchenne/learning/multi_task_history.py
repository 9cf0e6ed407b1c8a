"""What a training of several heads writes and shows: each head's accuracy, beside the usual."""

from __future__ import annotations

import sys
from typing import Final

from lightning.pytorch import LightningModule, Trainer
from tqdm import tqdm

from duchenne.evaluation.datasets.face_attributes import HEADS
from duchenne.learning.callbacks import EpochBar, History
from duchenne.learning.checkpoints import HISTORY_COLUMNS

ATTRIBUTES_COLUMNS: Final = (
    *HISTORY_COLUMNS,
    *(f"{split}_accuracy_{head}" for split in ("train", "val") for head in HEADS),
)


class AttributesHistory(History):
    """Adds a row to ``history.csv`` after each epoch, with the columns of every head."""

    columns = ATTRIBUTES_COLUMNS


class AttributesBar(EpochBar):
    """A bar through each epoch, and after it the heads' Validation accuracies in a line."""

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self._close()
        metrics = trainer.callback_metrics
        values = [f"{head} {100 * float(metrics[f'val_accuracy_{head}']):.2f} %" for head in HEADS]
        line = f"epoch {trainer.current_epoch + 1} of {trainer.max_epochs}: Validation "
        tqdm.write(line + ", ".join(values), file=sys.stderr)
