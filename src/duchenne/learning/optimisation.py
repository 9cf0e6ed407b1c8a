"""Optimisers and learning rates of a recipe."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR, LinearLR, ReduceLROnPlateau

from duchenne.learning.configs import EmotionConfig


def optimiser_for(network: nn.Module, config: EmotionConfig) -> Optimizer:
    """Adam, AdamW or SGD on what can be trained.

    With AdamW and SGD, offsets and normalisations do not decay, which would only fight the
    normalisation; Adam's decay is the plain L2 term on everything, as the seed has it.
    """
    weights = [p for p in network.parameters() if p.requires_grad]
    rate, decay = config.learning_rate, config.weight_decay
    if config.optimiser == "adam":
        return torch.optim.Adam(weights, rate, weight_decay=decay)
    groups = [
        {"params": [p for p in weights if p.ndim > 1], "weight_decay": decay},
        {"params": [p for p in weights if p.ndim <= 1], "weight_decay": 0.0},
    ]
    if config.optimiser == "adamw":
        return torch.optim.AdamW(groups, rate)
    nesterov = config.momentum > 0
    return torch.optim.SGD(groups, rate, config.momentum, nesterov=nesterov)


def schedule_for(
    optimiser: Optimizer, config: EmotionConfig, steps: int, epochs: int
) -> dict[str, Any] | None:
    """Lightning's description of the recipe's schedule; none for a constant rate.

    Args:
        optimiser: whose learning rate it changes.
        config: the recipe.
        steps: of the whole training.
        epochs: of the whole training.
    """
    if config.schedule == "constant":
        return None
    if config.schedule == "plateau":
        return {
            "scheduler": ReduceLROnPlateau(optimiser, factor=0.5, patience=3),
            "monitor": "val_loss",
        }
    if config.schedule == "linear":
        return {"scheduler": LinearLR(optimiser, 1.0, 0.0, total_iters=steps), "interval": "step"}
    rising = config.warmup * steps / max(epochs, 1)

    def cosine(step: int) -> float:
        if step < rising:
            return (step + 1) / (rising + 1)
        progress = (step - rising) / max(steps - rising, 1)
        return 0.5 * (1.0 + math.cos(math.pi * min(progress, 1.0)))

    return {"scheduler": LambdaLR(optimiser, cosine), "interval": "step"}
