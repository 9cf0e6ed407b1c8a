"""The Lightning module that trains an emotion network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import torch
from lightning.pytorch import LightningModule
from lightning.pytorch.utilities.types import OptimizerLRScheduler
from torch import Tensor, nn
from torch.nn import functional

from duchenne.errors import DataError
from duchenne.evaluation.emotion.targets import target
from duchenne.learning.augment import augment, mix, to_input
from duchenne.learning.configs import EmotionConfig
from duchenne.learning.distillation import distillation_loss, teach
from duchenne.learning.networks import FACTS, build
from duchenne.learning.optimisation import optimiser_for, schedule_for


class EmotionModule(LightningModule):
    """Cross entropy, from labels and teachers; logs loss and accuracy of both splits.

    Raises:
        DataError: the recipe names no network of ours, or a part to be fixed that it lacks.

    Attributes:
        teachers: trained networks to learn from beside the labels; no part of the checkpoints.
        inherited_optimizer: optimiser state of the recipe that this one continues.
        epochs_before: how long that recipe had been trained.
    """

    def __init__(self, config: EmotionConfig) -> None:
        super().__init__()
        self.config = config
        self.teachers: Sequence[nn.Module] = ()
        self.inherited_optimizer: dict[str, Any] | None = None
        self.epochs_before = 0
        network = build(config.network, len(target(config.target).classes))
        self.network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        if config.frozen:
            head = FACTS[config.network].head
            for name, weights in self.network.named_parameters():
                weights.requires_grad_(name.rpartition(".")[0] == head)
        for part in self._fixed():
            part.requires_grad_(False)

    def forward(self, pictures: Tensor) -> Tensor:
        """(N, 1, 48, 48) in [-1, 1] to (N, classes) logits."""
        logits: Tensor = self.network(pictures.contiguous(memory_format=torch.channels_last))
        return logits

    def on_fit_start(self) -> None:
        # No part of the module, so that Lightning does not move them to the GPU.
        for teacher in self.teachers:
            teacher.to(self.device)

    def on_train_epoch_start(self) -> None:
        # A resumed run draws the numbers that an uninterrupted one would have drawn.
        torch.manual_seed(self.config.seed * 10_000 + self.current_epoch)
        if self.config.frozen:
            # Frozen means its normalisations' statistics too.
            self.network.eval()
        for part in self._fixed():
            part.eval()

    def _fixed(self) -> Iterator[nn.Module]:
        for name in self.config.fixed:
            try:
                yield self.network.get_submodule(name)
            except AttributeError as error:
                raise DataError(
                    f"Recipe {self.config.name}: {self.config.network} has no part {name!r} to be "
                    "fixed."
                ) from error

    def training_step(self, batch: tuple[Tensor, Tensor], _: int) -> Tensor:
        changed = augment(to_input(batch[0]), self.config.augmentation)
        pictures, shares = mix(changed, batch[1], self.config.mixing)
        logits = self(pictures).float()
        loss = functional.cross_entropy(logits, shares)
        if self.teachers:
            how = self.config.distillation
            theirs = teach(self.teachers, pictures, how.temperature)
            taught = distillation_loss(logits, theirs, how.temperature)
            loss = (1.0 - how.weight) * loss + how.weight * taught
        self._log("train", loss, logits, shares)
        return loss

    def validation_step(self, batch: tuple[Tensor, Tensor], _: int) -> Tensor:
        logits = self(to_input(batch[0])).float()
        loss = functional.cross_entropy(logits, batch[1])
        self._log("val", loss, logits, batch[1])
        return loss

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint["recipe"] = asdict(self.config)
        checkpoint["planned_epochs"] = self.trainer.max_epochs
        checkpoint["epochs_before"] = self.epochs_before

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        self.epochs_before = checkpoint.get("epochs_before", 0)

    def _log(self, split: str, loss: Tensor, logits: Tensor, shares: Tensor) -> None:
        accuracy = (logits.argmax(1) == shares.argmax(1)).float().mean()
        options: dict[str, Any] = {"on_step": False, "on_epoch": True, "batch_size": len(shares)}
        self.log(f"{split}_loss", loss, prog_bar=True, **options)
        self.log(f"{split}_accuracy", accuracy, prog_bar=True, **options)

    def configure_optimizers(self) -> OptimizerLRScheduler:
        optimizer = optimiser_for(self.network, self.config)
        if self.inherited_optimizer is not None:
            optimizer.load_state_dict(self.inherited_optimizer)
        steps, epochs = int(self.trainer.estimated_stepping_batches), self.trainer.max_epochs
        schedule = schedule_for(optimizer, self.config, steps, int(epochs or 1))
        return optimizer if schedule is None else ([optimizer], [schedule])  # type: ignore[return-value]
