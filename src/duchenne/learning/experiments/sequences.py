"""Answers to both tasks from a clip's vectors: a temporal network, or machines on statistics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from duchenne.errors import DataError
from duchenne.evaluation.statistics.standardising import Standardiser, by_person
from duchenne.evaluation.video_sets.crop_set import CropSet
from duchenne.learning.experiments.config import Experiment
from duchenne.learning.experiments.data import MIDDLE
from duchenne.learning.genuineness_curve import Decide, fit_curve
from duchenne.learning.losses import CombinedLoss
from duchenne.learning.networks.temporal import TemporalNetwork
from duchenne.learning.optimisation import optimiser_for, schedule_for

Matrix = NDArray[np.float64]
Rows = NDArray[np.intp]

_WIDTH: Final = 0.5


@dataclass(frozen=True, eq=False)
class ClipVectors:
    """The vectors of each clip's frames.

    Attributes:
        frames: (clips, T, d) float32; 0 where a clip has fewer frames.
        there: (clips, T) bool.
        emotion: (clips,) class.
        kind: (clips,) 0 genuine, 1 posed.
        people: (clips,).
        emotions: how many there are.
    """

    frames: NDArray[np.float32]
    there: NDArray[np.bool_]
    emotion: NDArray[np.int64]
    kind: NDArray[np.int64]
    people: NDArray[Any]
    emotions: int

    @classmethod
    def from_crops(
        cls, crops: CropSet, vectors: NDArray[np.float32], longest: int, own_scale: bool = False
    ) -> ClipVectors:
        """Lay out (n, d) vectors of the crops by clip.

        Args:
            crops: whose vectors they are.
            vectors: (n, d).
            longest: frames of a clip at most; a longer one gives that many, evenly spread.
            own_scale: standardise each person's vectors over that person's own frames.

        Raises:
            DataError: vectors that are no numbers, of another number.
        """
        if len(vectors) != len(crops.clip) or not np.isfinite(vectors).all():
            raise DataError(
                "Every crop needs a vector of numbers, and crops found by Haar's cascade have no "
                "blendshapes and head pose: take an experiment without landmarks, or cut the crops "
                "with our own detector."
            )
        values = vectors.astype(np.float64)
        if own_scale:
            values = by_person(values, crops.people[crops.clip])
        count = len(crops.clips)
        frames = np.zeros((count, longest, values.shape[1]), np.float32)
        there = np.zeros((count, longest), bool)
        for clip in range(count):
            rows = crops.rows(clip)
            size = rows.stop - rows.start
            places = np.linspace(0, size - 1, min(size, longest)).round().astype(np.intp)
            frames[clip, : len(places)] = values[rows.start + places]
            there[clip, : len(places)] = True
        return cls(frames, there, crops.emotion, crops.kind, crops.people, len(crops.emotions))


def temporal_answers(
    data: ClipVectors, experiment: Experiment, train: Rows, scored: Rows
) -> Matrix:
    """(scored, emotions, 2) probabilities of ``TemporalNetwork``s, averaged over the members.

    Nothing is chosen: the number of epochs is the experiment's, so the people to choose by are
    trained on as well.
    """
    known = data.frames[train][data.there[train]].astype(np.float64)
    standardiser = Standardiser.fit(known)
    scaled = (data.frames - standardiser.mean) / standardiser.spread
    frames = torch.from_numpy((scaled * data.there[..., None]).astype(np.float32))
    there = torch.from_numpy(data.there)
    joint = np.zeros((len(scored), data.emotions, 2))
    for member in range(experiment.sequence.members):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(1000 * experiment.seed + member)
            network = _train(data, (frames, there), experiment, torch.from_numpy(train))
        with torch.inference_mode():
            outputs = network.eval()(frames[scored], there[scored])
        emotion, kind = (out.double().softmax(1).numpy() for out in outputs)
        joint += emotion[:, :, None] * kind[:, None, :] / experiment.sequence.members
    return joint


def _train(
    data: ClipVectors,
    inputs: tuple[torch.Tensor, torch.Tensor],
    experiment: Experiment,
    train: torch.Tensor,
) -> TemporalNetwork:
    how, size = experiment.sequence, experiment.reduced
    network = TemporalNetwork(
        inputs[0].shape[2], how.encoder, how.width, how.dropout, how.noise, data.emotions
    )
    combined = CombinedLoss(experiment.combination, experiment.fixed)
    optimiser = optimiser_for(torch.nn.ModuleList([network, combined]), experiment)
    batch = min(size.batch_size, len(train))
    steps = size.epochs * (len(train) // batch)
    described = schedule_for(optimiser, experiment, steps, size.epochs)
    emotion, kind = torch.tensor(data.emotion), torch.tensor(data.kind)
    for _ in range(size.epochs):
        for rows in _batches(train, batch):
            emotions, kinds = network(inputs[0][rows], inputs[1][rows])
            loss = combined(
                functional.cross_entropy(emotions, emotion[rows], label_smoothing=how.smoothing),
                functional.cross_entropy(kinds, kind[rows], label_smoothing=how.smoothing),
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if described is not None:
                described["scheduler"].step()
    return network


def _batches(rows: torch.Tensor, size: int) -> Iterator[torch.Tensor]:
    shuffled = rows[torch.randperm(len(rows))]
    return iter(torch.split(shuffled[: len(rows) // size * size], size))


def statistics_over_time(data: ClipVectors) -> Matrix:
    """(clips, 7 d): mean, spread, highest, lowest, last less first, mean step, middle's mean."""
    rows = []
    for frames, there in zip(data.frames.astype(np.float64), data.there, strict=True):
        known = frames[there]
        steps = np.abs(np.diff(known, axis=0)) if len(known) > 1 else np.zeros_like(known)
        first, last = (round(share * (len(known) - 1)) for share in MIDDLE)
        rows.append(
            np.concatenate(
                [
                    *(known.mean(0), known.std(0), known.max(0), known.min(0)),
                    *(known[-1] - known[0], steps.mean(0), known[first : last + 1].mean(0)),
                ]
            )
        )
    return np.stack(rows)


