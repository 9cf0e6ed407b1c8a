"""The way from our grey faces to the colour pictures that published networks were trained on."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from duchenne.errors import DataError

Colour = tuple[float, float, float]

IMAGENET_MEAN: Final[Colour] = (0.485, 0.456, 0.406)
IMAGENET_STD: Final[Colour] = (0.229, 0.224, 0.225)


class Door(nn.Module):
    """(N, 1, h, w) grey in [-1, 1] to (N, 3, side, side), normalised as a published network wants.

    It has no weights, so that the network around it keeps the published file's names.

    Args:
        side: pixels; pictures of another size are resized (bilinear).
        mean: of the channels, on a scale of 0 to 1.
        std: of the channels, on the same scale.
    """

    scale: Tensor
    shift: Tensor

    def __init__(self, side: int, mean: Colour = IMAGENET_MEAN, std: Colour = IMAGENET_STD) -> None:
        super().__init__()
        self.side = side
        means, stds = torch.tensor(mean).view(1, 3, 1, 1), torch.tensor(std).view(1, 3, 1, 1)
        self.register_buffer("scale", 0.5 / stds, persistent=False)
        self.register_buffer("shift", (0.5 - means) / stds, persistent=False)

    def forward(self, pictures: Tensor) -> Tensor:
        """The pictures as the network wants them.

        Raises:
            DataError: they are not (N, 1, h, w).
        """
        if pictures.ndim != 4 or pictures.shape[1] != 1:
            raise DataError(
                f"A network takes grey pictures as (N, 1, h, w), not {tuple(pictures.shape)}: "
                "make them so first (learning.augment.to_input)."
            )
        if pictures.shape[-2:] != (self.side, self.side):
            pictures = functional.interpolate(
                pictures, (self.side, self.side), mode="bilinear", align_corners=False
            )
        return pictures * self.scale + self.shift


def he_normal(network: nn.Module) -> None:
    """Draw all convolutions' weights after He et al. 2015, by the fan out; their biases are 0."""
    for part in network.modules():
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight, mode="fan_out", nonlinearity="relu")
            if part.bias is not None:
                nn.init.zeros_(part.bias)
