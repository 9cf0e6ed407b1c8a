"""ResNet-50 under torchvision's names, for its IMAGENET1K weight files.

He et al. 2016 (Deep residual learning, CVPR), table 1; the stride of a bottleneck stands in its
3x3 convolution, as in the published weights. 25,557,032 parameters with 1,000 classes.
"""

from __future__ import annotations

from torch import Tensor, nn

from duchenne.learning.networks.door import Door, he_normal

_EXPANSION = 4


class _Bottleneck(nn.Module):
    """1x1, 3x3 and 1x1 convolutions beside a shortcut."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        outputs = width * _EXPANSION
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU()
        self.downsample: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        out: Tensor = self.relu(self.bn3(self.conv3(y)) + self.downsample(x))
        return out


def _stage(inputs: int, width: int, blocks: int, stride: int) -> nn.Sequential:
    first = _Bottleneck(inputs, width, stride)
    rest = (_Bottleneck(width * _EXPANSION, width, 1) for _ in range(blocks - 1))
    return nn.Sequential(first, *rest)


class ResNet50(nn.Module):
    """(N, 1, 48, 48) in [-1, 1] to (N, classes) logits.

    Args:
        classes: outputs.
        side: pixels that the pictures are resized to.
    """

    def __init__(self, classes: int = 7, side: int = 224) -> None:
        super().__init__()
        self.door = Door(side)
        self.conv1 = nn.Conv2d(3, 64, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, padding=1)
        self.layer1 = _stage(64, 64, 3, stride=1)
        self.layer2 = _stage(256, 128, 4, stride=2)
        self.layer3 = _stage(512, 256, 6, stride=2)
        self.layer4 = _stage(1024, 512, 3, stride=2)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(2048, classes)
        he_normal(self)

    def forward(self, pictures: Tensor) -> Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(self.door(pictures)))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        logits: Tensor = self.fc(self.avgpool(x).flatten(1))
        return logits
