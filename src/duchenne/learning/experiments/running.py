"""Runs experiments: each in a folder of its own, all of a kind on one stored split; resumable."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from filelock import FileLock
from numpy.typing import NDArray

from duchenne.errors import ModelError
from duchenne.evaluation.machine import Circumstances
from duchenne.evaluation.video_sets.crop_set import CropSet
from duchenne.evaluation.video_sets.splits import Split, stored_split
from duchenne.evaluation.video_sets.two_task_scores import METRICS, TwoTaskScores
from duchenne.files import in_one_step
from duchenne.learning.experiments.config import PUBLISHED, Experiment, Plan, SizeName
from duchenne.learning.experiments.embedding import embed
from duchenne.learning.experiments.networks_on_crops import run_network
from duchenne.learning.experiments.pyramid import equalised, pooled
from duchenne.learning.experiments.sequences import (
    ClipVectors,
    machine_answers,
    statistics_over_time,
    temporal_answers,
)
from duchenne.learning.networks.two_tasks import facts_of
from duchenne.recording.locking import take

Shares = NDArray[np.float64]
Answer = Callable[[NDArray[np.intp], NDArray[np.intp]], Shares]
Say = Callable[[str], None]

MINUTES: Final = 20.0
EMBEDDINGS: Final = "embeddings"

INSTEAD: Final = "in Place.files by the network's name"
"""Where ``plan_for`` wants a file to be named; the command line has an option for it."""


@dataclass(frozen=True)
class Place:
    """Where experiments lie.

    Attributes:
        out: folder of all experiments: ``OUT/<name>/``, ``OUT/split_<kind>.json``.
        runs: folder of the emotion trainings, for weights ``fer``.
        files: weight files of the user by network, for experiments that start from published
            weights; ``"none"`` instead of a file: it starts from chance; ``"*"`` stands for every
            network whose weights only a user can bring.
        size: ``reduced`` or ``full``; none: full on a GPU.
        minutes: that a reduced experiment may train in all; none: as long as it takes.
    """

    out: Path
    runs: Path = Path("runs")
    files: Mapping[str, str] | None = None
    size: SizeName | None = None
    minutes: float | None = MINUTES

    def folder(self, experiment: Experiment) -> Path:
        """Of one experiment."""
        return self.out / experiment.name

    def split(self, experiment: Experiment, crops: CropSet) -> Split:
        """The split that all experiments of its kind share here."""
        path = self.out / f"split_{experiment.split}.json"
        return stored_split(path, crops.clips, experiment.split)


def is_finished(experiment: Experiment, place: Place) -> bool:
    """Whether its result stands in its folder."""
    return (place.folder(experiment) / METRICS).is_file()


def plan_for(experiment: Experiment, place: Place) -> Plan:
    """The experiment as it can be run here.

    Raises:
        ModelError: it wants published weights, of which no file is given.
    """
    size = place.size or ("full" if torch.cuda.is_available() else "reduced")
    files = place.files or {}
    given = files.get(experiment.network) if experiment.weights in PUBLISHED else None
    if experiment.needs_file and given is None:
        given = files.get("*")
    if experiment.needs_file and given is None:
        where = facts_of(experiment.network).weights
        raise ModelError(
            f"{experiment.name} starts from the {experiment.weights} weights of "
            f"{experiment.network} (published: {where}): give a file of them, or none to start "
            f"from chance, {INSTEAD}."
        )
    weights = experiment.weights if given is None else given
    # PyTorch 2.13's bf16 gradients of small 3D convolutions hold garbage on a processor.
    exact = experiment.approach == "clips" and not torch.cuda.is_available()
    return Plan(experiment, size, weights, "32-true" if exact else "bf16-mixed")


def run_experiment(
    experiment: Experiment, crops: CropSet, place: Place, say: Say | None = None
) -> TwoTaskScores | None:
    """Train and score; what an earlier call finished is kept, and a finished result is left alone.

    The folder gets ``metrics.json``, ``predictions.csv``, a confusion matrix a task, and of each
    round the checkpoints, ``history.csv`` and ``curves.png``.

    Args:
        experiment: which one.
        crops: the data.
        place: where to, and with what.
        say: gets a line about the result.

    Returns:
        The scores; None where the result is there already.

    Raises:
        DataError: the data or the folder does not fit.
        ModelError: weights are not there.
        KeyboardInterrupt: on Ctrl-C; finished epochs and rounds are kept.
    """
    if is_finished(experiment, place):
        return None
    plan = plan_for(experiment, place)
    folder = place.folder(experiment)
    lock = FileLock(folder / ".lock", blocking=False)
    take(lock, folder)
    try:
        begun = time.perf_counter()
        split = place.split(experiment, crops)
        joint, epochs = _joint(plan, crops, split, place)
        rows = split.scored(crops.clips)
        scored = crops.clips.iloc[rows]
        scores = TwoTaskScores.from_joint(scored, crops.emotions, joint[rows])
        about = _about(plan, crops, epochs, time.perf_counter() - begun)
        title = f"{experiment.title}, unseen people"
        scores.save(folder, about, title)
    finally:
        lock.release()
    if say is not None:
        say(f"{experiment.name}\n{scores.to_text()}")
    return scores


def _joint(plan: Plan, crops: CropSet, split: Split, place: Place) -> tuple[Shares, int]:
    experiment = plan.experiment
    folder = place.folder(experiment)
    if experiment.approach in ("frames", "clips"):
        minutes = place.minutes if plan.size_name == "reduced" else None
        return run_network(plan, crops, split, folder, place.runs, minutes)
    answer = _answers(plan, crops, place)
    joint = np.full((len(crops.clips), len(crops.emotions), 2), np.nan)
    for number, (train, chosen, scored) in enumerate(split.rounds(crops.clips)):
        finished = folder / f"round_{number}.npy"
        if not finished.is_file():
            # Nothing is chosen here, so that the people to choose by are learned from.
            answered = answer(np.union1d(train, chosen), scored)
            with in_one_step(finished) as fresh, fresh.open("wb") as file:
                np.save(file, answered)
        joint[scored] = np.load(finished)
    return joint, plan.size.epochs if experiment.approach == "embeddings" else 0


def _answers(plan: Plan, crops: CropSet, place: Place) -> Answer:
    """From clips to train on and to score to probabilities, by an approach over embeddings."""
    experiment, how = plan.experiment, plan.experiment.sequence
    pictures = equalised(crops) if experiment.approach == "pyramid" else crops
    embedded = embed(pictures, experiment.network, place.out / EMBEDDINGS)
    vectors = pooled(embedded.maps) if experiment.approach == "pyramid" else embedded.vectors
    if how.measures:
        vectors = np.concatenate([vectors, crops.measures], axis=1)
    data = ClipVectors.from_crops(crops, vectors, plan.size.frames, how.by_person)
    if experiment.approach == "embeddings":
        return lambda train, scored: temporal_answers(data, experiment, train, scored)
    features = statistics_over_time(data)
    return lambda train, scored: machine_answers(features, data, experiment, train, scored)


def _about(plan: Plan, crops: CropSet, epochs: int, seconds: float) -> dict[str, Any]:
    experiment = plan.experiment
    return {
        "experiment": experiment.name,
        "table": experiment.table,
        "title": experiment.title,
        "data": crops.name,
        **plan.described(),
        "epochs_run": epochs,
        "seconds": round(seconds, 1),
        "thesis": dict(experiment.thesis),
        "circumstances": asdict(Circumstances.now()),
    }
