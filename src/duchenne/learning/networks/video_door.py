"""The way from our grey face sequences to the colour clips that published networks know."""

from __future__ import annotations

from typing import Final

from torch import Tensor, nn

from duchenne.errors import DataError
from duchenne.learning.networks.door import Colour, Door

KINETICS_MEAN: Final[Colour] = (0.45, 0.45, 0.45)
KINETICS_STD: Final[Colour] = (0.225, 0.225, 0.225)


class VideoDoor(nn.Module):
    """(N, 1, T, h, w) grey in [-1, 1] to (N, 3, T, side, side), normalised.

    It has no weights, so that the network around it keeps the published file's names.

    Args:
        side: pixels; pictures of another size are resized (bilinear).
        mean: of the channels, on a scale of 0 to 1.
        std: of the channels, on the same scale.
    """

    def __init__(self, side: int, mean: Colour = KINETICS_MEAN, std: Colour = KINETICS_STD) -> None:
        super().__init__()
        self.door = Door(side, mean, std)

    def forward(self, clips: Tensor) -> Tensor:
        """The clips as the network wants them.

        Raises:
            DataError: they are not (N, 1, T, h, w).
        """
        if clips.ndim != 5 or clips.shape[1] != 1:
            raise DataError(
                f"A video network takes grey clips as (N, 1, T, h, w), not {tuple(clips.shape)}."
            )
        count, _, time = clips.shape[:3]
        pictures: Tensor = self.door(clips.transpose(1, 2).flatten(0, 1))
        return pictures.reshape(count, time, *pictures.shape[1:]).transpose(1, 2)
