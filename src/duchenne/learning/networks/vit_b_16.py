"""ViT-B/16 under torchvision's names, for its IMAGENET1K weight files.

Dosovitskiy et al. 2021 (An image is worth 16x16 words, ICLR), table 1, Base, patches of 16.
86,567,656 parameters with 1,000 classes.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from duchenne.errors import DataError
from duchenne.learning.networks.door import Door

_PATCH: Final = 16
_GRID: Final = 14
_WIDTH: Final = 768
_HEADS: Final = 12
_LAYERS: Final = 12


class _Layer(nn.Module):
    """Attention, then two linear layers, each after a normalisation and beside a shortcut."""

    def __init__(self) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(_WIDTH, eps=1e-6)
        self.self_attention = nn.MultiheadAttention(_WIDTH, _HEADS, batch_first=True)
        self.ln_2 = nn.LayerNorm(_WIDTH, eps=1e-6)
        self.mlp = nn.Sequential(
            nn.Linear(_WIDTH, 4 * _WIDTH),
            nn.GELU(),
            nn.Dropout(0.0),
            nn.Linear(4 * _WIDTH, _WIDTH),
            nn.Dropout(0.0),
        )

    def forward(self, x: Tensor) -> Tensor:
        y = self.ln_1(x)
        x = x + self.self_attention(y, y, y, need_weights=False)[0]
        out: Tensor = x + self.mlp(self.ln_2(x))
        return out


class _Encoder(nn.Module):
    """Places are added, twelve layers follow."""

    def __init__(self) -> None:
        super().__init__()
        self.pos_embedding = nn.Parameter(0.02 * torch.randn(1, _GRID**2 + 1, _WIDTH))
        layers: OrderedDict[str, nn.Module] = OrderedDict()
        for i in range(_LAYERS):
            layers[f"encoder_layer_{i}"] = _Layer()
        self.layers = nn.Sequential(layers)
        self.ln = nn.LayerNorm(_WIDTH, eps=1e-6)

    def forward(self, tokens: Tensor, grid: int) -> Tensor:
        out: Tensor = self.ln(self.layers(tokens + self._places(grid)))
        return out

    def _places(self, grid: int) -> Tensor:
        """The places of a smaller or larger grid, between those that were trained."""
        if grid == _GRID:
            return self.pos_embedding
        own, rest = self.pos_embedding[:, :1], self.pos_embedding[:, 1:]
        square = rest.transpose(1, 2).reshape(1, _WIDTH, _GRID, _GRID)
        square = functional.interpolate(square, (grid, grid), mode="bicubic", align_corners=False)
        return torch.cat([own, square.flatten(2).transpose(1, 2)], dim=1)


class ViTB16(nn.Module):
    """(N, 1, 48, 48) in [-1, 1] to (N, classes) logits.

    Args:
        classes: outputs.
        side: pixels that the pictures are resized to, a multiple of 16.

    Raises:
        DataError: another side.
    """

    def __init__(self, classes: int = 7, side: int = 224) -> None:
        super().__init__()
        if side < _PATCH or side % _PATCH:
            raise DataError(
                f"ViT-B/16 takes pictures of a multiple of {_PATCH} pixels, not {side}."
            )
        self.grid = side // _PATCH
        self.door = Door(side)
        self.class_token = nn.Parameter(torch.zeros(1, 1, _WIDTH))
        self.conv_proj = nn.Conv2d(3, _WIDTH, _PATCH, _PATCH)
        self.encoder = _Encoder()
        self.heads = nn.Sequential(OrderedDict(head=nn.Linear(_WIDTH, classes)))

    def forward(self, pictures: Tensor) -> Tensor:
        patches = self.conv_proj(self.door(pictures)).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.class_token.expand(len(patches), -1, -1), patches], dim=1)
        logits: Tensor = self.heads(self.encoder(tokens, self.grid)[:, 0])
        return logits
