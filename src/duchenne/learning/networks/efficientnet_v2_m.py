"""EfficientNetV2-M under torchvision's names, for its IMAGENET1K weight files.

Tan and Le 2021 (EfficientNetV2: smaller models and faster training, ICML), table 4 and the medium
setting of their code. 54,139,356 parameters with 1,000 classes. Stochastic depth in training is
left out.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn

from duchenne.learning.networks.door import Door, he_normal

_STEM: Final = 24
_LAST: Final = 1280
_STAGES: Final = (
    (True, 1, 24, 3, 1),
    (True, 4, 48, 5, 2),
    (True, 4, 80, 5, 2),
    (False, 4, 160, 7, 2),
    (False, 6, 176, 14, 1),
    (False, 6, 304, 18, 2),
    (False, 6, 512, 5, 1),
)
"""Whether widening and filtering are one convolution; expansion, channels, blocks, first stride."""


def _unit(
    inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1, acts: bool = True
) -> nn.Sequential:
    layers: list[nn.Module] = [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs, eps=1e-3),
    ]
    return nn.Sequential(*layers, nn.SiLU()) if acts else nn.Sequential(*layers)


class _SqueezeExcitation(nn.Module):
    """Channels weighed by what all of the picture says (Hu et al. 2018)."""

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.fc1 = nn.Conv2d(channels, squeezed, 1)
        self.fc2 = nn.Conv2d(squeezed, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        mean = x.mean(dim=(2, 3), keepdim=True)
        return x * torch.sigmoid(self.fc2(nn.functional.silu(self.fc1(mean))))


class _Block(nn.Module):
    """Widen, filter, narrow; a shortcut where the shapes allow it."""

    def __init__(self, fused: bool, inputs: int, outputs: int, expansion: int, stride: int) -> None:
        super().__init__()
        width = inputs * expansion
        layers: list[nn.Module]
        if fused and expansion == 1:
            layers = [_unit(inputs, outputs, 3, stride)]
        elif fused:
            layers = [_unit(inputs, width, 3, stride), _unit(width, outputs, 1, acts=False)]
        else:
            layers = [
                _unit(inputs, width, 1),
                _unit(width, width, 3, stride, groups=width),
                _SqueezeExcitation(width, inputs // 4),
                _unit(width, outputs, 1, acts=False),
            ]
        self.block = nn.Sequential(*layers)
        self.shortcut = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.block(x)
        return x + y if self.shortcut else y


def _features() -> nn.Sequential:
    parts: list[nn.Module] = [_unit(3, _STEM, 3, 2)]
    inputs = _STEM
    for fused, expansion, outputs, count, stride in _STAGES:
        blocks = []
        for i in range(count):
            blocks.append(_Block(fused, inputs, outputs, expansion, stride if i == 0 else 1))
            inputs = outputs
        parts.append(nn.Sequential(*blocks))
    return nn.Sequential(*parts, _unit(inputs, _LAST, 1))


class EfficientNetV2M(nn.Module):
    """(N, 1, 48, 48) in [-1, 1] to (N, classes) logits.

    Args:
        classes: outputs.
        side: pixels that the pictures are resized to; the published weights' own is 480.
    """

    def __init__(self, classes: int = 7, side: int = 480) -> None:
        super().__init__()
        self.door = Door(side)
        self.features = _features()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Dropout(0.3), nn.Linear(_LAST, classes))
        he_normal(self)

    def forward(self, pictures: Tensor) -> Tensor:
        x = self.avgpool(self.features(self.door(pictures))).flatten(1)
        logits: Tensor = self.classifier(x)
        return logits
