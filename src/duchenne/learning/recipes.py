"""The recipes by name: one for each published result, and ours."""

from __future__ import annotations

from typing import Final

from duchenne.learning.configs import Augmentation, Distillation, EmotionConfig, Mixing, by_name

_SEED_PROJECT: Final = "Errante and Micarelli, GenuEmotion, Sapienza 2025 (SYSTEMS S1)"
_TALK: Final = "Amira (DSI-28), Facial Emotion Recognition in Real-Time, 2022 (SYSTEMS S12)"
# Faces of FER-2013 are cut roughly: shifts and zooms of this size are among its own.
_STRONG: Final = Augmentation(
    rotation=12.0, brightness=0.2, contrast=0.25, shift=0.08, zoom=0.15, erasing=0.25
)
_TEACHERS: Final = ("teacher", "compact", "emotion_cnn_annealed")


def _tuned(name: str, network: str, weights: str, **changes: object) -> EmotionConfig:
    """A network that starts from other weights, with what all of these trainings share."""
    settings: dict[str, object] = {
        "batch_size": 96,
        "optimiser": "adamw",
        "weight_decay": 0.05,
        "schedule": "cosine",
        "warmup": 1.0,
        "clip": 5.0,
        "averaging": 0.998,
        "augmentation": _STRONG,
    }
    return EmotionConfig(name=name, network=network, weights=weights, **(settings | changes))  # type: ignore[arg-type]


def _transfer(name: str, network: str, weights: str, **changes: object) -> EmotionConfig:
    """A published network fine-tuned as the talk did, with settings of ours."""
    settings: dict[str, object] = {"epochs": 12, "learning_rate": 1e-3, "label_smoothing": 0.1}
    return _tuned(name, network, weights, **(settings | {"source": _TALK} | changes))


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
        network="vgg_fer2013",
        epochs=300,
        batch_size=64,
        learning_rate=0.01,
        optimiser="sgd",
        weight_decay=1e-4,
        schedule="plateau",
        factor=0.75,
        plateau_patience=5,
        augmentation=Augmentation(brightness=0.0, contrast=0.0, shift=0.2, zoom=0.2, erasing=0.5),
        source="Khaireddin and Chen 2021, Facial emotion recognition: state of the art "
        "performance on FER2013",
    ),
    _transfer("resnet50", "resnet50", "none"),
    _transfer("mobilenet_v2", "mobilenet_v2", "none"),
    _transfer("vgg16", "vgg16", "none", learning_rate=3e-4),
    _transfer("inception_resnet_v1", "inception_resnet_v1", "none"),
    _transfer("efficientnet_lite0", "efficientnet_lite0", "imagenet"),
    _tuned(
        "compact",
        "compact_resnet",
        "dlib",
        epochs=72,
        learning_rate=2e-3,
        warmup=2.0,
        label_smoothing=0.05,
        votes=0.3,
        source="ours; FER+ votes as soft labels after Barsoum et al. 2016",
    ),
    _tuned(
        "compact_ferplus",
        "compact_resnet",
        "fer",
        target="ferplus8",
        epochs=12,
        learning_rate=7e-4,
        warmup=0.5,
        votes=0.7,
        source="Barsoum et al. 2016: FER+ by majority, trained on the votes; ours continues "
        "from `compact`",
    ),
    _tuned(
        "teacher",
        "dlib_resnet29",
        "dlib",
        epochs=40,
        learning_rate=2e-3,
        warmup=2.0,
        label_smoothing=0.05,
        votes=0.3,
        averaging=0.999,
        mixing=Mixing(mixup=0.2, cutmix=1.0, probability=0.3),
        source="ours",
    ),
    _tuned(
        "compact_taught",
        "compact_resnet",
        "fer",
        epochs=40,
        learning_rate=1e-3,
        votes=0.3,
        mixing=Mixing(mixup=0.2, cutmix=1.0, probability=0.5),
        distillation=Distillation(_TEACHERS, weight=0.7, temperature=2.0),
        source="ours; distillation after Hinton et al. 2015",
    ),
    _tuned(
        "compact_taught_once",
        "compact_resnet",
        "fer",
        epochs=40,
        learning_rate=1.5e-3,
        votes=0.3,
        averaging=0.999,
        mixing=Mixing(mixup=0.2, cutmix=1.0, probability=0.4),
        distillation=Distillation(_TEACHERS, weight=0.6, temperature=1.0, once=True),
        source="ours; distillation after Hinton et al. 2015, from `compact` on",
    ),
    _tuned(
        "faces",
        "mobilenet_v1",
        "vggface2",
        fixed=("conv", "norm", *(f"blocks.{i}" for i in range(5))),
        epochs=20,
        learning_rate=5e-4,
        label_smoothing=0.05,
        votes=0.3,
        source="ours; from faces' identities on, after Savchenko 2019",
    ),
    _transfer("dlib_frozen", "dlib_resnet29", "dlib", frozen=True, epochs=10, averaging=None),
)

EMOTION_RECIPES: Final[dict[str, EmotionConfig]] = {recipe.name: recipe for recipe in _RECIPES}


def emotion_recipe(name: str) -> EmotionConfig:
    """The recipe of that name.

    Raises:
        DataError: there is none.
    """
    return by_name(EMOTION_RECIPES, name, "emotion")
