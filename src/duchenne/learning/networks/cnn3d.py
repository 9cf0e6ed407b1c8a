"""The thesis' plain networks over time: a 3D-CNN, and a CNN followed by an LSTM (SYSTEMS S7).

Gagatsis 2023, Maastricht University, sections 3.3 and 4.5. It gives no layers; these are the usual
small ones: pairs of convolution and pooling after Tran et al. 2015 (C3D, ICCV), and one LSTM layer
on a CNN's features after Donahue et al. 2015 (LRCN, CVPR).
"""

from __future__ import annotations

from typing import Final

from torch import Tensor, nn

from duchenne.learning.networks.door import he_normal
from duchenne.learning.networks.video_door import VideoDoor

_WIDTHS: Final = (16, 32, 64, 128)


class CNN3D(nn.Module):
    """(N, 1, T, h, w) grey in [-1, 1] to (N, classes) logits.

    Args:
        classes: outputs.
        side: pixels that the pictures are resized to, 16 at least.
        dropout: after each pooling (a quarter of it) and before the last layer; the thesis'
            "regularization".
        normalised: batch normalisation after every convolution, likewise.
    """

    def __init__(
        self, classes: int = 12, side: int = 64, dropout: float = 0.0, normalised: bool = False
    ) -> None:
        super().__init__()
        self.door = VideoDoor(side)
        layers: list[nn.Module] = []
        inputs = 3
        for place, width in enumerate(_WIDTHS):
            layers.append(nn.Conv3d(inputs, width, 3, padding=1, bias=not normalised))
            if normalised:
                layers.append(nn.BatchNorm3d(width))
            # The first pooling leaves time alone, as in C3D.
            pool = (1, 2, 2) if place == 0 else 2
            layers += [nn.ReLU(), nn.MaxPool3d(pool, ceil_mode=True), nn.Dropout(dropout / 4)]
            inputs = width
        self.features = nn.Sequential(*layers)
        self.pool = nn.AdaptiveAvgPool3d(1)
        self.hidden = nn.Sequential(nn.Flatten(), nn.Linear(inputs, 128), nn.ReLU())
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(128, classes)
        he_normal(self)

    def forward(self, clips: Tensor) -> Tensor:
        x = self.dropout(self.hidden(self.pool(self.features(self.door(clips)))))
        logits: Tensor = self.fc(x)
        return logits


class RegularisedCNN3D(CNN3D):
    """``CNN3D`` with dropout of one half and batch normalisation."""

    def __init__(self, classes: int = 12, side: int = 64) -> None:
        super().__init__(classes, side, dropout=0.5, normalised=True)


class CNNLSTM(nn.Module):
    """(N, 1, T, h, w) grey in [-1, 1] to (N, classes) logits.

    Args:
        classes: outputs.
        side: pixels that the pictures are resized to, 16 at least.
    """

    def __init__(self, classes: int = 12, side: int = 64) -> None:
        super().__init__()
        self.door = VideoDoor(side)
        layers: list[nn.Module] = []
        inputs = 3
        for width in _WIDTHS:
            layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
            inputs = width
        self.features = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(2), nn.Flatten())
        self.lstm = nn.LSTM(4 * inputs, 128, batch_first=True)
        self.fc = nn.Linear(128, classes)
        he_normal(self)

    def forward(self, clips: Tensor) -> Tensor:
        pictures = self.door(clips).transpose(1, 2)
        each = self.features(pictures.flatten(0, 1)).unflatten(0, pictures.shape[:2])
        outputs, _ = self.lstm(each)
        logits: Tensor = self.fc(outputs[:, -1])
        return logits
