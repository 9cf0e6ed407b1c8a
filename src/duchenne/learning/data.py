"""FER-2013 as batches for Lightning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from lightning.pytorch import LightningDataModule
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler, SequentialSampler

from duchenne.evaluation.fer2013 import Fer2013

Batch = tuple[Tensor, Tensor]


class PictureSet(Dataset[Batch]):
    """Pictures held in memory and handed out a whole batch at a time, as uint8."""

    def __init__(self, pictures: Fer2013) -> None:
        self.pictures = torch.from_numpy(pictures.images)
        self.labels = torch.from_numpy(pictures.labels)

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> Batch:
        return self.pictures[index], self.labels[index]

    def __getitems__(self, indices: Sequence[int]) -> Batch:
        chosen = torch.as_tensor(indices)
        return self.pictures[chosen], self.labels[chosen]


class EpochShuffle(Sampler[int]):
    """An order of the rows that depends on the seed and the epoch alone.

    So an epoch of a resumed training sees the batches that it would have seen without the break.
    Lightning calls ``set_epoch`` before each epoch.
    """

    def __init__(self, rows: int, seed: int) -> None:
        self.rows = rows
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return self.rows

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self.seed * 10_000 + self.epoch)
        return iter(torch.randperm(self.rows, generator=generator).tolist())


class Fer2013Module(LightningDataModule):
    """Training shuffled, PublicTest for every choice. PrivateTest is not reachable from here."""

    def __init__(self, data: Fer2013, batch_size: int, seed: int = 0) -> None:
        super().__init__()
        self.training = PictureSet(data.split("Training"))
        self.validation = PictureSet(data.split("PublicTest"))
        self.batch_size = batch_size
        self.seed = seed

    def train_dataloader(self) -> DataLoader[Batch]:
        order = EpochShuffle(len(self.training), self.seed)
        return self._loader(self.training, self.batch_size, order, drop_last=True)

    def val_dataloader(self) -> DataLoader[Batch]:
        order = SequentialSampler(self.validation)
        return self._loader(self.validation, 256, order, drop_last=False)

    @staticmethod
    def _loader(
        pictures: PictureSet, size: int, order: Sampler[int], drop_last: bool
    ) -> DataLoader[Batch]:
        return DataLoader(
            pictures,
            batch_size=size,
            sampler=order,
            drop_last=drop_last,
            collate_fn=_as_is,
            # Its own: a loader that begins anew draws a number, which would shift the augmentation.
            generator=torch.Generator(),
        )


def _as_is(batch: Any) -> Any:
    return batch
