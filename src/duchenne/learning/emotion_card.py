"""What the card of an emotion network says."""

from __future__ import annotations

from typing import Any, Final

from duchenne.emotion.labels import EMOTIONS
from duchenne.evaluation.fer2013 import SIDE
from duchenne.learning.configs import EmotionConfig
from duchenne.weights.card import ModelCard, ModelInput

_LIMITS: Final[tuple[str, ...]] = (
    (
        "It names the expression that a face displays, as raters of FER-2013 would label it; it "
        "says nothing about what the person experiences."
    ),
    (
        "FER-2013 is noisy: people reach about 65 % on it (Goodfellow et al. 2013), and copies "
        "of Training pictures stand in both test splits."
    ),
    (
        "The pictures come from web searches; age, gender and ethnicity were not recorded, so "
        "that how accuracy differs between groups of people is unknown."
    ),
    "Disgust is rare: 436 of the 28,709 Training pictures.",
    (
        "It was trained and measured on tight grey crops of 48 x 48 pixels; how it does "
        "on strong head turns, covered faces or other crops has not been measured."
    ),
)
_UNCALIBRATED: Final = "Its probabilities are not calibrated yet (temperature 1)."


def draft_card(
    config: EmotionConfig, best_epoch: int, epochs: int, epochs_before: int
) -> ModelCard:
    """The card before its file is written and measured; ``file`` and ``sha256`` are to be set.

    Args:
        config: the recipe.
        best_epoch: the exported epoch, counted from 1.
        epochs: how many were trained.
        epochs_before: how long the recipe that this one continues had been trained.
    """
    unfinished = epochs < config.epochs
    limits: tuple[str, ...] = (*_LIMITS, _UNCALIBRATED)
    if unfinished:
        limits += (f"It was trained for {epochs} of its recipe's {config.epochs} epochs.",)
    return ModelCard(
        name=config.name,
        task="emotion",
        summary="Seven displayed emotions from a grey face crop (FER-2013's classes).",
        file="to be written",
        sha256="to be written",
        licence="MIT (the weights; FER-2013's pictures are not part of them)",
        data="FER-2013: Goodfellow et al., Challenges in Representation Learning, ICML 2013 "
        "workshop; 35,887 pictures from web searches",
        split="weights from Training (28,709), epoch chosen on PublicTest (3,589), whose "
        "figures are therefore a little too good; PrivateTest "
        "(3,589) neither seen nor used for a choice",
        input=ModelInput("uint8 grey face crop", (SIDE, SIDE), 1 / 127.5, -1.0),
        training=_training(config, best_epoch, epochs, epochs_before),
        retrain=_command(config, epochs if unfinished else None),
        limits=limits,
        numbers=(),
        classes=EMOTIONS,
    )


def _training(
    config: EmotionConfig, best_epoch: int, epochs: int, epochs_before: int
) -> dict[str, Any]:
    changes = config.augmentation
    steps: dict[str, Any] = {"recipe": config.name, "network": config.network}
    if config.start_from is not None:
        steps["continues"] = f"{config.start_from} after {epochs_before} epochs"
    return steps | {
        "epochs": epochs,
        "exported_epoch": best_epoch,
        "batch_size": config.batch_size,
        "optimiser": f"Adam, learning rate {config.learning_rate:g}, {config.schedule}, "
        f"weight decay {config.weight_decay:g}",
        "augmentation": f"{'flip, ' if changes.flip else ''}rotation {changes.rotation:g} degrees, "
        f"brightness {changes.brightness:g}, contrast {changes.contrast:g}",
        "precision": config.precision,
        "seed": config.seed,
        "source": config.source,
    }


def _command(config: EmotionConfig, epochs: int | None) -> str:
    command = f"duchenne train emotion --data PATH --config {config.name}"
    return command if epochs is None else f"{command} --epochs {epochs}"
