"""Streams of frames for the live rooms: the astronaut standing still, and what stands in for an
engine's networks where only time matters."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.recipes import READINGS
from duchenne.app.memory import Look
from duchenne.emotion.labels import EMOTIONS
from duchenne.faces import Faces
from duchenne.media import Frame


def still_life(
    pixels: NDArray[np.uint8], seconds: float, rate: float = 10.0, begin: float = 0.0
) -> Iterator[Frame]:
    """The same picture over and over."""
    for index in range(round(seconds * rate)):
        yield Frame(pixels, index, begin + index / rate)


def empty_look(index: int, time: float) -> Look:
    """A frame without a face."""
    return Look(
        Frame(np.zeros((4, 6, 3), np.uint8), index, time),
        Faces.empty(),
        np.zeros((0, len(EMOTIONS)), np.float32),
        np.zeros((0, len(READINGS)), np.float32),
        np.zeros((0, 45), np.float32),
    )


def some_faces(ids: list[int], turned: float = 0.0) -> Faces:
    """Faces of these numbers, turned by so many degrees."""
    count = len(ids)
    poses = np.zeros((count, 6), np.float32)
    poses[:, 1] = turned
    return Faces(
        boxes=np.ones((count, 4), np.float32),
        scores=np.ones(count, np.float32),
        landmarks=np.zeros((count, 478, 3), np.float32),
        poses=poses,
        blendshapes=np.zeros((count, 52), np.float32),
        track_ids=np.array(ids, np.int64),
    )
