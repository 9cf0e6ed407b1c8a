"""The Lightning module that trains a network of several heads."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import torch
from lightning.pytorch import LightningModule
from lightning.pytorch.utilities.types import OptimizerLRScheduler
from torch import Tensor

from duchenne.evaluation.datasets.face_attributes import HEADS
from duchenne.learning.augment import augment, to_input
from duchenne.learning.multi_task_configs import AttributesConfig
from duchenne.learning.multi_task_loss import known, right, summed_losses, weighted_loss
from duchenne.learning.networks.multi_task import MultiTaskNetwork
from duchenne.learning.optimisation import optimiser_for, schedule_for


class AttributesModule(LightningModule):
    """Masked cross entropy of every head, weighted and added; logs each head's accuracy.

    ``train_accuracy_<head>`` and ``val_accuracy_<head>`` are over the rows whose label is known,
    ``train_accuracy`` and ``val_accuracy`` the means of the heads. ``val_loss`` is that of all
    Validation rows together, whatever the batches were.
    """

    loss_weights: Tensor

    def __init__(self, config: AttributesConfig) -> None:
        super().__init__()
        self.config = config
        sizes = {head: len(classes) for head, classes in HEADS.items()}
        network = MultiTaskNetwork(config.network, sizes, config.dropouts, config.head_dropout)
        self.network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        weights = torch.tensor(config.loss_weights.in_order)
        self.register_buffer("loss_weights", weights, persistent=False)
        self._seen: dict[str, tuple[Tensor, Tensor, Tensor]] = {}
        self._begin("train")
        self._begin("val")

    def forward(self, pictures: Tensor) -> tuple[Tensor, ...]:
        """(N, 1, 48, 48) in [-1, 1] to the heads' (N, K) logits."""
        logits: tuple[Tensor, ...] = self.network(
            pictures.contiguous(memory_format=torch.channels_last)
        )
        return tuple(out.float() for out in logits)

    def on_train_epoch_start(self) -> None:
        # A resumed run draws the numbers that an uninterrupted one would have drawn.
        torch.manual_seed(self.config.seed * 10_000 + self.current_epoch)
        self._begin("train")

    def on_validation_epoch_start(self) -> None:
        self._begin("val")

    def training_step(self, batch: tuple[Tensor, Tensor], _: int) -> Tensor:
        pictures, labels = batch
        logits = self(augment(to_input(pictures), self.config.augmentation))
        sums = summed_losses(logits, labels)
        self._count("train", sums, logits, labels)
        return weighted_loss(sums, known(labels), self.loss_weights)

    def validation_step(self, batch: tuple[Tensor, Tensor], _: int) -> None:
        pictures, labels = batch
        logits = self(to_input(pictures))
        self._count("val", summed_losses(logits, labels), logits, labels)

    def on_validation_epoch_end(self) -> None:
        # Training rows are all seen by now: this runs within the epoch, before the callbacks
        # that write the history.
        for split in ("train", "val"):
            for name, value in self.figures(split).items():
                self.log(name, value)

    def figures(self, split: str) -> dict[str, float]:
        """Loss and accuracies over what was seen of a split in this epoch, by logged name."""
        sums, hits, counts = self._seen[split]
        shares = (hits / counts.clamp(min=1)).tolist()
        loss = weighted_loss(sums, counts, self.loss_weights.to(sums.device))
        named = {f"{split}_accuracy_{h}": share for h, share in zip(HEADS, shares, strict=True)}
        return {
            f"{split}_loss": float(loss),
            f"{split}_accuracy": sum(shares) / len(shares),
            **named,
        }

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint["recipe"] = asdict(self.config)
        checkpoint["planned_epochs"] = self.trainer.max_epochs

    def configure_optimizers(self) -> OptimizerLRScheduler:
        recipe = self.config.as_emotion()
        optimizer = optimiser_for(self.network, recipe)
        steps, epochs = int(self.trainer.estimated_stepping_batches), self.trainer.max_epochs
        schedule = schedule_for(optimizer, recipe, steps, int(epochs or 1))
        return optimizer if schedule is None else ([optimizer], [schedule])  # type: ignore[return-value]

    def _begin(self, split: str) -> None:
        zeros = torch.zeros(len(HEADS), dtype=torch.float64)
        self._seen[split] = (zeros, zeros.clone(), zeros.clone())

    def _count(self, split: str, sums: Tensor, logits: tuple[Tensor, ...], labels: Tensor) -> None:
        new = (sums.detach(), right(logits, labels), known(labels))
        pairs = zip(self._seen[split], new, strict=True)
        self._seen[split] = tuple(old.to(x.device) + x for old, x in pairs)  # type: ignore[assignment]
