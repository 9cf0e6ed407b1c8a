"""The Lightning module that trains a network to name emotion and kind."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import torch
from lightning.pytorch import LightningModule
from lightning.pytorch.utilities.types import OptimizerLRScheduler
from torch import Tensor
from torch.nn import functional

from duchenne.learning.augment import augment
from duchenne.learning.configs import Augmentation
from duchenne.learning.experiments.config import Plan
from duchenne.learning.experiments.data import Batch, network_input
from duchenne.learning.losses import CombinedLoss, task_loss
from duchenne.learning.networks.two_tasks import KINDS, TwoTaskNetwork
from duchenne.learning.optimisation import optimiser_for, schedule_for

# Section 4.1.1 of the thesis: random flips and rotations.
_AUGMENTATION = Augmentation(brightness=0.0, contrast=0.0)

Seen = dict[str, list[Tensor]]


class ExperimentModule(LightningModule):
    """Losses and figures of both tasks; ``val_accuracy`` is the share with both tasks right.

    Args:
        plan: what is trained, and how.
        emotions: how many emotions the data has.
    """

    def __init__(self, plan: Plan, emotions: int) -> None:
        super().__init__()
        e = plan.experiment
        self.plan, self.emotions = plan, emotions
        self.network = TwoTaskNetwork(e.network, e.heads, plan.size.side, e.frozen, emotions)
        self.combined = CombinedLoss(e.combination, e.fixed)
        self._seen: dict[str, Seen] = {}

    def joint(self, pixels: Tensor) -> Tensor:
        """(n, emotions, 2) probabilities that sum to 1, of uint8 frames or sequences."""
        pictures = network_input(pixels)
        if self.plan.experiment.heads == "twelve":
            shares = self.network.twelve(pictures).float().softmax(1)
            return shares.reshape(-1, self.emotions, KINDS)
        answers: tuple[Tensor, Tensor] = self.network(pictures)
        emotion, kind = (logits.float().softmax(1) for logits in answers)
        return emotion.unsqueeze(2) * kind.unsqueeze(1)

    def on_train_epoch_start(self) -> None:
        # A resumed run draws the numbers that an uninterrupted one would have drawn.
        seed = self.plan.experiment.seed
        torch.manual_seed(seed * 10_000 + self.current_epoch)
        self._seen["train"] = {}

    def on_validation_epoch_start(self) -> None:
        self._seen["val"] = {}

    def training_step(self, batch: Batch, _: int) -> Tensor:
        pictures = network_input(batch[0])
        if self.plan.experiment.augmented:
            pictures = _augmented(pictures)
        return self._step("train", pictures, batch[1])

    def validation_step(self, batch: Batch, _: int) -> None:
        self._step("val", network_input(batch[0]), batch[1])

    def on_validation_epoch_end(self) -> None:
        for split in self._seen:
            for name, value in self.figures(split).items():
                self.log(name, value)
        precision = [self._precision("val", task) for task in ("emotion", "genuine")]
        self.combined.validated(*precision)
        for name, weight in zip(("emotion", "genuine"), self.combined.weights, strict=True):
            self.log(f"weight_{name}", float(weight))

    def figures(self, split: str) -> dict[str, float]:
        """Loss and accuracies over what was seen of a split in this epoch, by logged name."""
        seen = {name: torch.cat(parts) for name, parts in self._seen[split].items()}
        emotion, genuine = seen["emotion_right"], seen["genuine_right"]
        return {
            f"{split}_loss": float(seen["loss"].mean()),
            f"{split}_accuracy": float((emotion & genuine).float().mean()),
            f"{split}_accuracy_emotion": float(emotion.float().mean()),
            f"{split}_accuracy_genuine": float(genuine.float().mean()),
        }

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint["recipe"] = asdict(self.plan)
        checkpoint["planned_epochs"] = self.trainer.max_epochs

    def configure_optimizers(self) -> OptimizerLRScheduler:
        optimizer = optimiser_for(self, self.plan.experiment)
        steps, epochs = int(self.trainer.estimated_stepping_batches), self.trainer.max_epochs
        schedule = schedule_for(optimizer, self.plan.experiment, steps, int(epochs or 1))
        return optimizer if schedule is None else ([optimizer], [schedule])  # type: ignore[return-value]

    def _step(self, split: str, pictures: Tensor, labels: Tensor) -> Tensor:
        e = self.plan.experiment
        emotion, kind = labels.unbind(1)
        if e.heads == "twelve":
            logits = self.network.twelve(pictures).float()
            single = task_loss(e.emotion_loss, logits, KINDS * emotion + kind)
            named = logits.argmax(1)
            self._count(split, single, named // KINDS, named % KINDS, labels)
            return single
        emotions, kinds = (out.float() for out in self.network(pictures))
        loss: Tensor = self.combined(
            task_loss(e.emotion_loss, emotions, emotion), task_loss(e.genuine_loss, kinds, kind)
        )
        self._count(split, loss, emotions.argmax(1), kinds.argmax(1), labels)
        return loss

    def _count(
        self, split: str, loss: Tensor, emotion: Tensor, kind: Tensor, labels: Tensor
    ) -> None:
        values = {
            "loss": loss.detach().expand(len(labels)),
            "emotion_named": emotion,
            "genuine_named": kind,
            "emotion": labels[:, 0],
            "genuine": labels[:, 1],
            "emotion_right": emotion == labels[:, 0],
            "genuine_right": kind == labels[:, 1],
        }
        for name, value in values.items():
            self._seen.setdefault(split, {}).setdefault(name, []).append(value)

    def _precision(self, split: str, task: str) -> float:
        seen = self._seen[split]
        classes = self.emotions if task == "emotion" else KINDS
        return macro_precision(torch.cat(seen[task]), torch.cat(seen[f"{task}_named"]), classes)


def macro_precision(labels: Tensor, named: Tensor, classes: int) -> float:
    """Mean over the classes of the share of right rows among those called so.

    A class that nothing was called counts 0, as a network that names one class alone should not
    look precise.
    """
    called = functional.one_hot(named, classes).float()
    right = called[torch.arange(len(labels)), labels]
    hits = torch.zeros(classes, device=called.device).index_add_(0, labels, right)
    return float((hits / called.sum(0).clamp(min=1.0)).mean())


def _augmented(pictures: Tensor) -> Tensor:
    """Each picture or, as a whole, each sequence flipped and turned by itself."""
    if pictures.ndim == 4:
        return augment(pictures, _AUGMENTATION)
    # Frames stand in for channels, which are moved together.
    return augment(pictures.squeeze(1), _AUGMENTATION).unsqueeze(1)
