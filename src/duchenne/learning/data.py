"""FER-2013 as batches for Lightning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from lightning.pytorch import LightningDataModule
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler, SequentialSampler

from duchenne.errors import DataError
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.evaluation.emotion.targets import target
from duchenne.learning.configs import EmotionConfig
from duchenne.learning.soft_labels import soft_labels

Batch = tuple[Tensor, Tensor]


class PictureSet(Dataset[Batch]):
    """Pictures held in memory and handed out a whole batch at a time.

    Args:
        pictures: (n, 48, 48) uint8 grey.
        shares: (n, classes), each row summing to 1.
    """

    def __init__(self, pictures: Tensor, shares: Tensor) -> None:
        self.pictures = pictures
        self.shares = shares

    @classmethod
    def from_fer2013(
        cls, data: Fer2013, classes: str, votes: float = 0.0, smoothing: float = 0.0
    ) -> PictureSet:
        """The rows that the target ``classes`` takes; see ``soft_labels``."""
        rows, shares = soft_labels(data, target(classes), votes, smoothing)
        return cls(torch.from_numpy(data.images[rows]), torch.from_numpy(shares))

    def __len__(self) -> int:
        return len(self.shares)

    def __getitem__(self, index: int) -> Batch:
        return self.pictures[index], self.shares[index]

    def __getitems__(self, indices: Sequence[int]) -> Batch:
        chosen = torch.as_tensor(indices)
        return self.pictures[chosen], self.shares[chosen]


class EpochShuffle(Sampler[int]):
    """An order of the rows that depends on the seed and the epoch alone.

    So an epoch of a resumed training sees the batches that it would have seen without the break.
    Lightning calls ``set_epoch`` before each epoch.

    Args:
        rows: how many there are.
        seed: any whole number.
        weights: (rows,) how likely each is drawn; rows are then drawn with replacement.
    """

    def __init__(self, rows: int, seed: int, weights: Tensor | None = None) -> None:
        self.rows = rows
        self.seed = seed
        self.weights = weights
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return self.rows

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self.seed * 10_000 + self.epoch)
        if self.weights is None:
            return iter(torch.randperm(self.rows, generator=generator).tolist())
        drawn = torch.multinomial(self.weights, self.rows, replacement=True, generator=generator)
        return iter(drawn.tolist())


class Fer2013Module(LightningDataModule):
    """Training shuffled, PublicTest for every choice. PrivateTest is not reachable from here.

    Raises:
        DataError: a split lacks rows of the recipe's classes.
    """

    def __init__(self, data: Fer2013, config: EmotionConfig) -> None:
        super().__init__()
        self.training = PictureSet.from_fer2013(
            data.split("Training"), config.target, config.votes, config.label_smoothing
        )
        self.validation = PictureSet.from_fer2013(data.split("PublicTest"), config.target)
        self.config = config
        if not len(self.validation):
            raise DataError(f"No PublicTest row has a class of {config.target}.")
        if len(self.training) < config.batch_size:
            raise DataError(f"{len(self.training)} Training rows do not fill one batch.")

    def train_dataloader(self) -> DataLoader[Batch]:
        weights = _class_weights(self.training.shares) if self.config.balanced else None
        order = EpochShuffle(len(self.training), self.config.seed, weights)
        return loader(self.training, self.config.batch_size, order, drop_last=True)

    def val_dataloader(self) -> DataLoader[Batch]:
        order = SequentialSampler(self.validation)
        return loader(self.validation, 256, order, drop_last=False)


def loader(
    pictures: Dataset[Any], size: int, order: Sampler[int], drop_last: bool
) -> DataLoader[Any]:
    """Whole batches in the order given."""
    return DataLoader(
        pictures,
        batch_size=size,
        sampler=order,
        drop_last=drop_last,
        collate_fn=_as_is,
        # Its own: a loader that begins anew draws a number, which would shift the augmentation.
        generator=torch.Generator(),
    )


def _class_weights(shares: Tensor) -> Tensor:
    """Such that every class is drawn as often as the others."""
    labels = shares.argmax(1)
    return 1.0 / torch.bincount(labels, minlength=shares.shape[1])[labels].double()


def _as_is(batch: Any) -> Any:
    return batch
