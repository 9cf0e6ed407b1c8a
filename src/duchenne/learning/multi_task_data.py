"""Faces with up to four labels as batches for Lightning."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from lightning.pytorch import LightningDataModule
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, SequentialSampler

from duchenne.errors import DataError
from duchenne.evaluation.datasets.face_attributes import HEADS, SIDE, UNKNOWN, FaceAttributes
from duchenne.learning.data import EpochShuffle, loader
from duchenne.learning.multi_task_configs import AttributesConfig

Batch = tuple[Tensor, Tensor]


class AttributeSet(Dataset[Batch]):
    """Handed out a whole batch at a time: (n, 48, 48) uint8, and (n, heads) labels, -1 unknown."""

    def __init__(self, data: FaceAttributes) -> None:
        self.pictures = torch.from_numpy(data.images)
        self.labels = torch.from_numpy(data.labels)

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> Batch:
        return self.pictures[index], self.labels[index]

    def __getitems__(self, indices: Sequence[int]) -> Batch:
        chosen = torch.as_tensor(indices)
        return self.pictures[chosen], self.labels[chosen]


class AttributeBatches(LightningDataModule):
    """Training shuffled, Validation for every choice. Test is not reachable from here.

    Raises:
        DataError: a split lacks rows or labels of a head, or its crops are of another size than
            the networks take.
    """

    def __init__(self, data: FaceAttributes, config: AttributesConfig) -> None:
        super().__init__()
        if data.side != SIDE:
            raise DataError(f"The networks take crops of {SIDE} pixels, not {data.side}.")
        training, validation = data.split("Training"), data.split("Validation")
        _check_heads(training, "Training")
        _check_heads(validation, "Validation")
        self.training = AttributeSet(training)
        self.validation = AttributeSet(validation)
        self.config = config
        if len(self.training) < config.batch_size:
            raise DataError(f"{len(self.training)} Training rows do not fill one batch.")

    def train_dataloader(self) -> DataLoader[Batch]:
        order = EpochShuffle(len(self.training), self.config.seed)
        return loader(self.training, self.config.batch_size, order, drop_last=True)

    def val_dataloader(self) -> DataLoader[Batch]:
        return loader(self.validation, 256, SequentialSampler(self.validation), drop_last=False)


def _check_heads(split: FaceAttributes, name: str) -> None:
    """A head that learns nothing, or that nobody can check, must not be handed out as trained."""
    for head in HEADS:
        if not (getattr(split, head) != UNKNOWN).any():
            raise DataError(
                f"No {name} row has a label of {head}: add a data set that has (RAF-DB has all "
                "four, UTKFace all but emotion, FER-2013 emotion alone)."
            )
