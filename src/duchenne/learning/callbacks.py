"""What a training writes and shows while it runs, and Lightning kept quiet beside it."""

from __future__ import annotations

import contextlib
import logging
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Final

from lightning.pytorch import LightningModule, Trainer
from lightning.pytorch.callbacks import Callback
from tqdm import tqdm

from duchenne.learning.checkpoints import HISTORY_COLUMNS, read_history, write_history

_LOGGERS: Final = (
    "lightning",
    "lightning.fabric",
    "lightning.pytorch",
    "lightning.pytorch.utilities.rank_zero",
    "lightning.fabric.utilities.rank_zero",
)


class History(Callback):
    """Adds a row to ``history.csv`` after each epoch, so that nothing is lost on a break.

    Attributes:
        columns: the epoch, then the logged figures that are written.
    """

    columns: ClassVar[tuple[str, ...]] = HISTORY_COLUMNS

    def __init__(self, path: Path) -> None:
        self.path = path

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        # A break between the row and the checkpoint leaves a row of an epoch that is now redone.
        kept = [r for r in read_history(self.path) if int(r["epoch"]) < trainer.current_epoch]
        write_history(self.path, kept, self.columns)

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        row = {"epoch": str(trainer.current_epoch)}
        row |= {k: f"{float(trainer.callback_metrics[k]):.5f}" for k in self.columns[1:]}
        write_history(self.path, [*read_history(self.path), row], self.columns)


class EpochBar(Callback):
    """A bar through each epoch and a line after it, on standard error."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        label = f"epoch {trainer.current_epoch + 1} of {trainer.max_epochs}"
        total = int(trainer.num_training_batches)
        # disable=None: no bar where nobody watches, in a log or a pipe.
        self._bar = tqdm(total=total, desc=label, unit="batch", leave=False, disable=None)

    def on_train_batch_end(self, *_: Any, **__: Any) -> None:
        if self._bar is not None:
            self._bar.update()

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self._close()
        values = {
            k: 100 * float(trainer.callback_metrics[f"{k}_accuracy"]) for k in ("train", "val")
        }
        line = f"epoch {trainer.current_epoch + 1} of {trainer.max_epochs}: Training "
        line += f"{values['train']:.2f} %, PublicTest {values['val']:.2f} %"
        tqdm.write(line, file=sys.stderr)

    def on_exception(self, *_: Any, **__: Any) -> None:
        self._close()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without Lightning's tips, hardware reports and warnings about loaders."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"lightning(\.|$)")
        warnings.filterwarnings("ignore", module=r"torch(\.|$)", category=FutureWarning)
        try:
            for logger in loggers:
                logger.setLevel(logging.ERROR)
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
