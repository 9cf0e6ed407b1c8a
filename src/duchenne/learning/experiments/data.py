"""Crops as batches for Lightning: single frames, or sequences of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import torch
from lightning.pytorch import LightningDataModule
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, SequentialSampler

from duchenne.errors import DataError
from duchenne.evaluation.datasets.pedfe import SIDE, fer_crop
from duchenne.evaluation.video_sets.crop_set import CropSet
from duchenne.learning.data import EpochShuffle, loader
from duchenne.learning.experiments.config import Plan
from duchenne.learning.networks.two_tasks import facts_of

Batch = tuple[Tensor, Tensor]
Rows = NDArray[np.intp]

MIDDLE: Final = (0.4, 0.9)
"""Which part of a clip the thesis takes frames from (section 3.1)."""

# Networks that were trained on FER-2013 want the face where it lies there.
_FER_NETWORKS: Final = ("compact_resnet", "dlib_resnet29")


@dataclass(frozen=True, eq=False)
class Samples:
    """What a network is shown.

    Attributes:
        pixels: (n, h, w) uint8 frames, or (n, T, h, w) sequences of them.
        labels: (n, 2) emotion and kind (0 genuine, 1 posed).
        clip: (n,) the row of the crop set's clips that each is of.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]
    clip: Rows

    def of(self, clips: Rows) -> Samples:
        """Those of some clips."""
        chosen = np.isin(self.clip, clips)
        return Samples(self.pixels[chosen], self.labels[chosen], self.clip[chosen])


def samples_of(crops: CropSet, plan: Plan) -> Samples:
    """The samples of a plan: frames of the middle of each clip, or a sequence over all of it.

    A clip of fewer frames gives those it has; a sequence repeats some.
    """
    size, sequences = plan.size, plan.experiment.approach == "clips"
    chosen = [_places(crops.rows(clip), size.frames, sequences) for clip in range(len(crops.clips))]
    pixels = sized(crops.pixels[np.concatenate(chosen)], plan)
    clip = np.repeat(np.arange(len(chosen)), [len(rows) for rows in chosen])
    if sequences:
        pixels = pixels.reshape(len(chosen), size.frames, *pixels.shape[1:])
        clip = np.arange(len(chosen))
    labels = np.stack([crops.emotion[clip], crops.kind[clip]], axis=1)
    return Samples(pixels, labels, clip)


def sized(pixels: NDArray[np.uint8], plan: Plan) -> NDArray[np.uint8]:
    """(n, side, side) crops at the size that the plan's network looks at.

    Made smaller once and by area, before the network's own door could do so at every step.
    """
    facts = facts_of(plan.experiment.network)
    side = plan.size.side or facts.side
    if plan.experiment.network in _FER_NETWORKS and pixels.shape[1] == SIDE:
        return np.stack([fer_crop(crop) for crop in pixels])
    side = min(side, pixels.shape[1])
    if side == pixels.shape[1]:
        return pixels
    small = [cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA) for crop in pixels]
    return np.stack(small).astype(np.uint8)


class SampleSet(Dataset[Batch]):
    """Handed out a whole batch at a time."""

    def __init__(self, samples: Samples) -> None:
        self.pixels = torch.from_numpy(np.ascontiguousarray(samples.pixels))
        self.labels = torch.from_numpy(samples.labels)

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> Batch:
        return self.pixels[index], self.labels[index]

    def __getitems__(self, indices: Sequence[int]) -> Batch:
        chosen = torch.as_tensor(indices)
        return self.pixels[chosen], self.labels[chosen]


class SampleBatches(LightningDataModule):
    """Training shuffled; the people to choose by for every choice. Scored people are not here.

    Raises:
        DataError: the training rows do not fill a batch.
    """

    def __init__(self, training: Samples, validation: Samples, plan: Plan) -> None:
        super().__init__()
        self.training, self.validation = SampleSet(training), SampleSet(validation)
        self.plan = plan
        if len(self.training) < plan.size.batch_size:
            raise DataError(f"{len(self.training)} training samples do not fill one batch.")

    def train_dataloader(self) -> DataLoader[Batch]:
        order = EpochShuffle(len(self.training), self.plan.experiment.seed)
        return loader(self.training, self.plan.size.batch_size, order, drop_last=True)

    def val_dataloader(self) -> DataLoader[Batch]:
        order = SequentialSampler(self.validation)
        return loader(self.validation, self.plan.size.batch_size, order, drop_last=False)


def network_input(pixels: Tensor) -> Tensor:
    """(n, h, w) uint8 to (n, 1, h, w) in [-1, 1]; sequences (n, T, h, w) to (n, 1, T, h, w)."""
    return pixels.unsqueeze(1).float().div_(127.5).sub_(1.0)


def _places(rows: slice, count: int, whole: bool) -> Rows:
    """Which crops of a clip are taken, evenly spread."""
    there = np.arange(rows.start, rows.stop)
    if whole:
        return there[np.linspace(0, len(there) - 1, count).round().astype(np.intp)]
    first, last = (round(share * (len(there) - 1)) for share in MIDDLE)
    middle = there[first : last + 1]
    places = np.linspace(0, len(middle) - 1, min(count, len(middle)))
    return middle[places.round().astype(np.intp)]
