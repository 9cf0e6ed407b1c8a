"""What the card of an emotion network says."""

from __future__ import annotations

from typing import Any, Final

from duchenne.evaluation.datasets.fer2013 import SIDE
from duchenne.evaluation.emotion.targets import target
from duchenne.learning.configs import EmotionConfig
from duchenne.learning.recipes import EMOTION_RECIPES
from duchenne.weights.card import ModelCard
from duchenne.weights.facts import ModelInput

_LIMITS: Final[tuple[str, ...]] = (
    (
        "It names the expression that a face displays, as raters of FER-2013 would label it; it "
        "says nothing about what the person experiences."
    ),
    (
        "FER-2013 is noisy: people reach about 65 % on it (Goodfellow et al. 2013), and copies "
        "of Training pictures stand in both test splits. Near copies (another cut of the same "
        "photograph) come on top: about 18 % of PrivateTest have one or the other in Training "
        "(duchenne explore), so that figures on new photographs would be lower."
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
_OPTIMISERS: Final = {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD with momentum"}
_START: Final = {
    "none": "random",
    "dlib": "dlib's face-identity network (King 2017, public domain, about 3 million faces)",
    "vggface2": "a network trained to tell the people of VGGFace2 apart (HSE_FaceRec: Savchenko "
    "2019, Apache-2.0)",
    "imagenet": "ImageNet (published weights)",
    "fer": "the best epoch of this network on FER-2013",
}
_LICENCE: Final = "MIT (the weights; FER-2013's pictures are not part of them)"
_LICENCE_BY_START: Final = {
    "vggface2": "Apache-2.0, as the weights that it starts from (HSE_FaceRec); neither VGGFace2's "
    "nor FER-2013's pictures are part of them",
}
_LIMITS_BY_START: Final = {
    "vggface2": (
        "The network that it starts from learned from VGGFace2: 3.3 million pictures of 9,131 "
        "public figures from web searches, collected for research (Cao et al. 2018). Some may be "
        "in FER-2013 too; who is in them was learned, not what they display.",
    ),
}
_CALIBRATED: Final = (
    "Its probabilities are calibrated on FER-2013's PublicTest by one temperature; on other kinds "
    "of pictures they can be too sure of themselves."
)
_SUMMARIES: Final = {
    "fer7": "Seven displayed emotions from a grey face crop (FER-2013's classes).",
    "talk5": "Five displayed emotions from a grey face crop (FER-2013 without disgust and "
    "neutral, as in the talk).",
    "ferplus8": "Eight displayed emotions from a grey face crop (FER+'s majority labels).",
}


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
    limits = (*_LIMITS, *_LIMITS_BY_START.get(config.weights, ()), _CALIBRATED)
    if unfinished:
        limits += (f"It was trained for {epochs} of its recipe's {config.epochs} epochs.",)
    return ModelCard(
        name=config.name,
        task="emotion",
        summary=_SUMMARIES[config.target],
        file="to be written",
        sha256="to be written",
        licence=_LICENCE_BY_START.get(config.weights, _LICENCE),
        data="FER-2013: Goodfellow et al., Challenges in Representation Learning, ICML 2013 "
        "workshop; 35,887 pictures from web searches",
        split="weights from Training (28,709), epoch and temperature chosen on PublicTest (3,589), "
        "whose figures are therefore a little too good; PrivateTest "
        "(3,589) neither seen nor used for a choice",
        input=ModelInput("uint8 grey face crop", (SIDE, SIDE), 1 / 127.5, -1.0),
        training=_training(config, best_epoch, epochs, epochs_before),
        retrain=_command(config, epochs if unfinished else None),
        limits=limits,
        numbers=(),
        classes=target(config.target).classes,
    )


def _training(
    config: EmotionConfig, best_epoch: int, epochs: int, epochs_before: int
) -> dict[str, Any]:
    steps: dict[str, Any] = {"recipe": config.name, "network": config.network}
    if config.start_from is not None:
        steps["continues"] = f"{config.start_from} after {epochs_before} epochs"
    return steps | {
        "start": _started(config),
        "classes": config.target,
        "epochs": epochs,
        "exported_epoch": best_epoch,
        "batch_size": config.batch_size,
        "optimiser": f"{_OPTIMISERS[config.optimiser]}, learning rate {config.learning_rate:g}, "
        f"{config.schedule}, weight decay {config.weight_decay:g}",
        "labels": _labels(config),
        "augmentation": ", ".join(_changes(config)),
        "precision": config.precision,
        "seed": config.seed,
        "source": config.source,
    }


def _started(config: EmotionConfig) -> str:
    start = _START.get(config.weights, config.weights)
    return f"{start}; {', '.join(config.fixed)} stay as they are" if config.fixed else start


def _labels(config: EmotionConfig) -> str:
    parts = []
    if config.votes:
        parts.append(f"{config.votes:g} FER+ votes (Barsoum et al. 2016)")
    if config.label_smoothing:
        parts.append(f"smoothing {config.label_smoothing:g}")
    if config.balanced:
        parts.append("each class drawn equally often")
    taught = config.distillation
    if taught.teachers:
        how = (
            "who saw each picture and its mirror image once"
            if taught.once
            else f"at temperature {taught.temperature:g}"
        )
        parts.append(f"{taught.weight:g} from {', '.join(taught.teachers)} {how}")
    return ", ".join(parts) or "the data set's own"


def _changes(config: EmotionConfig) -> list[str]:
    """Augmentation, mixing and averaging in words."""
    changes, mixing = config.augmentation, config.mixing
    named = {
        "zoom": changes.zoom,
        "shift": changes.shift,
        "random erasing": changes.erasing,
        "mixup": mixing.mixup,
        "CutMix": mixing.cutmix,
    }
    words = ["flip"] if changes.flip else []
    words.append(f"rotation {changes.rotation:g} degrees")
    words += [f"brightness {changes.brightness:g}", f"contrast {changes.contrast:g}"]
    words += [f"{name} {value:g}" for name, value in named.items() if value]
    if config.averaging is not None:
        words.append(f"weights averaged with decay {config.averaging:g}")
    return words


def _command(config: EmotionConfig, epochs: int | None) -> str:
    command = f"duchenne train emotion --data PATH --config {config.name}"
    recipe = EMOTION_RECIPES.get(config.name)
    if recipe is not None and recipe.weights != config.weights:
        command += f" --weights {config.weights}"
    return command if epochs is None else f"{command} --epochs {epochs}"
