"""dlib's face-identity network, a ResNet of 29 convolutions, and a compact cut of it.

King 2017, dlib_face_recognition_resnet_model_v1 (public domain), trained on about 3 million faces;
architecture after He et al. 2016 with half the filters and fewer layers. dlib's fixed ``affine``
layers are batch normalisations here, so that training can go on (see ``dlib_weights``).
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from duchenne.learning.networks.door import he_normal

_LEVELS: Final = ((32, 3), (64, 4), (128, 3), (256, 3), (256, 1))
"""Channels and residual blocks; from the second level on, the first block halves the picture."""

MEANS: Final = (122.782, 117.001, 104.298)
RANGE: Final = 256.0
GREY_MEAN: Final = sum(MEANS) / 3.0
"""dlib subtracts a mean from each colour and divides by the range."""


class _Block(nn.Module):
    """Two 3x3 convolutions and a shortcut, which a halving block averages 2x2."""

    def __init__(self, inputs: int, outputs: int, halves: bool) -> None:
        super().__init__()
        self.halves = halves
        self.wider = outputs - inputs
        self.conv1 = nn.Conv2d(
            inputs, outputs, 3, 2 if halves else 1, 0 if halves else 1, bias=False
        )
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        # dlib does not pad here, and then fills the smaller of both ways up with zeros. Padded at
        # the right and the bottom, every output lies where dlib's does and none is lost, which
        # matters at the 10 to 30 pixels of our small pictures.
        padded = functional.pad(x, (0, 1, 0, 1)) if self.halves else x
        y = functional.relu(self.norm1(self.conv1(padded)))
        y = self.norm2(self.conv2(y))
        if self.halves:
            x = functional.avg_pool2d(x, 2)
            if self.wider:
                x = functional.pad(x, (0, 0, 0, 0, 0, self.wider))
        return functional.relu(x + y)


class DlibResNet29(nn.Module):
    """(N, 1, 48, 48) in [-1, 1] to (N, classes) logits.

    Args:
        classes: outputs.
        side: pixels that the pictures are resized to; dlib's own is 150.
        levels: channels and blocks of each level.
        dropout: before the last layer.
    """

    def __init__(
        self,
        classes: int = 7,
        side: int = 112,
        levels: tuple[tuple[int, int], ...] = _LEVELS,
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        self.side = side
        first = levels[0][0]
        self.conv = nn.Conv2d(1, first, 7, 2, bias=False)
        self.norm = nn.BatchNorm2d(first)
        blocks: list[nn.Module] = []
        inputs = first
        for level, (channels, count) in enumerate(levels):
            for i in range(count):
                blocks.append(_Block(inputs, channels, halves=level > 0 and i == 0))
                inputs = channels
        self.blocks = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(inputs, classes)
        he_normal(self)

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.fc(self.dropout(self.features(pictures)))
        return logits

    def features(self, pictures: Tensor) -> Tensor:
        """(N, channels of the last level), averaged over the picture."""
        side = (self.side, self.side)
        if pictures.shape[-2:] != side:
            pictures = functional.interpolate(pictures, side, mode="bilinear", align_corners=False)
        x = (pictures * 127.5 + (127.5 - GREY_MEAN)) / RANGE
        x = functional.max_pool2d(functional.relu(self.norm(self.conv(x))), 3, 2)
        return torch.flatten(functional.adaptive_avg_pool2d(self.blocks(x), 1), 1)


class CompactResNet(DlibResNet29):
    """The first 23 convolutions of ``DlibResNet29`` at 80 pixels: about a millisecond a face.

    Its last level keeps 240 of the 256 channels, so that the file stays under 8 MB.
    """

    def __init__(self, classes: int = 7) -> None:
        super().__init__(classes, 80, ((32, 3), (64, 4), (128, 3), (240, 1)), dropout=0.1)
