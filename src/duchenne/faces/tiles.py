"""Looks for small faces: the detector on overlapping squares of the frame, coarse to fine.

BlazeFace sees faces from about an eighth of its picture's side on. Each level halves the square,
and neighbours overlap by a quarter, so that a face lies whole in a square of the level that can
see it: 640 pixel squares for faces from about 80 pixels, 320 for 40, 213 for 27.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.faces.detectors import Detection, Detector

_OVERLAP: Final = 0.25
# Smaller squares would show faces of fewer than 25 pixels, too coarse for landmarks.
_SMALLEST: Final = 200


@dataclass(frozen=True)
class Tile:
    """A square of the frame: upper left corner and side in pixels."""

    x: int
    y: int
    side: int

    def search(self, pixels: NDArray[np.uint8], detect: Detector) -> list[Detection]:
        """What the detector finds in this square, in the frame's coordinates."""
        part = pixels[self.y : self.y + self.side, self.x : self.x + self.side]
        return [self._placed(found) for found in detect(part)]

    def _placed(self, found: Detection) -> Detection:
        shift = np.array([self.x, self.y, 0, 0], np.float32)
        region = found.region
        region = replace(region, x=region.x + self.x, y=region.y + self.y)
        return replace(found, box=found.box + shift, region=region)


def tiles(shape: tuple[int, ...]) -> list[Tile]:
    """All squares of a frame of shape (H, W, ...), largest first, whole rows at a time."""
    height, width = shape[:2]
    return [
        Tile(x, y, side)
        for side in _sides(max(height, width))
        for y in _starts(height, side)
        for x in _starts(width, side)
    ]


def _sides(longest: int) -> Iterator[int]:
    side = longest / 2
    while side >= _SMALLEST:
        yield round(side)
        # The last step is never more than a halving, and ends at the smallest square.
        side = side / 2 if side / 2 >= _SMALLEST or side <= _SMALLEST * 1.2 else _SMALLEST


def _starts(length: int, side: int) -> list[int]:
    """Where squares begin along one side of the frame: evenly, overlapping by a quarter or more."""
    if length <= side:
        return [0]
    count = int(np.ceil((length - side) / (side * (1 - _OVERLAP)))) + 1
    return [round(place) for place in np.linspace(0, length - side, count)]
