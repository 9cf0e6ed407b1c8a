"""3D ResNet-50, the slow path of SlowFast, under pytorchvideo's names, for its Kinetics files.

Feichtenhofer et al. 2019 (SlowFast networks for video recognition, ICCV), table 1: only the last
two stages look at three frames at once. 32,454,096 parameters with 400 classes.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from duchenne.learning.networks.video_door import VideoDoor

_STAGES: Final = (
    (64, 256, 3, 1, 1),
    (128, 512, 4, 2, 1),
    (256, 1024, 6, 2, 3),
    (512, 2048, 3, 2, 3),
)
"""Inner and outer channels, blocks, the stride of the first, and frames of the first kernel."""


class _Bottleneck(nn.Module):
    def __init__(self, inputs: int, inner: int, outputs: int, stride: int, time: int) -> None:
        super().__init__()
        across = (1, stride, stride)
        self.conv_a = nn.Conv3d(inputs, inner, (time, 1, 1), 1, (time // 2, 0, 0), bias=False)
        self.norm_a = nn.BatchNorm3d(inner)
        self.conv_b = nn.Conv3d(inner, inner, (1, 3, 3), across, (0, 1, 1), bias=False)
        self.norm_b = nn.BatchNorm3d(inner)
        self.conv_c = nn.Conv3d(inner, outputs, 1, bias=False)
        self.norm_c = nn.BatchNorm3d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.relu(self.norm_a(self.conv_a(x)))
        x = functional.relu(self.norm_b(self.conv_b(x)))
        out: Tensor = self.norm_c(self.conv_c(x))
        return out


class _Block(nn.Module):
    def __init__(self, inputs: int, inner: int, outputs: int, stride: int, time: int) -> None:
        super().__init__()
        self.changes = inputs != outputs or stride != 1
        if self.changes:
            across = (1, stride, stride)
            self.branch1_conv = nn.Conv3d(inputs, outputs, 1, across, bias=False)
            self.branch1_norm = nn.BatchNorm3d(outputs)
        self.branch2 = _Bottleneck(inputs, inner, outputs, stride, time)

    def forward(self, x: Tensor) -> Tensor:
        shortcut = self.branch1_norm(self.branch1_conv(x)) if self.changes else x
        return functional.relu(shortcut + self.branch2(x))


class _Stem(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv3d(3, 64, (1, 7, 7), (1, 2, 2), (0, 3, 3), bias=False)
        self.norm = nn.BatchNorm3d(64)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.relu(self.norm(self.conv(x)))
        return functional.max_pool3d(x, (1, 3, 3), (1, 2, 2), (0, 1, 1))


class _Stage(nn.Module):
    def __init__(self, blocks: list[nn.Module]) -> None:
        super().__init__()
        self.res_blocks = nn.ModuleList(blocks)

    def forward(self, x: Tensor) -> Tensor:
        for block in self.res_blocks:
            x = block(x)
        return x


class _Head(nn.Module):
    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        self.dropout = nn.Dropout(0.5)
        self.proj = nn.Linear(inputs, classes)

    def forward(self, x: Tensor) -> Tensor:
        pooled = torch.flatten(functional.adaptive_avg_pool3d(x, 1), 1)
        logits: Tensor = self.proj(self.dropout(pooled))
        return logits


class SlowR50(nn.Module):
    """(N, 1, T, h, w) grey in [-1, 1] to (N, classes) logits.

    Args:
        classes: outputs.
        side: pixels that the pictures are resized to; the published weights' own is 224.
    """

    def __init__(self, classes: int = 12, side: int = 224) -> None:
        super().__init__()
        self.door = VideoDoor(side)
        parts: list[nn.Module] = [_Stem()]
        inputs = 64
        for inner, outputs, count, stride, time in _STAGES:
            first = _Block(inputs, inner, outputs, stride, time)
            rest = [_Block(outputs, inner, outputs, 1, time) for _ in range(count - 1)]
            parts.append(_Stage([first, *rest]))
            inputs = outputs
        self.blocks = nn.ModuleList([*parts, _Head(inputs, classes)])

    def forward(self, clips: Tensor) -> Tensor:
        x: Tensor = self.door(clips)
        for block in self.blocks:
            x = block(x)
        return x
