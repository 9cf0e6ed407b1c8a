"""Trains an emotion network from a recipe: resumable, best epoch by PublicTest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from lightning.pytorch import Callback, seed_everything
from lightning.pytorch.callbacks import EMAWeightAveraging
from numpy.typing import NDArray
from torch import nn

from duchenne.errors import DataError, reason
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.files import UNREADABLE_ARCHIVE, in_one_step
from duchenne.learning.callbacks import EpochBar, History, quiet
from duchenne.learning.checkpoints import (
    RunFolder,
    best_accuracy,
    read_checkpoint,
    read_history,
)
from duchenne.learning.configs import EmotionConfig
from duchenne.learning.data import Fer2013Module, PictureSet
from duchenne.learning.distillation import look_once
from duchenne.learning.module import EmotionModule
from duchenne.learning.recipes import emotion_recipe
from duchenne.learning.running import check_resumable, fit, make_folder
from duchenne.learning.starting import best_network, start


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
    batches = Fer2013Module(data, config)
    folder = make_folder(runs / config.name)
    module = _fresh_module(config)
    if folder.last.exists():
        state = read_checkpoint(folder.last)
        check_resumable(state, config, goal, folder)
        if state["epoch"] + 1 >= goal or stopped_early(config, folder):
            return TrainedEmotion(folder, state["epoch"] + 1, best_accuracy(state))
    elif config.start_from is not None:
        _continue_other(module, config, data, runs)
    else:
        start(module.network, config.weights, batches.training, runs)
    if config.distillation.once and config.distillation.teachers:
        batches.training = _taught(batches.training, config, data, runs)
    else:
        module.teachers = _teachers(config, data, runs)
    fit(module, batches, config, folder, goal, _callbacks(config, folder))
    state = read_checkpoint(folder.last)
    return TrainedEmotion(folder, state["epoch"] + 1, best_accuracy(state))


def finished_epochs(config: EmotionConfig, runs: Path) -> int:
    """How many epochs of the recipe stand in the run folder already.

    Raises:
        ModelError: the last checkpoint is damaged.
    """
    last = RunFolder(runs / config.name).last
    return int(read_checkpoint(last)["epoch"]) + 1 if last.exists() else 0


def stopped_early(config: EmotionConfig, folder: RunFolder) -> bool:
    """Whether the recipe's patience with its run ended before its epochs did."""
    if config.patience is None:
        return False
    reached = [float(row["val_accuracy"]) for row in read_history(folder.history)]
    return bool(reached) and len(reached) - 1 - reached.index(max(reached)) >= config.patience


def _fresh_module(config: EmotionConfig) -> EmotionModule:
    with quiet():
        seed_everything(config.seed, verbose=False)
    return EmotionModule(config)


def _teachers(config: EmotionConfig, data: Fer2013, runs: Path) -> list[nn.Module]:
    """The recipe's teachers at their best epochs, trained first where they are not yet."""
    teachers = []
    for name in config.distillation.teachers:
        recipe = emotion_recipe(name)
        if recipe.target != config.target:
            raise DataError(f"{name} cannot teach {config.name}: it knows other classes.")
        train_emotion(recipe, data, runs)
        teacher = best_network(recipe, runs)
        teachers.append(teacher.to(memory_format=torch.channels_last))  # type: ignore[call-overload]
    return teachers


def _taught(training: PictureSet, config: EmotionConfig, data: Fer2013, runs: Path) -> PictureSet:
    """The same pictures; the teachers' opinions, kept for a resumed run, are part of the labels."""
    kept, weight = RunFolder(runs / config.name).taught, config.distillation.weight
    if not kept.exists():
        theirs = look_once(_teachers(config, data, runs), training.pictures)
        with in_one_step(kept) as fresh, fresh.open("wb") as file:
            np.save(file, theirs.numpy())
    opinions = torch.from_numpy(_read_opinions(kept, training.shares.shape))
    return PictureSet(training.pictures, (1.0 - weight) * training.shares + weight * opinions)


def _read_opinions(path: Path, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Raises DataError where the file is damaged or of other pictures."""
    try:
        opinions: NDArray[np.float32] = np.load(path)
    except UNREADABLE_ARCHIVE as error:
        raise DataError(f"{path} is damaged ({reason(error)}): delete it.") from error
    if opinions.shape != shape:
        raise DataError(f"{path} is of other pictures or classes: delete it.")
    return opinions


def _continue_other(
    module: EmotionModule, config: EmotionConfig, data: Fer2013, runs: Path
) -> None:
    other = emotion_recipe(str(config.start_from))
    if finished_epochs(other, runs) < config.start_epochs:
        train_emotion(other, data, runs, config.start_epochs)
        seed_everything(config.seed, verbose=False)
    state = read_checkpoint(RunFolder(runs / other.name).last)
    module.load_state_dict(state["state_dict"])
    module.inherited_optimizer = state["optimizer_states"][0]
    module.epochs_before = state["epoch"] + 1


def _callbacks(config: EmotionConfig, folder: RunFolder) -> list[Callback]:
    callbacks: list[Callback] = [History(folder.history), EpochBar()]
    if config.averaging is not None:
        callbacks.insert(0, EMAWeightAveraging(decay=config.averaging))
    return callbacks
