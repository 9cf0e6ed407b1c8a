"""What the card of a network of several heads says."""

from __future__ import annotations

from typing import Any, Final

from duchenne.evaluation.datasets.face_attributes import HEADS, SIDE, FaceAttributes
from duchenne.evaluation.emotion.attribute_network import TASK
from duchenne.learning.multi_task_configs import AttributesConfig
from duchenne.weights.card import ModelCard
from duchenne.weights.facts import ModelInput

_LIMITS: Final[tuple[str, ...]] = (
    (
        "Its four answers are what raters said about faces: the expression that a face displays, "
        "and the gender, age range and ethnicity that strangers ascribe to it. It says nothing "
        "about what a person experiences, nor who they are by their own account."
    ),
    (
        "Meant to describe data sets and to look for differences between groups; decisions about "
        "single persons must not rest on it."
    ),
    (
        "Three genders (one of them `unsure`), five age ranges and three ethnicities are RAF-DB's "
        "classes; most of the world's people are poorly described by them."
    ),
    (
        "RAF-DB, UTKFace and FER-2013 come from web searches and are balanced neither by age nor "
        "by ethnicity; accuracies differ between groups, and beside each stands what always "
        "answering the most frequent class would reach."
    ),
    "Its probabilities are not calibrated.",
    (
        "It was trained and measured on tight grey crops of 48 x 48 pixels; how it does on strong "
        "head turns, covered faces or other crops has not been measured."
    ),
)
_PERSONS: Final = (
    "UTKFace names no persons, so that one of them may stand on both sides of its split, which "
    "makes figures too good."
)
_UTKFACE: Final = (
    "(Zhang, Song and Qi, CVPR 2017): no emotions; White, Black and Asian as RAF-DB's three, "
    "Indian and Others unknown"
)
_SOURCES: Final = {
    "RAF-DB": "RAF-DB basic (Li, Deng and Du, CVPR 2017)",
    "UTKFace": f"UTKFace {_UTKFACE}",
    "UTKFace with eyes levelled": f"UTKFace with eyes levelled {_UTKFACE}",
    "FER-2013": "FER-2013 (Goodfellow et al. 2013): emotions only",
}
_OPTIONS: Final = {
    "RAF-DB": "rafdb=DIR",
    "UTKFace": "utkface=DIR",
    "UTKFace with eyes levelled": "utkface=DIR --level-eyes",
    "FER-2013": "fer=FILE",
}
_OPTIMISERS: Final = {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD with momentum"}


def draft_card(
    config: AttributesConfig, data: FaceAttributes, best_epoch: int, epochs: int
) -> ModelCard:
    """The card before its file is written and measured; ``file`` and ``sha256`` are to be set.

    Args:
        config: the recipe.
        data: what it was trained on.
        best_epoch: the exported epoch, counted from 1.
        epochs: how many were trained.
    """
    limits = _LIMITS
    if any(name.startswith("UTKFace") for name in data.sources):
        limits = (*limits, _PERSONS)
    if data.warning:
        limits = (*limits, f"On reading the data: {data.warning}.")
    counts = {name: int((data.usage == name).sum()) for name in ("Training", "Validation", "Test")}
    return ModelCard(
        name=config.name,
        task=TASK,
        summary="Displayed emotion, and ascribed gender, age range and ethnicity, from a grey face "
        "crop: one network, four heads.",
        file="to be written",
        sha256="to be written",
        licence="of the trainer's choice, within the terms of the data: RAF-DB and UTKFace are "
        "for research that is not commercial",
        data="; ".join(_SOURCES.get(name, name) for name in data.sources),
        split=f"weights from Training ({counts['Training']:,}), epoch chosen on Validation "
        f"({counts['Validation']:,}), whose figures are therefore a little too good; Test "
        f"({counts['Test']:,}) neither seen nor used for a choice",
        input=ModelInput("uint8 grey face crop", (SIDE, SIDE), 1 / 127.5, -1.0),
        training=_training(config, best_epoch, epochs),
        retrain=command(config, data) + (f" --epochs {epochs}" if epochs < config.epochs else ""),
        limits=limits,
        numbers=(),
        settings={"heads": {head: list(classes) for head, classes in HEADS.items()}},
    )


def command(config: AttributesConfig, data: FaceAttributes) -> str:
    """What trains the network again."""
    options = [f"--data {_OPTIONS[name]}" for name in data.sources if name in _OPTIONS]
    return " ".join(["duchenne train attributes", *options, "--config", config.name])


def _training(config: AttributesConfig, best_epoch: int, epochs: int) -> dict[str, Any]:
    weights = zip(HEADS, config.loss_weights.in_order, strict=True)
    rates = ", ".join(f"{rate:g}" for rate in config.dropouts) or "the backbone's own"
    return {
        "recipe": config.name,
        "network": config.network,
        "start": config.weights,
        "heads": "; ".join(f"{head}: {', '.join(classes)}" for head, classes in HEADS.items()),
        "loss": "cross entropy by head over its labelled faces, weights "
        + ", ".join(f"{head} {weight:g}" for head, weight in weights),
        "dropout": f"{rates}; before the heads {config.head_dropout:g}",
        "epochs": f"{epochs} of at most {config.epochs}",
        "exported_epoch": best_epoch,
        "batch_size": config.batch_size,
        "optimiser": f"{_OPTIMISERS[config.optimiser]}, learning rate {config.learning_rate:g}, "
        f"{config.schedule}, weight decay {config.weight_decay:g}",
        "patience": "none" if config.patience is None else f"{config.patience} epochs",
        "precision": config.precision,
        "seed": config.seed,
        "source": config.source,
    }
