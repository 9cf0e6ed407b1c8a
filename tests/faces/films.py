"""Films of moving heads, cut out of pictures and laid over each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from duchenne.faces import FaceNetworks, Faces, FaceTracker
from duchenne.media.frame import Frame

FPS = 12.5
WIDTH, HEIGHT = 640, 360
MIDDLE = HEIGHT / 2
_PAD = 250


@dataclass(frozen=True, eq=False)
class Head:
    """A head (h, w, 3) and how much of it covers what is behind (h, w, 1), from 0 to 1."""

    pixels: NDArray[np.uint8]
    alpha: NDArray[np.float32]

    @classmethod
    def cut(
        cls, networks: FaceNetworks, picture: NDArray[np.uint8], width: float = 110.0,
    ) -> Head:  # fmt: skip
        """The face of a picture at a width in pixels, with its hair."""
        x, y, w, h = FaceTracker(networks=networks, max_faces=1).still(picture).boxes[0]
        left, top = max(int(x - 0.25 * w), 0), max(int(y - 0.35 * h), 0)
        crop = picture[top : int(y + 1.15 * h), left : int(x + 1.25 * w)]
        return cls._framed(cv2.resize(crop, None, fx=width / w, fy=width / w, interpolation=3))

    def squeezed(self, across: float) -> Head:
        """Made narrower: another person, as shapes go."""
        return self._framed(cv2.resize(self.pixels, None, fx=across, fy=1, interpolation=3))

    def turned(self, yaw: float) -> Head:
        """Turned to the side by degrees, as if printed on an upright cylinder."""
        height, width = self.pixels.shape[:2]
        angle = np.arcsin(np.linspace(-1, 1, width)) - np.radians(yaw)
        source = (np.sin(np.clip(angle, -np.pi / 2, np.pi / 2)) + 1) * (width - 1) / 2
        across = np.tile(source.astype(np.float32), (height, 1))
        down = np.tile(np.arange(height, dtype=np.float32)[:, None], (1, width))
        return self._framed(cv2.remap(self.pixels, across, down, cv2.INTER_LINEAR))

    @classmethod
    def _framed(cls, pixels: NDArray[Any]) -> Head:
        height, width = pixels.shape[:2]
        mask = np.zeros((height, width), np.float32)
        axes = (int(width * 0.47), int(height * 0.49))
        cv2.ellipse(mask, (width // 2, height // 2), axes, 0, 0, 360, 1.0, -1)
        soft = np.asarray(cv2.GaussianBlur(mask, (9, 9), 3), np.float32)
        return cls(pixels, soft[..., None])


def scene(*heads: tuple[Head, float, float]) -> NDArray[np.uint8]:
    """Heads with their middles at x and y, the last in front; outside the picture is fine."""
    ramp = np.linspace(60, 190, WIDTH, dtype=np.float32)[None, :, None]
    canvas = np.pad(
        np.tile(ramp, (HEIGHT, 1, 3)), ((_PAD, _PAD), (_PAD, _PAD), (0, 0)), mode="edge"
    )
    for head, x, y in heads:
        height, width = head.pixels.shape[:2]
        left, top = round(x - width / 2) + _PAD, round(y - height / 2) + _PAD
        under = canvas[top : top + height, left : left + width]
        under += head.alpha * (head.pixels - under)
    return canvas[_PAD:-_PAD, _PAD:-_PAD].astype(np.uint8)


def frames(pictures: Sequence[NDArray[np.uint8]], start: float = 0.0) -> list[Frame]:
    return [Frame(pixels, i, start + i / FPS) for i, pixels in enumerate(pictures)]


def followed(tracker: FaceTracker, pictures: Sequence[NDArray[np.uint8]]) -> list[Faces]:
    return [tracker.process(frame) for frame in frames(pictures)]


def by_place(faces: Faces) -> list[int]:
    """Track ids from left to right."""
    return [int(i) for i in faces.track_ids[np.argsort(faces.boxes[:, 0])]]


def crossing(first: Head, second: Head, steps: int = 24) -> list[NDArray[np.uint8]]:
    """The first walks from left to right, behind the second, who comes the other way."""
    ways = np.concatenate([np.zeros(4), np.linspace(0, 1, steps), np.ones(5)])
    return [
        scene((first, 120 + 400 * way, MIDDLE), (second, 520 - 400 * way, MIDDLE + 5))
        for way in ways
    ]


def meeting(first: Head, second: Head, steps: int = 24) -> list[NDArray[np.uint8]]:
    """They walk until one covers the other, and back again."""
    ways = np.concatenate([np.zeros(4), 1 - np.abs(np.linspace(-1, 1, steps)), np.zeros(5)])
    return [
        scene((first, 120 + 190 * way, MIDDLE), (second, 520 - 190 * way, MIDDLE + 5))
        for way in ways
    ]


def away(
    head: Head, seconds: float, *, other_side: bool, back: Head | None = None
) -> list[NDArray[np.uint8]]:
    """Out of the picture on the left; somebody, by default the same, comes back after a while."""
    out = [scene((head, 150 - 24 * i, MIDDLE)) for i in range(12)]
    there = [-110 + 24 * i for i in range(14)]
    places = [WIDTH - x for x in there] if other_side else there
    empty = [scene()] * round(seconds * FPS)
    return [*out, *empty, *(scene((back or head, x, MIDDLE)) for x in places)]
