"""One picture of a stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from duchenne.notebook import tables

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture of a stream.

    Attributes:
        pixels: (H, W, 3) uint8 RGB, upright (rotation metadata already applied).
        index: place in the source, counted from 0 over all its frames, skipped ones too.
        time: seconds since the source's first frame, by the source's own clock.
    """

    pixels: NDArray[np.uint8]
    index: int
    time: float

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or self.pixels.dtype != np.uint8:
            raise ValueError(
                f"A frame is (H, W, 3) uint8 RGB, got {self.pixels.shape} {self.pixels.dtype}."
            )

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return int(self.pixels.shape[0])

    def plot(self) -> Figure:
        """The picture, its axes in pixels."""
        from duchenne.media.plotting import plot_frame

        return plot_frame(self)

    def _repr_html_(self) -> str:
        size = f"{self.width} × {self.height} px"
        return tables.noun("Frame", {"index": self.index, "time s": self.time, "size": size})
