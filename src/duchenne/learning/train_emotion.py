"""Trains an emotion network from a recipe: resumable, best epoch by PublicTest."""

from __future__ import annotations

import csv
import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from lightning.pytorch import Trainer, seed_everything
from lightning.pytorch.callbacks import Callback, ModelCheckpoint, TQDMProgressBar

from duchenne.errors import DataError
from duchenne.evaluation.fer2013 import Fer2013
from duchenne.learning.configs import EmotionConfig
from duchenne.learning.data import Fer2013Module
from duchenne.learning.module import EmotionModule

HISTORY_COLUMNS = ("epoch", "train_loss", "train_accuracy", "val_loss", "val_accuracy")


@dataclass(frozen=True)
class TrainedEmotion:
    """What a training left behind.

    Attributes:
        best: checkpoint of the epoch with the best PublicTest accuracy.
        last: checkpoint of the last finished epoch.
        history: CSV of loss and accuracy, a row an epoch.
        best_accuracy: PublicTest accuracy of ``best``, 0 to 1.
    """

    best: Path
    last: Path
    history: Path
    best_accuracy: float


class _History(Callback):
    """Appends a row to ``history.csv`` after each epoch, so that nothing is lost on a break."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def on_train_epoch_end(self, trainer: Trainer, pl_module: Any) -> None:
        row = {"epoch": trainer.current_epoch}
        row |= {k: round(float(trainer.callback_metrics[k]), 5) for k in HISTORY_COLUMNS[1:]}
        fresh = not self.path.exists()
        with self.path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, HISTORY_COLUMNS)
            if fresh:
                writer.writeheader()
            writer.writerow(row)


def train_emotion(
    config: EmotionConfig, data: Fer2013, runs: Path, epochs: int | None = None
) -> TrainedEmotion:
    """Train by the recipe, going on from ``runs/<name>/last.ckpt`` where there is one.

    Args:
        config: the recipe.
        data: FER-2013 with its Training and PublicTest rows.
        epochs: stop after this many instead of the recipe's; the same call with more goes on.
        runs: folder of all trainings; this one writes ``runs/<name>/``.

    Raises:
        DataError: the recipe continues another one that has not been trained yet.
    """
    folder = runs / config.name
    folder.mkdir(parents=True, exist_ok=True)
    seed_everything(config.seed, verbose=False)
    last = folder / "last.ckpt"
    module = EmotionModule(config)
    if config.start_from is not None and not last.exists():
        _continue_from(module, runs / config.start_from / "last.ckpt", config)
    best = _BestCheckpoint(folder)
    trainer = _trainer(config, epochs or config.epochs, folder, best)
    batches = Fer2013Module(data, config.batch_size)
    # weights_only=False: our own checkpoint, and it holds the recipe beside the tensors.
    trainer.fit(module, batches, ckpt_path=last if last.exists() else None, weights_only=False)
    score = best.best_model_score
    if score is None:
        raise DataError(f"{folder} holds no finished epoch; delete it and train again.")
    return TrainedEmotion(
        Path(best.best_model_path), last, folder / "history.csv", float(score)
    )


class _BestCheckpoint(ModelCheckpoint):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            dirpath=folder,
            filename="best",
            monitor="val_accuracy",
            mode="max",
            save_last=True,
            enable_version_counter=False,
        )


def _trainer(
    config: EmotionConfig, epochs: int, folder: Path, best: ModelCheckpoint
) -> Trainer:
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    return Trainer(
        max_epochs=epochs,
        accelerator="auto",
        devices=1,
        precision=config.precision,
        logger=False,
        default_root_dir=folder,
        callbacks=[best, _History(folder / "history.csv"), TQDMProgressBar(refresh_rate=20)],
        num_sanity_val_steps=0,
        enable_model_summary=False,
    )


def _continue_from(module: EmotionModule, checkpoint: Path, config: EmotionConfig) -> None:
    if not checkpoint.exists():
        raise DataError(
            f"Recipe {config.name} continues {config.start_from}: train that one first "
            f"(no {checkpoint})."
        )
    state = torch.load(checkpoint, map_location="cpu", weights_only=False)
    module.load_state_dict(state["state_dict"])
    module.inherited_optimizer = state["optimizer_states"][0]


def describe(config: EmotionConfig) -> dict[str, Any]:
    """The recipe as plain values, for the model card."""
    return asdict(config)
