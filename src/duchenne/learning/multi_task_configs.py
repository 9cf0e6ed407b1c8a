"""The recipes of networks that read several attributes of a face at once, by name."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, Literal

from duchenne.errors import DataError
from duchenne.evaluation.datasets.face_attributes import HEADS
from duchenne.learning.configs import Augmentation, EmotionConfig, Optimiser, Schedule, by_name

_SAROOP: Final = (
    "Saroop et al. 2021, Facial Emotion Recognition: A multi-task approach using deep learning, "
    "arXiv 2110.15028 (SYSTEMS S11)"
)
_SAVCHENKO: Final = (
    "Savchenko 2021, Facial expression and attributes recognition based on multi-task learning of "
    "lightweight neural networks, SISY (SYSTEMS S11)"
)


@dataclass(frozen=True)
class LossWeights:
    """What each head's cross entropy counts in the sum; Saroop et al. 2021."""

    emotion: float = 2.0
    gender: float = 0.1
    age: float = 4.0
    ethnicity: float = 1.5

    @property
    def in_order(self) -> tuple[float, ...]:
        """In the order of ``face_attributes.HEADS``."""
        return tuple(float(getattr(self, head)) for head in HEADS)


@dataclass(frozen=True)
class AttributesConfig:
    """One recipe for a network of the heads emotion, gender, age and ethnicity.

    Attributes:
        network: the backbone, a name of ``learning.networks.FACTS``.
        weights: where the backbone's weights start; see ``EmotionConfig.weights``.
        loss_weights: of the heads in the loss.
        dropouts: rates of the backbone's own dropout layers, in order; empty: as they are.
        head_dropout: rate before every head.
        patience: stop after this many epochs without a better Validation accuracy (the mean of
            the heads').
        source: where the recipe comes from.

    The others mean what they mean in ``EmotionConfig``.
    """

    name: str
    network: str
    epochs: int
    batch_size: int
    learning_rate: float
    source: str
    weights: str = "none"
    loss_weights: LossWeights = field(default_factory=LossWeights)
    dropouts: tuple[float, ...] = ()
    head_dropout: float = 0.0
    optimiser: Optimiser = "adam"
    weight_decay: float = 0.0
    schedule: Schedule = "plateau"
    clip: float | None = None
    patience: int | None = 10
    augmentation: Augmentation = field(default_factory=Augmentation)
    precision: Literal["32-true", "bf16-mixed"] = "bf16-mixed"
    seed: int = 0

    def __post_init__(self) -> None:
        # Written so that NaN fails it too.
        if not all(0.0 < weight < math.inf for weight in self.loss_weights.in_order):
            raise DataError(f"Recipe {self.name}: a loss weight is a number above 0.")
        if any(not 0.0 <= rate < 1.0 for rate in (*self.dropouts, self.head_dropout)):
            raise DataError(f"Recipe {self.name}: a dropout rate is 0 or more and below 1.")

    @property
    def depends_on_its_length(self) -> bool:
        """See ``EmotionConfig.depends_on_its_length``."""
        return self.as_emotion().depends_on_its_length

    def as_emotion(self) -> EmotionConfig:
        """The settings that a training of one head has too, for the code that is shared."""
        return EmotionConfig(
            name=self.name,
            network=self.network,
            epochs=self.epochs,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
            source=self.source,
            weights=self.weights,
            optimiser=self.optimiser,
            weight_decay=self.weight_decay,
            schedule=self.schedule,
            clip=self.clip,
            patience=self.patience,
            augmentation=self.augmentation,
            precision=self.precision,
            seed=self.seed,
        )


_RECIPES: Final = (
    AttributesConfig(
        name="attributes_cnn",
        # The network of ours with four dropout layers, as the rates want; theirs is not published.
        network="emotion_cnn",
        epochs=60,
        batch_size=64,
        learning_rate=1e-3,
        dropouts=(0.6, 0.5, 0.4, 0.4),
        source=f"{_SAROOP}; backbone, learning rate and patience are ours",
    ),
    AttributesConfig(
        name="attributes_mobilenet",
        network="mobilenet_v2",
        epochs=30,
        batch_size=64,
        learning_rate=1e-3,
        clip=5.0,
        source=f"{_SAVCHENKO}; loss weights of Saroop et al. 2021, the rest is ours",
    ),
    AttributesConfig(
        name="attributes_efficientnet",
        network="efficientnet_lite0",
        weights="imagenet",
        epochs=30,
        batch_size=64,
        learning_rate=1e-3,
        clip=5.0,
        source=f"{_SAVCHENKO}; loss weights of Saroop et al. 2021, the rest is ours",
    ),
    AttributesConfig(
        name="attributes_compact",
        network="compact_resnet",
        weights="dlib",
        epochs=30,
        batch_size=64,
        learning_rate=1e-3,
        clip=5.0,
        head_dropout=0.4,
        source="ours; loss weights of Saroop et al. 2021",
    ),
)

ATTRIBUTES_RECIPES: Final[dict[str, AttributesConfig]] = {r.name: r for r in _RECIPES}


def attributes_recipe(name: str) -> AttributesConfig:
    """The recipe of that name.

    Raises:
        DataError: there is none.
    """
    return by_name(ATTRIBUTES_RECIPES, name, "attributes")
