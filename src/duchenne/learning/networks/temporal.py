"""The two-head temporal network that the thesis names as future work, over embeddings of the face.

A sequence of vectors, one a frame (an emotion network's embedding of the crop, measurements from
landmarks), goes through a gated recurrent unit (Cho et al. 2014) or a small transformer (Vaswani et
al. 2017), is pooled over time beside its own statistics, and read by two heads.
"""

from __future__ import annotations

import math
from typing import Final, Literal

import torch
from torch import Tensor, nn

from duchenne.learning.networks.two_tasks import EMOTIONS, KINDS

Encoder = Literal["gru", "transformer", "none"]
_LEAST: Final = -1e4


class TemporalNetwork(nn.Module):
    """(N, T, features) and (N, T) bool, which frames there are, to (N, 6) and (N, 2) logits.

    Args:
        features: numbers a frame.
        encoder: what looks along time; ``none``: statistics of the frames alone.
        width: of the inner vectors.
        dropout: on the way in and before the heads.
        noise: standard deviation of Gaussian noise on the inputs in training.
        emotions: how many there are.
    """

    def __init__(
        self,
        features: int,
        encoder: Encoder = "gru",
        width: int = 64,
        dropout: float = 0.5,
        noise: float = 0.0,
        emotions: int = EMOTIONS,
    ) -> None:
        super().__init__()
        self.noise = noise
        self.entrance = nn.Sequential(
            nn.Dropout(dropout / 2), nn.Linear(features, width), nn.LayerNorm(width), nn.GELU()
        )
        self.encoder = _encoder(encoder, width, dropout)
        self.dropout = nn.Dropout(dropout)
        self.emotion = _head(width, emotions)
        self.genuine = _head(width, KINDS)

    def forward(self, sequences: Tensor, there: Tensor) -> tuple[Tensor, Tensor]:
        if self.training and self.noise:
            sequences = sequences + self.noise * torch.randn_like(sequences)
        x = self.entrance(sequences)
        if self.encoder is not None:
            x = self.encoder(x, there)
        pooled = self.dropout(_pool(x, there))
        return self.emotion(pooled), self.genuine(pooled)


class _Recurrent(nn.Module):
    """Both directions; beside the input, so that training starts from the plain frames."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gru = nn.GRU(width, width // 2, batch_first=True, bidirectional=True)

    def forward(self, x: Tensor, there: Tensor) -> Tensor:
        lengths = there.sum(1).clamp(min=1).cpu()
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, True, enforce_sorted=False)
        outputs, _ = nn.utils.rnn.pad_packed_sequence(self.gru(packed)[0], True, 0.0, x.shape[1])
        return x + outputs


class _Attentive(nn.Module):
    """Two layers of attention over the frames, which know their place (sines, as in the paper)."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        layer = nn.TransformerEncoderLayer(
            width, 4, 2 * width, dropout / 2, "gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)

    def forward(self, x: Tensor, there: Tensor) -> Tensor:
        out: Tensor = self.layers(x + _places(x.shape[1], x.shape[2]).to(x), None, ~there)
        return out


def _head(width: int, classes: int) -> nn.Module:
    return nn.Sequential(nn.Linear(4 * width, width), nn.ReLU(), nn.Linear(width, classes))


def _encoder(kind: Encoder, width: int, dropout: float) -> nn.Module | None:
    if kind == "gru":
        return _Recurrent(width)
    return _Attentive(width, dropout) if kind == "transformer" else None


def _places(count: int, width: int) -> Tensor:
    """(count, width) sines and cosines (Vaswani et al. 2017, section 3.5)."""
    speed = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000.0) / width))
    angle = torch.arange(count)[:, None] * speed
    return torch.stack([angle.sin(), angle.cos()], dim=2).flatten(1)[:, :width]


def _pool(x: Tensor, there: Tensor) -> Tensor:
    """Mean, spread, highest value, and mean step from frame to frame, of the frames there are."""
    known = there.unsqueeze(2).to(x)
    count = known.sum(1).clamp(min=1)
    mean = (x * known).sum(1) / count
    spread = (((x - mean.unsqueeze(1)) ** 2 * known).sum(1) / count + 1e-6).sqrt()
    highest = x.masked_fill(~there.unsqueeze(2), _LEAST).amax(1)
    both = known[:, 1:] * known[:, :-1]
    steps = ((x[:, 1:] - x[:, :-1]).abs() * both).sum(1) / both.sum(1).clamp(min=1)
    return torch.cat([mean, spread, highest, steps], dim=1)
