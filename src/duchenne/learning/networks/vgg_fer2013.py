"""The VGG for FER-2013 of Khaireddin and Chen 2021: the highest published single-network accuracy.

Facial emotion recognition: state of the art performance on FER2013 (arXiv:2105.03588): 73.28 % of
PrivateTest, with ten crops a picture. Four stages (64, 128, 256, 512 channels) of two 3x3
convolutions, each with batch normalisation and ReLU, and 2x2 max pooling; two hidden layers of
4,096 with dropout and ReLU; the output layer. 29,890,759 parameters with seven classes.
"""

from __future__ import annotations

from typing import Final

from torch import Tensor, nn

from duchenne.learning.networks.door import he_normal

_CHANNELS: Final = (64, 128, 256, 512)
_HIDDEN: Final = 4096
_SIDE: Final = 40
_BORDER: Final = (48 - _SIDE) // 2


def _stage(inputs: int, outputs: int) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for channels in (inputs, outputs):
        layers += [nn.Conv2d(channels, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]
    return [*layers, nn.MaxPool2d(2)]


class VGGFer2013(nn.Module):
    """(N, 1, 48, 48) in [-1, 1] to (N, classes) logits, from the middle 40 x 40 pixels.

    The paper averages its answers for ten crops of 40 x 40; here shifts of the training pictures
    take the place of crops, and a face costs one pass.

    Args:
        classes: outputs.
        dropout: in the hidden layers.
    """

    def __init__(self, classes: int = 7, dropout: float = 0.2) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in zip((1, *_CHANNELS), _CHANNELS, strict=False):
            layers += _stage(inputs, outputs)
        self.features = nn.Sequential(*layers)
        self.hidden = nn.Sequential(
            nn.Flatten(),
            nn.Linear(_CHANNELS[-1] * 2 * 2, _HIDDEN),
            nn.Dropout(dropout),
            nn.ReLU(),
            nn.Linear(_HIDDEN, _HIDDEN),
            nn.Dropout(dropout),
            nn.ReLU(),
        )
        self.fc = nn.Linear(_HIDDEN, classes)
        he_normal(self)

    def forward(self, pictures: Tensor) -> Tensor:
        middle = pictures[..., _BORDER : _BORDER + _SIDE, _BORDER : _BORDER + _SIDE]
        logits: Tensor = self.fc(self.hidden(self.features(middle)))
        return logits
