"""X3D-S under pytorchvideo's names, for its Kinetics files (X3D_XS, X3D_S and X3D_M fit alike).

Feichtenhofer 2020 (X3D: expanding architectures for efficient video recognition, CVPR), table 3.
3,794,274 parameters with 400 classes.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from duchenne.learning.networks.video_door import VideoDoor

_STAGES: Final = ((54, 24, 3, 8), (108, 48, 5, 8), (216, 96, 11, 16), (432, 192, 7, 32))
"""Inner and outer channels, blocks, and channels of the squeeze; each stage halves the picture."""
_LAST: Final = 2048


class _SqueezeExcitation(nn.Module):
    """Channels weighed by what all of the clip says (Hu et al. 2018)."""

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.block = nn.Sequential(
            nn.Conv3d(channels, squeezed, 1),
            nn.ReLU(),
            nn.Conv3d(squeezed, channels, 1),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        weighed: Tensor = x * self.block(x.mean(dim=(2, 3, 4), keepdim=True))
        return weighed


class _Bottleneck(nn.Module):
    def __init__(self, inputs: int, inner: int, outputs: int, stride: int, squeezed: int) -> None:
        super().__init__()
        across = (1, stride, stride)
        self.conv_a = nn.Conv3d(inputs, inner, 1, bias=False)
        self.norm_a = nn.BatchNorm3d(inner)
        self.conv_b = nn.Conv3d(inner, inner, 3, across, 1, groups=inner, bias=False)
        squeeze = _SqueezeExcitation(inner, squeezed) if squeezed else nn.Identity()
        self.norm_b = nn.Sequential(nn.BatchNorm3d(inner), squeeze)
        self.conv_c = nn.Conv3d(inner, outputs, 1, bias=False)
        self.norm_c = nn.BatchNorm3d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.relu(self.norm_a(self.conv_a(x)))
        x = functional.silu(self.norm_b(self.conv_b(x)))
        out: Tensor = self.norm_c(self.conv_c(x))
        return out


class _Block(nn.Module):
    def __init__(self, inputs: int, inner: int, outputs: int, stride: int, squeezed: int) -> None:
        super().__init__()
        self.changes, self.widens = stride != 1, inputs != outputs
        if self.changes:
            self.branch1_conv = nn.Conv3d(inputs, outputs, 1, (1, stride, stride), bias=False)
        if self.widens:
            self.branch1_norm = nn.BatchNorm3d(outputs)
        self.branch2 = _Bottleneck(inputs, inner, outputs, stride, squeezed)

    def forward(self, x: Tensor) -> Tensor:
        shortcut = self.branch1_conv(x) if self.changes else x
        shortcut = self.branch1_norm(shortcut) if self.widens else shortcut
        return functional.relu(shortcut + self.branch2(x))


class _Stage(nn.Module):
    def __init__(self, inputs: int, inner: int, outputs: int, count: int, squeezed: int) -> None:
        super().__init__()
        self.res_blocks = nn.ModuleList(
            _Block(
                inputs if i == 0 else outputs,
                inner,
                outputs,
                2 if i == 0 else 1,
                squeezed if i % 2 == 0 else 0,
            )
            for i in range(count)
        )

    def forward(self, x: Tensor) -> Tensor:
        for block in self.res_blocks:
            x = block(x)
        return x


class _Separated(nn.Module):
    """A convolution over the picture, and for each channel one over time."""

    def __init__(self, outputs: int) -> None:
        super().__init__()
        # The published names have it the wrong way round.
        self.conv_t = nn.Conv3d(3, outputs, (1, 3, 3), (1, 2, 2), (0, 1, 1), bias=False)
        self.conv_xy = nn.Conv3d(
            outputs, outputs, (5, 1, 1), 1, (2, 0, 0), groups=outputs, bias=False
        )

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.conv_xy(self.conv_t(x))
        return out


class _Stem(nn.Module):
    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.conv = _Separated(outputs)
        self.norm = nn.BatchNorm3d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.norm(self.conv(x)))


class _Pool(nn.Module):
    def __init__(self, inputs: int, inner: int) -> None:
        super().__init__()
        self.pre_conv = nn.Conv3d(inputs, inner, 1, bias=False)
        self.pre_norm = nn.BatchNorm3d(inner)
        self.post_conv = nn.Conv3d(inner, _LAST, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.relu(self.pre_norm(self.pre_conv(x)))
        return functional.relu(self.post_conv(functional.adaptive_avg_pool3d(x, 1)))


class _Head(nn.Module):
    def __init__(self, inputs: int, inner: int, classes: int) -> None:
        super().__init__()
        self.pool = _Pool(inputs, inner)
        self.dropout = nn.Dropout(0.5)
        self.proj = nn.Linear(_LAST, classes)

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.proj(self.dropout(torch.flatten(self.pool(x), 1)))
        return logits


class X3D(nn.Module):
    """(N, 1, T, h, w) grey in [-1, 1] to (N, classes) logits.

    Args:
        classes: outputs.
        side: pixels that the pictures are resized to; X3D-S's own is 160.
    """

    def __init__(self, classes: int = 12, side: int = 160) -> None:
        super().__init__()
        self.door = VideoDoor(side)
        inputs = _STAGES[0][1]
        parts: list[nn.Module] = [_Stem(inputs)]
        for inner, outputs, count, squeezed in _STAGES:
            parts.append(_Stage(inputs, inner, outputs, count, squeezed))
            inputs = outputs
        self.blocks = nn.ModuleList([*parts, _Head(inputs, _STAGES[-1][0], classes)])

    def forward(self, clips: Tensor) -> Tensor:
        x: Tensor = self.door(clips)
        for block in self.blocks:
            x = block(x)
        return x
