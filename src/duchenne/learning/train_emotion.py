"""Trains an emotion network from a recipe: resumable, best epoch by PublicTest."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lightning.pytorch import Trainer, seed_everything

from duchenne.errors import DataError
from duchenne.evaluation.fer2013 import Fer2013
from duchenne.learning.callbacks import EpochBar, History, quiet
from duchenne.learning.checkpoints import (
    BestCheckpoint,
    LastCheckpoint,
    RunFolder,
    best_accuracy,
    read_checkpoint,
)
from duchenne.learning.configs import EmotionConfig, emotion_config
from duchenne.learning.data import Fer2013Module
from duchenne.learning.module import EmotionModule


@dataclass(frozen=True)
class TrainedEmotion:
    """What a training left behind.

    Attributes:
        folder: its checkpoints and history.
        epochs: how many epochs are finished.
        best_accuracy: PublicTest accuracy of the best of them, 0 to 1.
    """

    folder: RunFolder
    epochs: int
    best_accuracy: float


def train_emotion(
    config: EmotionConfig, data: Fer2013, runs: Path, epochs: int | None = None
) -> TrainedEmotion:
    """Train by the recipe, going on from ``runs/<name>/last.ckpt`` where there is one.

    A training that was broken off and resumed ends with the weights of an unbroken one, on the
    same machine. A recipe that continues another one trains that first where need be.

    Args:
        config: the recipe.
        data: FER-2013 with its Training and PublicTest rows.
        runs: folder of all trainings; this one writes ``runs/<name>/``.
        epochs: stop after this many instead of the recipe's; the same call with more goes on.

    Raises:
        DataError: the data or the run folder does not fit the recipe.
        ModelError: the last checkpoint is damaged.
        KeyboardInterrupt: on Ctrl-C; the finished epochs are kept.
    """
    goal = config.epochs if epochs is None else epochs
    if goal < 1:
        raise DataError(f"A training takes at least 1 epoch, not {goal}.")
    batches = Fer2013Module(data, config.batch_size, config.seed)
    if len(batches.training) < config.batch_size:
        raise DataError(f"{len(batches.training)} Training rows do not fill one batch.")
    folder = _make_folder(runs / config.name)
    module = _fresh_module(config)
    if folder.last.exists():
        state = read_checkpoint(folder.last)
        _check_resumable(state, config, goal, folder)
        if state["epoch"] + 1 >= goal:
            return TrainedEmotion(folder, state["epoch"] + 1, best_accuracy(state))
    elif config.start_from is not None:
        _continue_other(module, config, data, runs)
    _fit(module, batches, folder, goal)
    return TrainedEmotion(folder, goal, best_accuracy(read_checkpoint(folder.last)))


def finished_epochs(config: EmotionConfig, runs: Path) -> int:
    """How many epochs of the recipe stand in the run folder already."""
    last = RunFolder(runs / config.name).last
    return int(read_checkpoint(last)["epoch"]) + 1 if last.exists() else 0


def _make_folder(path: Path) -> RunFolder:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{path} cannot be made ({error.strerror}): choose another.") from error
    return RunFolder(path)


def _fresh_module(config: EmotionConfig) -> EmotionModule:
    with quiet():
        seed_everything(config.seed, verbose=False)
    return EmotionModule(config)


def _check_resumable(
    state: dict[str, Any], config: EmotionConfig, goal: int, folder: RunFolder
) -> None:
    recipe = asdict(config) | {"epochs": None}
    # Compared where both speak: older checkpoints know less of their recipe.
    begun = {k: v for k, v in state.get("recipe", {}).items() if recipe.get(k) is not None}
    changed = [name for name, value in begun.items() if value != recipe[name]]
    if changed:
        raise DataError(
            f"{folder.path} was begun with another {', '.join(changed)}: choose another folder "
            "of runs, or delete it."
        )
    planned = state.get("planned_epochs", goal)
    if config.schedule == "linear" and planned != goal:
        raise DataError(
            f"{folder.path} was begun with {planned} epochs, on which its learning rate depends: "
            f"go on with --epochs {planned}, or delete it."
        )


def _continue_other(
    module: EmotionModule, config: EmotionConfig, data: Fer2013, runs: Path
) -> None:
    other = emotion_config(str(config.start_from))
    if finished_epochs(other, runs) < config.start_epochs:
        train_emotion(other, data, runs, config.start_epochs)
        seed_everything(config.seed, verbose=False)
    state = read_checkpoint(RunFolder(runs / other.name).last)
    module.load_state_dict(state["state_dict"])
    module.inherited_optimizer = state["optimizer_states"][0]
    module.epochs_before = state["epoch"] + 1


def _fit(module: EmotionModule, batches: Fer2013Module, folder: RunFolder, goal: int) -> None:
    with quiet(), _own_interrupt():
        trainer = Trainer(
            max_epochs=goal,
            accelerator="auto",
            devices=1,
            precision=module.config.precision,
            logger=False,
            default_root_dir=folder.path,
            callbacks=[
                History(folder.history),
                EpochBar(),
                BestCheckpoint(folder),
                LastCheckpoint(folder),
            ],
            num_sanity_val_steps=0,
            enable_model_summary=False,
            enable_progress_bar=False,
        )
        resume = folder.last if folder.last.exists() else None
        trainer.fit(module, batches, ckpt_path=resume, weights_only=True)


@contextlib.contextmanager
def _own_interrupt() -> Iterator[None]:
    # Lightning answers Ctrl-C with an exit of its own and leaves Ctrl-C switched off.
    in_main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    except SystemExit as stop:
        raise KeyboardInterrupt from stop
    finally:
        if in_main:
            signal.signal(signal.SIGINT, before)
