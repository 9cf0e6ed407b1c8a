"""MobileNet as HSE_FaceRec trained it: on faces, to tell VGGFace2's people apart.

Howard et al. 2017 (MobileNets: efficient convolutional neural networks for mobile vision
applications), table 1, width 1. Savchenko 2019 (Efficient facial representations for age, gender
and identity recognition in organizing photo albums using multi-output ConvNet, PeerJ Computer
Science 5:e197) trained it on the people of VGGFace2, then on ages and genders.
3,214,151 parameters with 7 classes.
"""

from __future__ import annotations

from typing import Final

from torch import Tensor, nn
from torch.nn import functional

from duchenne.learning.networks.door import Colour, Door, he_normal

_FIRST_CHANNELS: Final = 32
_BLOCKS: Final = (
    (64, 1),
    (128, 2),
    (128, 1),
    (256, 2),
    (256, 1),
    (512, 2),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (1024, 2),
    (1024, 1),
)
"""Channels of each block, and its stride."""

_MEAN: Final[Colour] = (91.4953 / 255.0, 103.8827 / 255.0, 131.0912 / 255.0)
_STD: Final[Colour] = (1.0 / 255.0, 1.0 / 255.0, 1.0 / 255.0)
"""VGGFace2's mean colour (blue, green, red), taken from values of 0 to 255.

HSE_FaceRec's own scripts take ImageNet's, 12 levels brighter at most: less than what the augmented
brightness differs by.
"""


class SeparableBlock(nn.Module):
    """Filter each channel by itself, then mix the channels."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(inputs, inputs, 3, stride, groups=inputs, bias=False)
        self.norm1 = nn.BatchNorm2d(inputs)
        self.pointwise = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.relu6(self.norm1(_same(self.depthwise, x)))
        return functional.relu6(self.norm2(self.pointwise(x)))


class MobileNetV1(nn.Module):
    """(N, 1, 48, 48) in [-1, 1] to (N, classes) logits.

    Args:
        classes: outputs.
        side: pixels that the pictures are resized to. 224 is the published network's own, but for
            faces with a wide margin: FER-2013's tight ones are as large in it at 160.
        dropout: before the last layer.
    """

    def __init__(self, classes: int = 7, side: int = 160, dropout: float = 0.2) -> None:
        super().__init__()
        self.door = Door(side, _MEAN, _STD)
        self.conv = nn.Conv2d(3, _FIRST_CHANNELS, 3, 2, bias=False)
        self.norm = nn.BatchNorm2d(_FIRST_CHANNELS)
        blocks: list[nn.Module] = []
        inputs = _FIRST_CHANNELS
        for outputs, stride in _BLOCKS:
            blocks.append(SeparableBlock(inputs, outputs, stride))
            inputs = outputs
        self.blocks = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(inputs, classes)
        he_normal(self)

    def features(self, pictures: Tensor) -> Tensor:
        """(N, 1, h, w) in [-1, 1] to (N, 1024) from 0 to 6, the published ``global_pooling``."""
        x = functional.relu6(self.norm(_same(self.conv, self.door(pictures))))
        pooled: Tensor = self.blocks(x).mean(dim=(2, 3))
        return pooled

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.fc(self.dropout(self.features(pictures)))
        return logits


def _same(conv: nn.Conv2d, x: Tensor) -> Tensor:
    """TensorFlow's "same" padding of a 3x3 kernel, which pads more at the right and the bottom."""
    stride = conv.stride[0]
    pads: list[int] = []
    for length in (x.shape[-1], x.shape[-2]):
        total = max((-(-length // stride) - 1) * stride + 3 - length, 0)
        pads += [total // 2, total - total // 2]
    padded: Tensor = conv(functional.pad(x, pads))
    return padded
