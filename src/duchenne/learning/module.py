"""The Lightning module that trains an emotion network."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import torch
from lightning.pytorch import LightningModule
from lightning.pytorch.utilities.types import OptimizerLRScheduler
from torch import Tensor
from torch.nn import functional

from duchenne.emotion.labels import EMOTIONS
from duchenne.learning.augment import augment, to_input
from duchenne.learning.configs import EmotionConfig
from duchenne.learning.networks import build


class EmotionModule(LightningModule):
    """Cross entropy and Adam on seven classes; logs loss and accuracy of both splits.

    Attributes:
        inherited_optimizer: optimiser state of the recipe that this one continues.
        epochs_before: how long that recipe had been trained.
    """

    def __init__(self, config: EmotionConfig) -> None:
        super().__init__()
        self.config = config
        self.inherited_optimizer: dict[str, Any] | None = None
        self.epochs_before = 0
        network = build(config.network, len(EMOTIONS))
        self.network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, pictures: Tensor) -> Tensor:
        """(N, 1, 48, 48) in [-1, 1] to (N, 7) logits."""
        logits: Tensor = self.network(pictures.contiguous(memory_format=torch.channels_last))
        return logits

    def on_train_epoch_start(self) -> None:
        # A resumed run draws the numbers that an uninterrupted one would have drawn.
        torch.manual_seed(self.config.seed * 10_000 + self.current_epoch)

    def training_step(self, batch: tuple[Tensor, Tensor], _: int) -> Tensor:
        pictures = augment(to_input(batch[0]), self.config.augmentation)
        return self._score("train", self(pictures), batch[1])

    def validation_step(self, batch: tuple[Tensor, Tensor], _: int) -> Tensor:
        return self._score("val", self(to_input(batch[0])), batch[1])

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint["recipe"] = asdict(self.config)
        checkpoint["planned_epochs"] = self.trainer.max_epochs
        checkpoint["epochs_before"] = self.epochs_before

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        self.epochs_before = checkpoint.get("epochs_before", 0)

    def _score(self, split: str, logits: Tensor, labels: Tensor) -> Tensor:
        loss = functional.cross_entropy(logits.float(), labels)
        accuracy = (logits.argmax(1) == labels).float().mean()
        size = len(labels)
        options: dict[str, Any] = {"on_step": False, "on_epoch": True, "batch_size": size}
        self.log(f"{split}_loss", loss, prog_bar=True, **options)
        self.log(f"{split}_accuracy", accuracy, prog_bar=True, **options)
        return loss

    def configure_optimizers(self) -> OptimizerLRScheduler:
        optimizer = torch.optim.Adam(
            self.network.parameters(),
            lr=self.config.learning_rate,
            weight_decay=self.config.weight_decay,
        )
        if self.inherited_optimizer is not None:
            optimizer.load_state_dict(self.inherited_optimizer)
        if self.config.schedule == "constant":
            return optimizer
        steps = int(self.trainer.estimated_stepping_batches)
        schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=steps)
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": schedule, "interval": "step"},
        }
