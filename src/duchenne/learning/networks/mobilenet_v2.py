"""MobileNetV2 under torchvision's names, for its IMAGENET1K weight files.

Sandler et al. 2018 (Inverted residuals and linear bottlenecks, CVPR), table 2, width 1.
3,504,872 parameters with 1,000 classes.
"""

from __future__ import annotations

from typing import Final

from torch import Tensor, nn

from duchenne.learning.networks.door import Door, he_normal

_STAGES: Final = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
"""Expansion, channels, blocks, and the stride of the first block."""


def _unit(inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU6(),
    )


class _InvertedResidual(nn.Module):
    """Widen, filter each channel, narrow without a non-linearity; a shortcut where shapes allow."""

    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int) -> None:
        super().__init__()
        width = inputs * expansion
        widen = [_unit(inputs, width, 1)] if expansion != 1 else []
        self.conv = nn.Sequential(
            *widen,
            _unit(width, width, 3, stride, groups=width),
            nn.Conv2d(width, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.shortcut = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.conv(x)
        return x + y if self.shortcut else y


def _blocks() -> list[nn.Module]:
    blocks: list[nn.Module] = []
    inputs = 32
    for expansion, outputs, count, stride in _STAGES:
        for i in range(count):
            blocks.append(_InvertedResidual(inputs, outputs, 1 if i else stride, expansion))
            inputs = outputs
    return blocks


class MobileNetV2(nn.Module):
    """(N, 1, 48, 48) in [-1, 1] to (N, classes) logits.

    Args:
        classes: outputs.
        side: pixels that the pictures are resized to.
    """

    def __init__(self, classes: int = 7, side: int = 224) -> None:
        super().__init__()
        self.door = Door(side)
        self.features = nn.Sequential(_unit(3, 32, 3, 2), *_blocks(), _unit(320, 1280, 1))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, classes))
        he_normal(self)

    def forward(self, pictures: Tensor) -> Tensor:
        x = self.avgpool(self.features(self.door(pictures)))
        logits: Tensor = self.classifier(x.flatten(1))
        return logits
