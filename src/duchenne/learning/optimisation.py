"""Optimisers and learning rates of a recipe."""

from __future__ import annotations

import math
from typing import Any, Final, Protocol

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR, LinearLR, ReduceLROnPlateau, StepLR

from duchenne.errors import DataError

_FALLS: Final = 3
"""How often the learning rate falls in a whole training with ``step``."""


class Descent(Protocol):
    """What a recipe says of its optimiser and learning rate (``EmotionConfig``, ``Experiment``).

    ``factor``: what ``plateau`` and ``step`` multiply the learning rate by. ``plateau_patience``:
    epochs without a better loss before ``plateau`` does so.
    """

    @property
    def optimiser(self) -> str: ...
    @property
    def learning_rate(self) -> float: ...
    @property
    def momentum(self) -> float: ...
    @property
    def weight_decay(self) -> float: ...
    @property
    def schedule(self) -> str: ...
    @property
    def warmup(self) -> float: ...
    @property
    def factor(self) -> float: ...
    @property
    def plateau_patience(self) -> int: ...


def optimiser_for(network: nn.Module, recipe: Descent) -> Optimizer:
    """Adam, AdamW, SGD, RMSprop or Adagrad on what can be trained.

    With AdamW and SGD, offsets and normalisations do not decay, which would only fight the
    normalisation; the others' decay is the plain L2 term on everything, as their users had it.

    Raises:
        DataError: no such optimiser.
    """
    weights = [p for p in network.parameters() if p.requires_grad]
    rate, decay = recipe.learning_rate, recipe.weight_decay
    if recipe.optimiser == "adam":
        return torch.optim.Adam(weights, rate, weight_decay=decay)
    if recipe.optimiser == "rmsprop":
        return torch.optim.RMSprop(weights, rate, weight_decay=decay)
    if recipe.optimiser == "adagrad":
        return torch.optim.Adagrad(weights, rate, weight_decay=decay)
    if recipe.optimiser not in ("adamw", "sgd"):
        raise DataError(
            f"No optimiser {recipe.optimiser!r}; there are: adagrad, adam, adamw, rmsprop, sgd."
        )
    groups = [
        {"params": [p for p in weights if p.ndim > 1], "weight_decay": decay},
        {"params": [p for p in weights if p.ndim <= 1], "weight_decay": 0.0},
    ]
    if recipe.optimiser == "adamw":
        return torch.optim.AdamW(groups, rate)
    nesterov = recipe.momentum > 0
    return torch.optim.SGD(groups, rate, recipe.momentum, nesterov=nesterov)


def schedule_for(
    optimiser: Optimizer, recipe: Descent, steps: int, epochs: int
) -> dict[str, Any] | None:
    """Lightning's description of the recipe's schedule; None for a constant rate.

    Args:
        optimiser: whose learning rate it changes.
        recipe: which one.
        steps: of the whole training.
        epochs: of the whole training.

    Raises:
        DataError: no such schedule.
    """
    if recipe.schedule == "constant":
        return None
    if recipe.schedule == "plateau":
        falling = ReduceLROnPlateau(
            optimiser, factor=recipe.factor, patience=recipe.plateau_patience
        )
        return {"scheduler": falling, "monitor": "val_loss"}
    if recipe.schedule == "step":
        return {"scheduler": StepLR(optimiser, max(1, epochs // (_FALLS + 1)), recipe.factor)}
    if recipe.schedule == "linear":
        return {"scheduler": LinearLR(optimiser, 1.0, 0.0, total_iters=steps), "interval": "step"}
    if recipe.schedule != "cosine":
        raise DataError(
            f"No schedule {recipe.schedule!r}; there are: constant, cosine, linear, plateau, step."
        )
    rising = recipe.warmup * steps / max(epochs, 1)

    def cosine(step: int) -> float:
        if step < rising:
            return (step + 1) / (rising + 1)
        progress = (step - rising) / max(steps - rising, 1)
        return 0.5 * (1.0 + math.cos(math.pi * min(progress, 1.0)))

    return {"scheduler": LambdaLR(optimiser, cosine), "interval": "step"}
