"""EmotionCNN, the seven-class network of the GenuEmotion student project (SYSTEMS S1).

Three pairs of 3x3 convolutions (64, 128, 256 channels), each followed by batch normalisation
and ReLU; 2x2 max pooling and dropout 0.25 after each pair; a hidden layer of 256 with batch
normalisation, ReLU and dropout 0.5; the output layer. Errante and Micarelli, Sapienza 2025.
"""

from __future__ import annotations

from torch import Tensor, nn


def _convolution(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]


def _pair(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        *_convolution(inputs, outputs),
        *_convolution(outputs, outputs),
        nn.MaxPool2d(2),
        nn.Dropout(0.25),
    )


class EmotionCNN(nn.Module):
    """(N, 1, 48, 48) in [-1, 1] to (N, classes) logits."""

    def __init__(self, classes: int = 7) -> None:
        super().__init__()
        self.features = nn.Sequential(_pair(1, 64), _pair(64, 128), _pair(128, 256))
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Linear(256 * 6 * 6, 256),
            nn.BatchNorm1d(256),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.Linear(256, classes),
        )

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.head(self.features(pictures))
        return logits
