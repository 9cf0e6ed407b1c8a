"""Experiments on single frames: the rows of the thesis' tables 4.3 to 4.6, and our networks."""

from __future__ import annotations

from typing import Any, Final

from duchenne.learning.experiments.config import Experiment, Size

_FULL: Final = Size(None, 10, 30, 32)
# The thesis gives none; one for all rows, so that they differ in what they are about.
_RATE: Final = 1e-2
_IRV1: Final = "inception_resnet_v1"
# Two to five minutes each on one core, so that a whole table can be trained for equally long.
_REDUCED: Final = {
    "vgg16": Size(48, 1, 8, 32),
    "efficientnet_v2_m": Size(64, 1, 6, 32),
    "vit_b_16": Size(48, 1, 8, 32),
    _IRV1: Size(80, 2, 8, 32),
    "efficientnet_lite0": Size(96, 2, 8, 32),
    "compact_resnet": Size(None, 4, 12, 64),
    "dlib_resnet29": Size(None, 2, 12, 48),
}


def _single(name: str, title: str, network: str, weights: str, **more: Any) -> Experiment:
    """Table 4.3: 12 classes, cross entropy, SGD."""
    figures = dict(zip(("loss", "overall"), more.pop("thesis", ()), strict=False))
    settings: dict[str, Any] = {
        "table": "4.3",
        "heads": "twelve",
        "thesis": figures,
        "learning_rate": _RATE,
    } | more
    return Experiment(
        name=f"4.3-{name}",
        title=title,
        approach="frames",
        network=network,
        weights=weights,
        reduced=_REDUCED[network],
        full=_FULL,
        **settings,
    )


_PLATEAU: Final = {"schedule": "plateau"}
_FROZEN: Final = {"frozen": True}

_TABLE_43: Final = (
    _single("vgg16-scratch", "VGG16", "vgg16", "none", thesis=(9.029, 15.922)),
    _single(
        "vgg16-plateau",
        "VGG16 + scheduler",
        "vgg16",
        "imagenet",
        thesis=(6.363, 20.439),
        **_PLATEAU,
    ),
    _single("vgg16", "VGG16", "vgg16", "imagenet", thesis=(5.944, 26.010)),
    _single(
        "efficientnet-v2-m",
        "EfficientNetV2-M",
        "efficientnet_v2_m",
        "imagenet",
        thesis=(5.373, 26.644),
    ),
    _single("vit-b-16", "ViT-B/16", "vit_b_16", "imagenet", thesis=(6.104, 21.810)),
    _single(
        "irv1-frozen",
        "InceptionResNetV1, frozen",
        _IRV1,
        "vggface2",
        thesis=(2.315, 19.892),
        **_FROZEN,
    ),
    _single(
        "irv1-frozen-plateau",
        "InceptionResNetV1, frozen + scheduler",
        _IRV1,
        "vggface2",
        thesis=(2.335, 18.497),
        **_FROZEN,
        **_PLATEAU,
    ),
    _single("irv1", "InceptionResNetV1", _IRV1, "vggface2", thesis=(4.569, 27.817)),
    _single(
        "irv1-plateau",
        "InceptionResNetV1 + scheduler",
        _IRV1,
        "vggface2",
        thesis=(4.655, 29.062),
        **_PLATEAU,
    ),
    _single("lite0", "EfficientNet-Lite0", "efficientnet_lite0", "imagenet", **_PLATEAU),
    _single(
        "lite0-frozen", "EfficientNet-Lite0, frozen", "efficientnet_lite0", "imagenet", **_FROZEN
    ),
    _single("student", "our student", "compact_resnet", "fer", **_PLATEAU),
    _single("student-frozen", "our student, frozen", "compact_resnet", "fer", **_FROZEN),
    _single("student-scratch", "our student, from scratch", "compact_resnet", "none", **_PLATEAU),
    _single("teacher", "our teacher", "dlib_resnet29", "fer", **_PLATEAU),
)


