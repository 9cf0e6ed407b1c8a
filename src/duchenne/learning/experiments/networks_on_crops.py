"""Trains a network on frames or sequences of crops, and names the clips of people it never saw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import torch
from lightning.pytorch import seed_everything
from matplotlib.figure import Figure
from numpy.typing import NDArray

from duchenne.evaluation.plots import plot_history, save_figure
from duchenne.evaluation.video_sets.crop_set import CropSet
from duchenne.evaluation.video_sets.splits import Split
from duchenne.files import in_one_step
from duchenne.learning.callbacks import quiet
from duchenne.learning.checkpoints import read_checkpoint
from duchenne.learning.experiments.config import Plan
from duchenne.learning.experiments.data import SampleBatches, Samples, samples_of
from duchenne.learning.experiments.following import Deadline, ExperimentBar, ExperimentHistory
from duchenne.learning.experiments.module import ExperimentModule
from duchenne.learning.networks.two_tasks import TwoTaskNetwork, whole_network
from duchenne.learning.pretrained import efficientnet_lite0_weights, load_pretrained
from duchenne.learning.running import check_resumable, fit, make_folder

Shares = NDArray[np.float64]
Say = Callable[[str], None]

_AT_A_TIME: Final = 32


def run_network(
    plan: Plan, crops: CropSet, split: Split, folder: Path, runs: Path, minutes: float | None
) -> tuple[Shares, int]:
    """Train and score round by round; finished rounds and epochs are kept on the disk.

    Args:
        plan: what is trained, and how.
        crops: the data.
        split: who is trained on, chosen by and scored.
        folder: of this experiment; a round has a folder of its own in it.
        runs: folder of all trainings, for weights ``fer``.
        minutes: that all rounds together may take; none: as long as they take.

    Returns:
        (clips, emotions, 2) probabilities, NaN for clips that no round scores; and how many epochs
        the last round had.

    Raises:
        DataError: the data or the folder does not fit the plan.
        ModelError: weights to start from are not there.
    """
    samples = samples_of(crops, plan)
    joint = np.full((len(crops.clips), len(crops.emotions), 2), np.nan)
    rounds = list(split.rounds(crops.clips))
    epochs = 0
    for number, (train, chosen, scored) in enumerate(rounds):
        place = folder / f"round_{number}"
        finished = place / "joint.npy"
        if not finished.is_file():
            share = None if minutes is None else minutes / len(rounds)
            batches = SampleBatches(samples.of(train), samples.of(chosen), plan)
            module = _train(plan, batches, len(crops.emotions), place, runs, share)
            named = _name(module, samples.of(scored), len(crops.clips))[scored]
            with in_one_step(finished) as fresh, fresh.open("wb") as file:
                np.save(file, named)
        joint[scored] = np.load(finished)
        epochs = len(pd.read_csv(place / "history.csv"))
    return joint, epochs


def start_network(network: TwoTaskNetwork, plan: Plan, runs: Path) -> None:
    """Fill the backbone with the weights that the plan starts from, in place.

    Raises:
        ModelError: they are not there, or are another network's.
    """
    if plan.weights == "none":
        return
    e = plan.experiment
    whole = whole_network(e.network, 7, plan.size.side)
    imagenet = plan.weights == "imagenet" and e.network == "efficientnet_lite0"
    load_pretrained(whole, efficientnet_lite0_weights() if imagenet else plan.weights, runs)
    network.take(whole)


def _train(
    plan: Plan,
    batches: SampleBatches,
    emotions: int,
    place: Path,
    runs: Path,
    minutes: float | None,
) -> ExperimentModule:
    folder = make_folder(place)
    with quiet():
        seed_everything(plan.experiment.seed, verbose=False)
    module = ExperimentModule(plan, emotions)
    if folder.last.exists():
        check_resumable(read_checkpoint(folder.last), plan, plan.size.epochs, folder)
    else:
        start_network(module.network, plan, runs)
    callbacks = [ExperimentHistory(folder.history), ExperimentBar(), Deadline(minutes)]
    fit(module, batches, plan, folder, plan.size.epochs, callbacks)
    save_figure(_curves(pd.read_csv(folder.history), plan), folder.curves)
    best = read_checkpoint(folder.best)["state_dict"]
    module.load_state_dict(best)
    return module.eval()


def _curves(history: pd.DataFrame, plan: Plan) -> Figure:
    """Loss and the share of samples with both tasks right, over the epochs."""
    figure = plot_history(history, plan.experiment.name, "people to choose by")
    loss, accuracy = figure.axes
    loss.texts[-1].set_text(f"loss ({plan.experiment.combination})")
    accuracy.texts[-1].set_text(accuracy.texts[-1].get_text().replace("accuracy", "both right", 1))
    return figure


def _name(module: ExperimentModule, samples: Samples, clips: int) -> Shares:
    """Votes: the frames' probabilities averaged over each clip, each task by itself."""
    parts = []
    with torch.inference_mode():
        for first in range(0, len(samples.clip), _AT_A_TIME):
            pixels = torch.from_numpy(samples.pixels[first : first + _AT_A_TIME])
            parts.append(module.joint(pixels).double().numpy())
    joint = np.concatenate(parts)
    total = np.zeros((clips, *joint.shape[1:]))
    np.add.at(total, samples.clip, joint)
    frames = np.bincount(samples.clip, minlength=clips)
    voted = total / np.maximum(frames, 1)[:, None, None]
    if module.plan.experiment.heads == "twelve":
        return np.asarray(voted)
    return np.asarray(voted.sum(2, keepdims=True) * voted.sum(1, keepdims=True))
