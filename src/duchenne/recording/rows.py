"""Gathers what was found frame by frame and hands it out as Arrow tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from duchenne.action_units.names import INTENSITIES
from duchenne.emotion.labels import EMOTIONS
from duchenne.faces.blendshapes import BLENDSHAPES
from duchenne.faces.faces import LANDMARKS, POSE, Faces
from duchenne.media.frame import Frame
from duchenne.recording.columns import NO_FACE, SCHEMA

_STEPS_A_PIXEL: Final = 32
# success, box, pose, emotions, AUs, blendshapes: everything between `face_id` and `landmarks`.
_WIDTH: Final = 2 + 4 + len(POSE) + len(EMOTIONS) + len(INTENSITIES) + len(BLENDSHAPES)


class Rows:
    """Rows waiting to be written."""

    def __init__(self) -> None:
        self._start_afresh()

    def _start_afresh(self) -> None:
        self._keys: list[tuple[int, float, int]] = []
        self._values: list[NDArray[np.float32]] = []
        self._landmarks: list[NDArray[np.float32]] = []

    def __len__(self) -> int:
        return len(self._keys)

    def add(
        self,
        frame: Frame,
        faces: Faces,
        emotions: NDArray[np.float32],
        action_units: NDArray[np.float32],
    ) -> None:
        """One row for each face of a frame, or one empty row for a frame without.

        Args:
            frame: where they were found.
            faces: n of them.
            emotions: (n, 7) probabilities.
            action_units: (n, 45) intensities, in the order of ``INTENSITIES``.
        """
        if len(faces) == 0:
            self._keys.append((frame.index, frame.time, NO_FACE))
            empty = np.full(_WIDTH, np.nan, np.float32)
            empty[1] = 0.0
            self._values.append(empty[None])
            self._landmarks.append(np.full((1, LANDMARKS * 3), np.nan, np.float32))
            return
        self._keys += [(frame.index, frame.time, int(i)) for i in faces.track_ids]
        seen = np.ones((len(faces), 1), np.float32)
        groups = (faces.scores[:, None], seen, faces.boxes, faces.poses, emotions, action_units)
        self._values.append(np.concatenate([*groups, faces.blendshapes], axis=1))
        # Steps of 1/32 pixel are finer than the networks' noise and compress three times better.
        rounded = np.round(faces.landmarks * _STEPS_A_PIXEL) / _STEPS_A_PIXEL
        self._landmarks.append(rounded.reshape(len(faces), -1).astype(np.float32))

    def take(self) -> pa.Table:
        """The rows gathered so far as a table of ``SCHEMA``; the gathering starts afresh."""
        frames, times, ids = zip(*self._keys, strict=True) if self._keys else ((), (), ())
        columns: list[pa.Array] = [
            pa.array(frames, pa.int32()),
            pa.array(times, pa.float64()),
            pa.array(ids, pa.int32()),
        ]
        empty = np.zeros((0, _WIDTH), np.float32)
        values = np.ascontiguousarray(np.concatenate([empty, *self._values]).T)
        names = SCHEMA.names[3:-1]
        columns += [_column(name, row) for name, row in zip(names, values, strict=True)]
        columns.append(_fixed_size(self._landmarks))
        self._start_afresh()
        return pa.Table.from_arrays(columns, schema=SCHEMA)


def _column(name: str, values: NDArray[np.float32]) -> pa.Array:
    kind = SCHEMA.field(name).type
    if pa.types.is_integer(kind):
        return pa.array(values.astype(np.int8), kind)
    return pa.array(values, kind)


def _fixed_size(blocks: Iterable[NDArray[np.float32]]) -> pa.Array:
    flat = np.concatenate([np.zeros(0, np.float32), *(block.reshape(-1) for block in blocks)])
    return pa.FixedSizeListArray.from_arrays(pa.array(flat, pa.float32()), LANDMARKS * 3)
