"""FER-2013 as batches for Lightning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from lightning.pytorch import LightningDataModule
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

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


def _as_is(batch: Batch) -> Batch:
    return batch


class Fer2013Module(LightningDataModule):
    """Training shuffled, PublicTest for every choice. PrivateTest is not reachable from here."""

    def __init__(self, data: Fer2013, batch_size: int) -> None:
        super().__init__()
        self.training = PictureSet(data.split("Training"))
        self.validation = PictureSet(data.split("PublicTest"))
        self.batch_size = batch_size

    def train_dataloader(self) -> DataLoader[Batch]:
        return self._loader(self.training, self.batch_size, shuffle=True, drop_last=True)

    def val_dataloader(self) -> DataLoader[Batch]:
        return self._loader(self.validation, 256, shuffle=False, drop_last=False)

    @staticmethod
    def _loader(pictures: PictureSet, size: int, **options: Any) -> DataLoader[Batch]:
        return DataLoader(pictures, batch_size=size, collate_fn=_as_is, **options)
