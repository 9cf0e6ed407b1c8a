"""Conv4, the baseline of the five-class FER-2013 comparison (SYSTEMS S12; Amira, DSI-28, 2022).

Four valid 3x3 convolutions (128, 256, 512, 512 channels), each with ReLU, batch normalisation,
2x2 max pooling and dropout; hidden layers of 512 and 256 with ReLU and dropout; the output layer.
4,239,621 numbers with five classes, of which 2,816 are running statistics. The talk's table gives
shapes and counts; activations, dropout rates (0.25 after pooling, 0.5 after hidden layers) and
batch normalisation's constants (Keras's defaults) are ours.
"""

from __future__ import annotations

from torch import Tensor, nn

from duchenne.learning.networks.door import Door

_EVEN = (0.5, 0.5, 0.5)


def _block(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3),
        nn.ReLU(),
        nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01),
        nn.MaxPool2d(2),
        nn.Dropout(0.25),
    )


def _hidden(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.Linear(inputs, outputs), nn.ReLU(), nn.Dropout(0.5)]


class Conv4(nn.Module):
    """(N, 1, 48, 48) in [-1, 1] to (N, classes) logits; the grey channel is taken three times."""

    def __init__(self, classes: int = 5) -> None:
        super().__init__()
        self.door = Door(48, _EVEN, _EVEN)
        self.features = nn.Sequential(
            _block(3, 128), _block(128, 256), _block(256, 512), _block(512, 512)
        )
        self.head = nn.Sequential(
            nn.Flatten(), *_hidden(512, 512), *_hidden(512, 256), nn.Linear(256, classes)
        )

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.head(self.features(self.door(pictures)))
        return logits
