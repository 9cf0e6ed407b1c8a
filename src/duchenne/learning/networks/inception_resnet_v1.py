"""Inception-ResNet-v1 under facenet-pytorch's names, for its VGGFace2 and CASIA weight files.

Szegedy et al. 2017 (Inception-v4, Inception-ResNet, AAAI), figures 10 to 14, as FaceNet's
open reimplementation (D. Sandberg) trained it on faces of 160 pixels. 23,482,624 parameters
without the classifier.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

import torch
from torch import Tensor, nn

from duchenne.learning.networks.door import Colour, Door

Kernel = int | tuple[int, int]

# (pixel - 127.5) / 128, on a scale of 0 to 1.
_MEAN: Final[Colour] = (0.5, 0.5, 0.5)
_STD: Final[Colour] = (128 / 255, 128 / 255, 128 / 255)


def _unit(
    inputs: int, outputs: int, kernel: Kernel, stride: int = 1, same: bool = True
) -> nn.Module:
    """Convolution, batch normalisation, ReLU; ``same`` keeps the size of the picture."""
    high, wide = (kernel, kernel) if isinstance(kernel, int) else kernel
    padding = (high // 2, wide // 2) if same else 0
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    layers["conv"] = nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False)
    layers["bn"] = nn.BatchNorm2d(outputs, eps=1e-3)
    layers["relu"] = nn.ReLU()
    return nn.Sequential(layers)


class _Branches(nn.Module):
    """Branches side by side, their channels put together."""

    def __init__(self, *branches: nn.Module) -> None:
        super().__init__()
        self.names = [f"branch{i}" for i in range(len(branches))]
        for name, branch in zip(self.names, branches, strict=True):
            self.add_module(name, branch)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.get_submodule(name)(x) for name in self.names], dim=1)


class _Residual(_Branches):
    """Branches whose mixture, scaled down, is added to their input."""

    def __init__(
        self, channels: tuple[int, int], scale: float, *branches: nn.Module, relu: bool = True
    ) -> None:
        super().__init__(*branches)
        inner, outer = channels
        self.scale = scale
        self.conv2d = nn.Conv2d(inner, outer, 1)
        self.last = nn.ReLU() if relu else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.last(self.conv2d(super().forward(x)) * self.scale + x)
        return out


def _block35() -> nn.Module:
    return _Residual(
        (96, 256),
        0.17,
        _unit(256, 32, 1),
        nn.Sequential(_unit(256, 32, 1), _unit(32, 32, 3)),
        nn.Sequential(_unit(256, 32, 1), _unit(32, 32, 3), _unit(32, 32, 3)),
    )


def _block17() -> nn.Module:
    column = nn.Sequential(_unit(896, 128, 1), _unit(128, 128, (1, 7)), _unit(128, 128, (7, 1)))
    return _Residual((256, 896), 0.1, _unit(896, 128, 1), column)


def _block8(scale: float, relu: bool = True) -> nn.Module:
    column = nn.Sequential(_unit(1792, 192, 1), _unit(192, 192, (1, 3)), _unit(192, 192, (3, 1)))
    return _Residual((384, 1792), scale, _unit(1792, 192, 1), column, relu=relu)


def _reduction_a() -> nn.Module:
    return _Branches(
        _unit(256, 384, 3, 2, same=False),
        nn.Sequential(_unit(256, 192, 1), _unit(192, 192, 3), _unit(192, 256, 3, 2, same=False)),
        nn.MaxPool2d(3, 2),
    )


def _reduction_b() -> nn.Module:
    return _Branches(
        nn.Sequential(_unit(896, 256, 1), _unit(256, 384, 3, 2, same=False)),
        nn.Sequential(_unit(896, 256, 1), _unit(256, 256, 3, 2, same=False)),
        nn.Sequential(_unit(896, 256, 1), _unit(256, 256, 3), _unit(256, 256, 3, 2, same=False)),
        nn.MaxPool2d(3, 2),
    )


class InceptionResNetV1(nn.Module):
    """(N, 1, 48, 48) in [-1, 1] to (N, classes) logits.

    Args:
        classes: outputs.
        side: pixels that the pictures are resized to, 75 at least.
    """

    def __init__(self, classes: int = 7, side: int = 160) -> None:
        super().__init__()
        self.door = Door(side, _MEAN, _STD)
        self.conv2d_1a = _unit(3, 32, 3, 2, same=False)
        self.conv2d_2a = _unit(32, 32, 3, same=False)
        self.conv2d_2b = _unit(32, 64, 3)
        self.maxpool_3a = nn.MaxPool2d(3, 2)
        self.conv2d_3b = _unit(64, 80, 1)
        self.conv2d_4a = _unit(80, 192, 3, same=False)
        self.conv2d_4b = _unit(192, 256, 3, 2, same=False)
        self.repeat_1 = nn.Sequential(*(_block35() for _ in range(5)))
        self.mixed_6a = _reduction_a()
        self.repeat_2 = nn.Sequential(*(_block17() for _ in range(10)))
        self.mixed_7a = _reduction_b()
        self.repeat_3 = nn.Sequential(*(_block8(0.2) for _ in range(5)))
        self.block8 = _block8(1.0, relu=False)
        self.avgpool_1a = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.6)
        self.last_linear = nn.Linear(1792, 512, bias=False)
        self.last_bn = nn.BatchNorm1d(512, eps=1e-3)
        self.logits = nn.Linear(512, classes)

    def forward(self, pictures: Tensor) -> Tensor:
        x = self.conv2d_2b(self.conv2d_2a(self.conv2d_1a(self.door(pictures))))
        x = self.conv2d_4b(self.conv2d_4a(self.conv2d_3b(self.maxpool_3a(x))))
        x = self.repeat_2(self.mixed_6a(self.repeat_1(x)))
        x = self.block8(self.repeat_3(self.mixed_7a(x)))
        x = self.dropout(self.avgpool_1a(x)).flatten(1)
        logits: Tensor = self.logits(self.last_bn(self.last_linear(x)))
        return logits
