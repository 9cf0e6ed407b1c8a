"""Trains a network of several heads from a recipe: resumable, best epoch by Validation."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from lightning.pytorch import seed_everything

from duchenne.errors import DataError
from duchenne.evaluation.datasets.face_attributes import HEADS, FaceAttributes
from duchenne.learning.callbacks import quiet
from duchenne.learning.checkpoints import (
    RunFolder,
    best_accuracy,
    load_best,
    read_checkpoint,
)
from duchenne.learning.data import PictureSet
from duchenne.learning.multi_task_configs import AttributesConfig
from duchenne.learning.multi_task_data import AttributeBatches, AttributeSet
from duchenne.learning.multi_task_history import AttributesBar, AttributesHistory
from duchenne.learning.multi_task_module import AttributesModule
from duchenne.learning.networks import build
from duchenne.learning.networks.multi_task import MultiTaskNetwork
from duchenne.learning.running import check_resumable, fit, make_folder
from duchenne.learning.starting import start
from duchenne.learning.train_emotion import finished_epochs, stopped_early


@dataclass(frozen=True)
class TrainedAttributes:
    """What a training left behind.

    Attributes:
        folder: its checkpoints and history.
        epochs: how many epochs are finished.
        best_accuracy: Validation accuracy of the best of them, the mean of the heads', 0 to 1.
    """

    folder: RunFolder
    epochs: int
    best_accuracy: float


def train_attributes(
    config: AttributesConfig, data: FaceAttributes, runs: Path, epochs: int | None = None
) -> TrainedAttributes:
    """Train by the recipe, going on from ``runs/<name>/last.ckpt`` where there is one.

    A training that was broken off and resumed ends with the weights of an unbroken one, on the
    same machine.

    Args:
        config: the recipe.
        data: faces with Training and Validation rows, and labels of every head in both.
        runs: folder of all trainings; this one writes ``runs/<name>/``.
        epochs: stop after this many instead of the recipe's; the same call with more goes on.

    Raises:
        DataError: the data or the run folder does not fit the recipe.
        ModelError: the last checkpoint is damaged, or weights to start from are not there.
        KeyboardInterrupt: on Ctrl-C; the finished epochs are kept.
    """
    goal = config.epochs if epochs is None else epochs
    if goal < 1:
        raise DataError(f"A training takes at least 1 epoch, not {goal}.")
    batches = AttributeBatches(data, config)
    folder = make_folder(runs / config.name)
    with quiet():
        seed_everything(config.seed, verbose=False)
    module = AttributesModule(config)
    if folder.last.exists():
        state = read_checkpoint(folder.last)
        check_resumable(state, config, goal, folder)
        if state["epoch"] + 1 >= goal or stopped_early(config.as_emotion(), folder):
            return TrainedAttributes(folder, state["epoch"] + 1, best_accuracy(state))
    elif config.weights != "none":
        _start_backbone(module.network, config, batches.training, runs)
    reporters = [AttributesHistory(folder.history), AttributesBar()]
    fit(module, batches, config, folder, goal, reporters)
    state = read_checkpoint(folder.last)
    return TrainedAttributes(folder, state["epoch"] + 1, best_accuracy(state))


def epochs_so_far(config: AttributesConfig, runs: Path) -> int:
    """How many epochs of the recipe stand in the run folder already."""
    return finished_epochs(config.as_emotion(), runs)


def best_attributes_network(config: AttributesConfig, runs: Path) -> MultiTaskNetwork:
    """The recipe's network with the weights of its best epoch, in evaluation mode.

    Raises:
        ModelError: there is no such checkpoint, or it is of another network.
    """
    sizes = {head: len(classes) for head, classes in HEADS.items()}
    network = MultiTaskNetwork(config.network, sizes, config.dropouts, config.head_dropout)
    load_best(network, RunFolder(runs / config.name), config.network)
    return network.eval()


def _start_backbone(
    network: MultiTaskNetwork, config: AttributesConfig, training: AttributeSet, runs: Path
) -> None:
    """Published weights are of whole networks: fill one, and leave its last layer behind."""
    whole = build(config.network, 7)
    nothing_to_learn = torch.zeros(len(training), 0)
    start(whole, config.weights, PictureSet(training.pictures, nothing_to_learn), runs)
    network.take_backbone(whole)
