"""Gathers what was found frame by frame and hands it out as Arrow tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
        self._keys: list[tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]] = []
        self._values: list[NDArray[np.float32]] = []
        self._landmarks: list[NDArray[np.float32]] = []

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
        self.extend([frame], [len(faces)], faces, emotions, action_units)

    def extend(
        self,
        frames: Sequence[Frame],
        counts: Sequence[int],
        faces: Faces,
        emotions: NDArray[np.float32],
        action_units: NDArray[np.float32],
    ) -> None:
        """As ``add``, for many frames at once.

        Args:
            frames: in their order.
            counts: how many of the faces were found in each.
            faces: all of them, n together.
            emotions: (n, 7) probabilities.
            action_units: (n, 45) intensities, in the order of ``INTENSITIES``.
        """
        rows = np.maximum(counts, 1)
        found = np.repeat(np.asarray(counts) > 0, rows)
        ids = np.full(len(found), NO_FACE, np.int64)
        ids[found] = faces.track_ids
        indices = np.repeat([frame.index for frame in frames], rows)
        self._keys.append((indices, np.repeat([frame.time for frame in frames], rows), ids))
        values = np.full((len(found), _WIDTH), np.nan, np.float32)
        values[:, 1] = 0.0
        seen = np.ones((len(faces), 1), np.float32)
        groups = (faces.scores[:, None], seen, faces.boxes, faces.poses, emotions, action_units)
        values[found] = np.concatenate([*groups, faces.blendshapes], axis=1)
        self._values.append(values)
        landmarks = np.full((len(found), LANDMARKS * 3), np.nan, np.float32)
        # Steps of 1/32 pixel are finer than the networks' noise and compress three times better.
        rounded = np.round(faces.landmarks * _STEPS_A_PIXEL) / _STEPS_A_PIXEL
        landmarks[found] = rounded.reshape(len(faces), LANDMARKS * 3)
        self._landmarks.append(landmarks)

    def take(self) -> pa.Table:
        """The rows gathered so far as a table of ``SCHEMA``; the gathering starts afresh."""
        kinds = (pa.int32(), pa.float64(), pa.int32())
        keys = zip(*self._keys, strict=True) if self._keys else ([()], [()], [()])
        columns: list[pa.Array] = [
            pa.array(np.concatenate(part), kind) for part, kind in zip(keys, kinds, strict=True)
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
