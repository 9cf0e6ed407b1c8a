"""The recipes by name: one for each published result, and ours."""

from __future__ import annotations

from typing import Final

from duchenne.errors import DataError
from duchenne.learning.configs import Augmentation, Distillation, EmotionConfig, Mixing

_SEED_PROJECT: Final = "Errante and Micarelli, GenuEmotion, Sapienza 2025 (SYSTEMS S1)"
_TALK: Final = "Amira (DSI-28), Facial Emotion Recognition in Real-Time, 2022 (SYSTEMS S12)"
# Faces of FER-2013 are cut roughly: shifts and zooms of this size are among its own.
_STRONG: Final = Augmentation(
    rotation=12.0, brightness=0.2, contrast=0.25, shift=0.08, zoom=0.15, erasing=0.25
)


def _transfer(name: str, network: str, weights: str, **changes: object) -> EmotionConfig:
    """A published network fine-tuned as the talk did, with settings of ours."""
    settings: dict[str, object] = {
        "epochs": 12,
        "batch_size": 96,
        "learning_rate": 1e-3,
        "optimiser": "adamw",
        "weight_decay": 0.05,
        "schedule": "cosine",
        "warmup": 1.0,
        "clip": 5.0,
        "label_smoothing": 0.1,
        "averaging": 0.998,
        "augmentation": _STRONG,
        "source": _TALK,
    }
    return EmotionConfig(name=name, network=network, weights=weights, **(settings | changes))  # type: ignore[arg-type]


_RECIPES: Final = (
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
    EmotionConfig(
        name="conv4_five",
        network="conv4",
        target="talk5",
        epochs=50,
        batch_size=64,
        learning_rate=1e-3,
        schedule="plateau",
        patience=10,
        source=_TALK,
    ),
    EmotionConfig(
        name="vgg_khaireddin",
        network="vgg16",
        epochs=300,
        batch_size=64,
        learning_rate=0.01,
        optimiser="sgd",
        weight_decay=1e-4,
        schedule="plateau",
        augmentation=Augmentation(shift=0.2, zoom=0.2, erasing=0.5),
        source="Khaireddin and Chen 2021, Facial emotion recognition: state of the art "
        "performance on FER2013 (their VGGNet is smaller than VGG16)",
    ),
    _transfer("resnet50", "resnet50", "none"),
    _transfer("mobilenet_v2", "mobilenet_v2", "none"),
    _transfer("vgg16", "vgg16", "none", learning_rate=3e-4),
    _transfer("inception_resnet_v1", "inception_resnet_v1", "none"),
    _transfer("efficientnet_lite0", "efficientnet_lite0", "imagenet"),
    EmotionConfig(
        name="compact",
        network="compact_resnet",
        weights="dlib",
        epochs=72,
        batch_size=96,
        learning_rate=2e-3,
        optimiser="adamw",
        weight_decay=0.05,
        schedule="cosine",
        warmup=2.0,
        clip=5.0,
        label_smoothing=0.05,
        votes=0.3,
        averaging=0.998,
        augmentation=_STRONG,
        source="ours; FER+ votes as soft labels after Barsoum et al. 2016",
    ),
    EmotionConfig(
        name="compact_ferplus",
        network="compact_resnet",
        target="ferplus8",
        weights="fer",
        epochs=12,
        batch_size=96,
        learning_rate=7e-4,
        optimiser="adamw",
        weight_decay=0.05,
        schedule="cosine",
        warmup=0.5,
        clip=5.0,
        votes=0.7,
        averaging=0.998,
        augmentation=_STRONG,
        source="Barsoum et al. 2016: FER+ by majority, trained on the votes; ours continues "
        "from `compact`",
    ),
    EmotionConfig(
        name="teacher",
        network="dlib_resnet29",
        weights="dlib",
        epochs=60,
        batch_size=96,
        learning_rate=2e-3,
        optimiser="adamw",
        weight_decay=0.05,
        schedule="cosine",
        warmup=2.0,
        clip=5.0,
        label_smoothing=0.05,
        votes=0.3,
        averaging=0.999,
        augmentation=_STRONG,
        mixing=Mixing(mixup=0.2, cutmix=1.0, probability=0.3),
        source="ours",
    ),
    EmotionConfig(
        name="compact_taught",
        network="compact_resnet",
        weights="fer",
        epochs=40,
        batch_size=96,
        learning_rate=1e-3,
        optimiser="adamw",
        weight_decay=0.05,
        schedule="cosine",
        warmup=1.0,
        clip=5.0,
        votes=0.3,
        averaging=0.998,
        augmentation=_STRONG,
        distillation=Distillation(("teacher",), weight=0.7, temperature=2.0),
        source="ours; distillation after Hinton et al. 2015",
    ),
    _transfer("dlib_frozen", "dlib_resnet29", "dlib", frozen=True, epochs=10, averaging=None),
)

EMOTION_RECIPES: Final[dict[str, EmotionConfig]] = {recipe.name: recipe for recipe in _RECIPES}


def emotion_recipe(name: str) -> EmotionConfig:
    """The recipe of that name.

    Raises:
        DataError: there is none.
    """
    if name not in EMOTION_RECIPES:
        known = ", ".join(sorted(EMOTION_RECIPES))
        raise DataError(f"No recipe {name!r} for emotion; there are: {known}.")
    return EMOTION_RECIPES[name]
