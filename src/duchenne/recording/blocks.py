"""Frames described together: what is done once a block is not done once a frame.

Between two frames the face networks fill the processor's caches with their own weights, and
everything else that runs once a frame runs cold, at three to ten times its cost. So frames wait,
with their faces found, until there is a block of them. No number depends on which frames share a
block.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from duchenne.action_units.intensities import to_intensities
from duchenne.emotion.crops import grey_crops
from duchenne.faces import Faces, FaceTracker
from duchenne.faces.landmarker import Sighting
from duchenne.media.frame import Frame
from duchenne.recording.describing import Describer
from duchenne.recording.rows import Rows

_FRAMES: Final = 32
# Frames wait with their pixels: a second of 640 x 480, a single picture of 8k.
_BYTES: Final = 32_000_000


class BlockDescriber(Describer):
    """Describes the faces of many frames at once."""

    def describe(
        self, frames: Sequence[Frame], sightings: Sequence[Sighting], faces: Faces
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Emotions (n, 7) and Action Units (n, 45) of all n faces of these frames.

        The Action Units are against the middle of many relaxed faces: a stretch of a source does
        not know the person's own.

        Args:
            frames: with their pixels.
            sightings: who was found in each of them.
            faces: all of these, described, in their order.
        """
        crops = [
            grey_crops(frame.pixels, sighting.landmarks)
            for frame, sighting in zip(frames, sightings, strict=True)
        ]
        emotions = self._classifier.predict(np.concatenate(crops))
        return emotions, to_intensities(self.readings(faces))


class Block:
    """Gathers frames, and hands out their rows.

    Args:
        tracker: which found the faces.
        describer: of the faces.
    """

    def __init__(self, tracker: FaceTracker, describer: BlockDescriber) -> None:
        self._tracker, self._describer = tracker, describer
        self._waiting: list[tuple[Frame, Sighting]] = []
        self._bytes = self._length = 0
        self._rows = Rows()

    def __len__(self) -> int:
        """Rows since they were last taken."""
        return self._length

    def add(self, frame: Frame, sighting: Sighting) -> None:
        """The next frame, and who was found in it."""
        self._waiting.append((frame, sighting))
        self._bytes += frame.pixels.nbytes
        self._length += max(len(sighting.faces), 1)
        if len(self._waiting) >= _FRAMES or self._bytes >= _BYTES:
            self._describe()

    def take(self) -> pa.Table:
        """The rows of all frames since they were last taken."""
        if self._waiting:
            self._describe()
        self._length = 0
        return self._rows.take()

    def _describe(self) -> None:
        frames, sightings = zip(*self._waiting, strict=True)
        faces = self._tracker.describe(sightings)
        emotions, units = self._describer.describe(frames, sightings, faces)
        # Only now, so that a Ctrl-C above leaves them waiting.
        self._waiting, self._bytes = [], 0
        self._rows.extend(frames, [len(s.faces) for s in sightings], faces, emotions, units)
