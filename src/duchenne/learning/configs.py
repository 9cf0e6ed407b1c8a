"""Training recipes by name: everything that decides a result, in one frozen record each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from duchenne.errors import DataError


@dataclass(frozen=True)
class Augmentation:
    """Random changes of a training picture.

    Attributes:
        flip: mirror left and right with probability one half.
        rotation: largest turn in degrees, either way.
        brightness: factor drawn from 1 +- this.
        contrast: factor drawn from 1 +- this, about the picture's own mean.
    """

    flip: bool = True
    rotation: float = 10.0
    brightness: float = 0.1
    contrast: float = 0.1


@dataclass(frozen=True)
class EmotionConfig:
    """One recipe for an emotion network.

    Attributes:
        schedule: ``constant``, or ``linear`` from ``learning_rate`` down to zero.
        start_from: another recipe whose last checkpoint this one continues, weights and
            optimiser alike.
        start_epochs: how many epochs the other recipe is trained for first, where it has not
            been trained that long yet.
        precision: Lightning's name; bf16 costs a third of fp32 on a CPU that has it.
        source: where the recipe comes from.
    """

    name: str
    network: str
    epochs: int
    batch_size: int
    learning_rate: float
    source: str
    schedule: Literal["constant", "linear"] = "constant"
    start_from: str | None = None
    start_epochs: int = 0
    weight_decay: float = 0.0
    augmentation: Augmentation = field(default_factory=Augmentation)
    precision: Literal["32-true", "bf16-mixed"] = "bf16-mixed"
    seed: int = 0


_SEED_PROJECT: Final = "Errante and Micarelli, GenuEmotion, Sapienza 2025 (SYSTEMS S1)"

EMOTION_CONFIGS: Final[dict[str, EmotionConfig]] = {
    config.name: config
    for config in (
        EmotionConfig(
            name="emotion_cnn",
            network="emotion_cnn",
            epochs=50,
            batch_size=64,
            learning_rate=1e-3,
            source=_SEED_PROJECT,
        ),
        EmotionConfig(
            name="emotion_cnn_annealed",
            network="emotion_cnn",
            epochs=9,
            batch_size=64,
            learning_rate=1e-3,
            schedule="linear",
            start_from="emotion_cnn",
            start_epochs=14,
            source=f"{_SEED_PROJECT}; then the learning rate falls to zero",
        ),
    )
}


def emotion_config(name: str) -> EmotionConfig:
    """The recipe of that name.

    Raises:
        DataError: there is none.
    """
    if name not in EMOTION_CONFIGS:
        known = ", ".join(sorted(EMOTION_CONFIGS))
        raise DataError(f"No recipe {name!r} for emotion; there are: {known}.")
    return EMOTION_CONFIGS[name]