def _multi(table: str, name: str, title: str, network: str = _IRV1, **more: Any) -> Experiment:
    """Tables 4.4 to 4.6: two heads; our networks instead of the thesis' where none is asked for."""
    own = {"compact_resnet": "fer", "efficientnet_lite0": "imagenet"}
    settings: dict[str, Any] = {
        "weights": own.get(network, "vggface2"),
        "learning_rate": _RATE,
    } | more
    return Experiment(
        name=f"{table}-{name}",
        table=table,
        title=title,
        approach="frames",
        network=network,
        reduced=_REDUCED[network],
        full=_FULL,
        **settings,
    )


def _thesis(emotion: float, genuine: float, loss: float, overall: float | None = None) -> Any:
    figures = {"emotion": emotion, "genuine": genuine, "loss": loss}
    return figures if overall is None else figures | {"overall": overall}


_TABLE_44: Final = (
    _multi("4.4", "hydra", "HydraNet", heads="hydra", thesis=_thesis(42.593, 48.387, 2.147)),
    _multi(
        "4.4",
        "irv1",
        "InceptionResNetV1",
        weights="imagenet",
        thesis=_thesis(53.721, 55.322, 2.787),
    ),
    _multi("4.4", "student-hydra", "our student, HydraNet", "compact_resnet", heads="hydra"),
    _multi("4.4", "student", "our student", "compact_resnet"),
)

_TABLE_45: Final = (
    _multi(
        "4.5",
        "frozen-augmented",
        "frozen, augmentation",
        frozen=True,
        augmented=True,
        thesis=_thesis(33.217, 48.284, 2.329),
    ),
    _multi(
        "4.5",
        "whole-augmented",
        "whole, augmentation",
        augmented=True,
        thesis=_thesis(51.708, 53.206, 2.971),
    ),
    _multi("4.5", "whole", "whole", thesis=_thesis(53.721, 55.322, 2.787)),
    *(
        _multi("4.5", f"student-{name}", f"our student, {title}", "compact_resnet", **more)
        for name, title, more in (
            ("frozen", "frozen", {"frozen": True}),
            ("frozen-augmented", "frozen, augmentation", {"frozen": True, "augmented": True}),
            ("whole-augmented", "whole, augmentation", {"augmented": True}),
            ("whole", "whole", {}),
        )
    ),
)

_LOSSES: Final[tuple[tuple[str, str, str, Any], ...]] = (
    ("mfl", "mfl", "precision", _thesis(54.609, 53.713, 1.265, 30.150)),
    ("mfl", "mfl", "sum", _thesis(51.145, 53.888, 1.269, 27.376)),
    ("ce", "ce", "precision", _thesis(49.227, 55.893, 1.588, 28.034)),
    ("ce", "mfl", "precision", _thesis(51.145, 54.411, 1.781, 26.536)),
    ("mfl", "ce", "precision", _thesis(50.892, 52.318, 1.870, 28.192)),
    ("ce", "ce", "sum", _thesis(53.721, 55.322, 2.787, 27.812)),
)
_FURTHER_LOSSES: Final[tuple[tuple[str, str, str, Any], ...]] = (
    ("ce", "ce", "uncertainty", {}),
    ("ce", "ce", "fixed", {}),
    ("mfl", "mfl", "uncertainty", {}),
)


def _loss_row(row: tuple[str, str, str, Any], network: str) -> Experiment:
    emotion, genuine, combination, figures = row
    prefix = "student-" if network == "compact_resnet" else ""
    more: dict[str, Any] = {"fixed": (1.0, 2.0)} if combination == "fixed" else {}
    return _multi(
        "4.6",
        f"{prefix}{emotion}-{genuine}-{combination}",
        f"{'our student, ' if prefix else ''}{emotion.upper()}, {genuine.upper()}, {combination}",
        network,
        emotion_loss=emotion,
        genuine_loss=genuine,
        combination=combination,
        schedule="plateau",
        thesis={} if prefix else figures,
        **more,
    )


_TABLE_46: Final = (
    *(_loss_row(row, _IRV1) for row in _LOSSES),
    *(_loss_row(row, "compact_resnet") for row in (*_LOSSES, *_FURTHER_LOSSES)),
)


FRAME_EXPERIMENTS: Final = (*_TABLE_43, *_TABLE_44, *_TABLE_45, *_TABLE_46)
