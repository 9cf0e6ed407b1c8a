"""VGG-16 without batch normalisation, under torchvision's names, for its IMAGENET1K weight files.

Simonyan and Zisserman 2015 (Very deep convolutional networks, ICLR), configuration D.
138,357,544 parameters with 1,000 classes.
"""

from __future__ import annotations

from typing import Final

from torch import Tensor, nn

from duchenne.learning.networks.door import Door, he_normal

_STAGES: Final = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
"""Channels and convolutions; 2x2 max pooling follows each."""


def _features() -> nn.Sequential:
    layers: list[nn.Module] = []
    inputs = 3
    for outputs, count in _STAGES:
        for _ in range(count):
            layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()]
            inputs = outputs
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers)


class VGG16(nn.Module):
    """(N, 1, 48, 48) in [-1, 1] to (N, classes) logits.

    Args:
        classes: outputs.
        side: pixels that the pictures are resized to, 32 at least.
    """

    def __init__(self, classes: int = 7, side: int = 224) -> None:
        super().__init__()
        self.door = Door(side)
        self.features = _features()
        self.avgpool = nn.AdaptiveAvgPool2d(7)
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, 4096),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(4096, 4096),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(4096, classes),
        )
        he_normal(self)

    def forward(self, pictures: Tensor) -> Tensor:
        x = self.avgpool(self.features(self.door(pictures)))
        logits: Tensor = self.classifier(x.flatten(1))
        return logits
