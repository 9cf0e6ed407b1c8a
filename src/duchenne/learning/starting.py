"""Where a training's weights start, and where they are when it has ended."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn

from duchenne.errors import DataError
from duchenne.evaluation.emotion.targets import target
from duchenne.learning.augment import to_input
from duchenne.learning.checkpoints import RunFolder, load_best
from duchenne.learning.configs import EmotionConfig
from duchenne.learning.data import PictureSet
from duchenne.learning.dlib_weights import dlib_weights, load_dlib
from duchenne.learning.networks import DlibResNet29, EfficientNetLite0, MobileNetV1, build
from duchenne.learning.norms import reopen_norms
from duchenne.learning.pretrained import efficientnet_lite0_weights, load_pretrained
from duchenne.learning.tfjs_weights import FACERES_FILE, load_faceres

_PICTURES_FOR_NORMS: Final = 1024
_OF_ONE_NETWORK: Final = {
    "dlib": "Only dlib_resnet29 and compact_resnet start from dlib's weights.",
    "vggface2": "Only mobilenet_v1 comes with VGGFace2 weights: for another network download its "
    "published file and give its path.",
    "imagenet": "Only efficientnet_lite0 comes with ImageNet weights: for another network download "
    "its published file and give its path.",
}


def start(network: nn.Module, weights: str, training: PictureSet, runs: Path) -> None:
    """Fill a fresh network with the weights that its recipe starts from, in place.

    Args:
        network: one of ``networks.build``.
        weights: see ``EmotionConfig.weights``.
        training: the pictures that it will be trained on.
        runs: folder of all trainings, for ``fer``.

    Raises:
        ModelError: the weights are not there, or are another network's.
        DataError: the network has no weights of that kind.
    """
    if isinstance(network, DlibResNet29) and (weights == "dlib" or weights.endswith(".dat")):
        load_dlib(network, dlib_weights() if weights == "dlib" else Path(weights))
        reopen_norms(network, _some_of(training))
    elif isinstance(network, MobileNetV1) and (weights == "vggface2" or weights.endswith(".json")):
        load_faceres(network, FACERES_FILE if weights == "vggface2" else Path(weights))
        reopen_norms(network, _some_of(training))
    elif isinstance(network, EfficientNetLite0) and weights == "imagenet":
        load_pretrained(network, efficientnet_lite0_weights(), runs)
    elif weights in _OF_ONE_NETWORK:
        raise DataError(_OF_ONE_NETWORK[weights])
    else:
        load_pretrained(network, weights, runs)


def _some_of(training: PictureSet) -> Tensor:
    count = min(len(training), _PICTURES_FOR_NORMS)
    rows = torch.linspace(0, len(training) - 1, count).long()
    return to_input(training.pictures[rows])


def best_network(config: EmotionConfig, runs: Path) -> nn.Module:
    """The recipe's network with the weights of its best epoch, in evaluation mode.

    Raises:
        ModelError: there is no such checkpoint, or it is of another network.
    """
    network = build(config.network, len(target(config.target).classes))
    load_best(network, RunFolder(runs / config.name), config.network)
    return network.eval()
