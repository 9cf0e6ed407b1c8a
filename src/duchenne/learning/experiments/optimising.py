"""Optimisers and learning rates of an experiment: those of the emotion recipes, and the thesis'."""

from __future__ import annotations

from typing import Any, Final

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import ReduceLROnPlateau, StepLR

from duchenne.learning.configs import EmotionConfig
from duchenne.learning.experiments.config import Experiment
from duchenne.learning.optimisation import optimiser_for, schedule_for

_PATIENCE: Final = 1
_STEPS: Final = 3
"""The learning rate falls this many times in a whole training with ``step``."""


def optimiser_of(module: nn.Module, experiment: Experiment) -> Optimizer:
    """The experiment's optimiser on what can be trained, weights of the losses included."""
    if experiment.optimiser not in ("rmsprop", "adagrad"):
        return optimiser_for(module, _as_emotion(experiment))
    weights = [p for p in module.parameters() if p.requires_grad]
    rate, decay = experiment.learning_rate, experiment.weight_decay
    if experiment.optimiser == "rmsprop":
        return torch.optim.RMSprop(weights, rate, weight_decay=decay)
    return torch.optim.Adagrad(weights, rate, weight_decay=decay)


def schedule_of(
    optimiser: Optimizer, experiment: Experiment, steps: int, epochs: int
) -> dict[str, Any] | None:
    """Lightning's description of the experiment's schedule; none for a constant rate.

    Args:
        optimiser: whose learning rate it changes.
        experiment: which one.
        steps: of the whole training.
        epochs: of the whole training.
    """
    if experiment.schedule == "plateau":
        falling = ReduceLROnPlateau(optimiser, factor=experiment.factor, patience=_PATIENCE)
        return {"scheduler": falling, "monitor": "val_loss"}
    if experiment.schedule == "step":
        return {"scheduler": StepLR(optimiser, max(1, epochs // (_STEPS + 1)), experiment.factor)}
    return schedule_for(optimiser, _as_emotion(experiment), steps, epochs)


def _as_emotion(experiment: Experiment) -> EmotionConfig:
    """The same settings as the emotion trainings know them."""
    cosine = experiment.schedule == "cosine"
    return EmotionConfig(
        name=experiment.name,
        network=experiment.network,
        epochs=experiment.reduced.epochs,
        batch_size=experiment.reduced.batch_size,
        learning_rate=experiment.learning_rate,
        source=experiment.source,
        optimiser=experiment.optimiser,  # type: ignore[arg-type]
        momentum=experiment.momentum,
        weight_decay=experiment.weight_decay,
        schedule="cosine" if cosine else "constant",
        warmup=1.0 if cosine else 0.0,
    )