def machine_answers(
    features: Matrix, data: ClipVectors, experiment: Experiment, train: Rows, scored: Rows
) -> Matrix:
    """(scored, emotions, 2) probabilities of two support vector machines with RBF kernels.

    The emotions' come from the machine's one-against-one votes (softmax of its decision values),
    those of genuine and posed from a curve fitted to people it did not see.

    Raises:
        DataError: only genuine or only posed clips, or too few people.
    """
    standardiser = Standardiser.fit(features[train])
    known, unseen = standardiser(features[train]), standardiser(features[scored])
    genuine = data.kind[train] == 0

    def fit(rows: Matrix, labels: NDArray[Any]) -> Decide:
        return _decide(rows, labels, experiment)

    curve = fit_curve(known, genuine, data.people[train], fit, experiment.seed)
    p = curve(fit(known, genuine)(unseen))
    seen = np.unique(data.emotion[train])
    # A machine needs two classes; where one emotion alone was trained on, it has all shares.
    alone = np.zeros((len(unseen), 1))
    votes = fit(known, data.emotion[train])(unseen) if len(seen) > 1 else alone
    emotion = _shares(votes, data.emotions, seen)
    return np.asarray(emotion[:, :, None] * np.stack([p, 1 - p], axis=1)[:, None, :])


def _decide(rows: Matrix, labels: NDArray[Any], experiment: Experiment) -> Decide:
    from sklearn.svm import SVC

    width = _WIDTH / rows.shape[1]
    machine = SVC(C=experiment.sequence.cost, gamma=width, cache_size=400).fit(rows, labels)
    decide: Decide = machine.decision_function
    return decide


def _shares(votes: Matrix, classes: int, seen: NDArray[np.int64]) -> Matrix:
    """Decision values to shares over all classes; those never seen get none."""
    table = np.stack([-votes, votes], axis=1) if votes.ndim == 1 else votes
    powers = np.exp(table - table.max(axis=1, keepdims=True))
    shares = np.zeros((len(table), classes))
    shares[:, seen] = powers / powers.sum(axis=1, keepdims=True)
    return shares
