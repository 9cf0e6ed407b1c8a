"""Who is who in a stretch of video, decided later.

A worker that begins in the middle of a video does not know who was seen before. Where faces
lie never depends on that (``duchenne.faces.identity``); only their numbers do. So it takes notes of
what the numbers are made from, and when the stretches are joined, in order, the faces are named as
one run over the whole video would have named them.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from duchenne.errors import DataError, reason
from duchenne.faces import FaceTracker
from duchenne.faces.faces import LANDMARKS
from duchenne.faces.identity import Identities
from duchenne.faces.landmarker import Located
from duchenne.faces.people import TrackerState
from duchenne.faces.shape import LANDMARKS_USED
from duchenne.files import in_one_step

_USED: Final = list(LANDMARKS_USED)
# No shape looks at this landmark: it holds the highest x and y, the other unused ones the lowest.
_HIGH: Final = next(i for i in range(LANDMARKS) if i not in LANDMARKS_USED)


@dataclass(frozen=True, eq=False)
class Notes:
    """What the numbers of n faces in f frames are made from, in the order of their rows.

    Attributes:
        size: (2,) height and width of the frames, in pixels.
        times: (f,) float64, seconds.
        counts: (f,) int64, faces in each frame.
        handles: (n,) int64, the follower's own numbers, which begin again at a fresh start.
        boxes: (n, 2, 2) float32, lowest and highest x and y of the landmarks, in pixels.
        points: (n, 36, 3) float32, the landmarks that the shape of a face is made from.
    """

    size: NDArray[np.int64]
    times: NDArray[np.float64]
    counts: NDArray[np.int64]
    handles: NDArray[np.int64]
    boxes: NDArray[np.float32]
    points: NDArray[np.float32]

    def save(self, path: Path) -> None:
        """Write a file in one step."""
        packed = io.BytesIO()
        np.savez(packed, **vars(self))
        with in_one_step(path) as fresh:
            fresh.write_bytes(packed.getvalue())

    @classmethod
    def load(cls, path: Path) -> Notes:
        """Read what ``save`` wrote.

        Raises:
            DataError: it is something else.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                notes = cls(**dict(file))
            n = int(notes.counts.sum())
            if {len(notes.handles), len(notes.boxes), len(notes.points)} != {n}:
                raise ValueError("its parts do not fit")
        # A damaged zip file can raise almost any exception.
        except Exception as error:
            raise DataError(
                f"{path} cannot be read as a worker's notes: {reason(error)}."
            ) from error
        return notes

    def faces(self, first: int, count: int) -> dict[int, Located]:
        """The faces of the rows from ``first`` on, as far as ``Identities`` looks at them."""
        return {
            int(self.handles[i]): Located(self._landmarks(i), 0.0)
            for i in range(first, first + count)
        }

    def _landmarks(self, row: int) -> NDArray[np.float32]:
        low, high = self.boxes[row]
        landmarks = np.zeros((LANDMARKS, 3), np.float32)
        landmarks[:, :2] = low
        landmarks[_HIGH, :2] = high
        landmarks[_USED] = self.points[row]
        return landmarks


@dataclass(frozen=True, eq=False)
class _Seen:
    time: float
    size: tuple[int, int]
    faces: list[tuple[int, Located]]


class NotingIdentities(Identities):
    """Names faces, and notes what it was shown.

    Attributes:
        seen: frame by frame, the faces in the order of their numbers.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[_Seen] = []

    def name(
        self, faces: dict[int, Located], shape: tuple[int, ...], time: float
    ) -> dict[int, int]:
        """As ``Identities.name``."""
        ids = super().name(faces, shape, time)
        ordered = sorted(faces, key=ids.__getitem__)
        self.seen.append(_Seen(time, (shape[0], shape[1]), [(h, faces[h]) for h in ordered]))
        return ids


class NotingTracker(FaceTracker):
    """A tracker that takes notes where it is asked to.

    Attributes:
        noting: whether; to be set before ``reset``.
    """

    noting = False

    def restore(self, state: TrackerState) -> None:
        """As ``FaceTracker.restore``."""
        super().restore(state)
        if self.noting:
            self._identities = NotingIdentities()
            self._identities.restore(state)

    def take_notes(self) -> Notes:
        """The notes since they were last taken."""
        assert isinstance(self._identities, NotingIdentities)
        seen, self._identities.seen = self._identities.seen, []
        faces = [pair for frame in seen for pair in frame.faces]
        points = [face.landmarks for _, face in faces]
        plane = np.array(points, np.float32).reshape(-1, LANDMARKS, 3)
        return Notes(
            size=np.array(seen[0].size if seen else (0, 0), np.int64),
            times=np.array([frame.time for frame in seen], np.float64),
            counts=np.array([len(frame.faces) for frame in seen], np.int64),
            handles=np.array([handle for handle, _ in faces], np.int64),
            boxes=np.stack([plane[..., :2].min(axis=1), plane[..., :2].max(axis=1)], axis=1),
            points=plane[:, _USED],
        )


def renamed(rows: pa.Table, notes: Notes, identities: Identities) -> pa.Table:
    """The rows of a piece with the numbers that a run over the whole video gives its faces.

    Args:
        rows: as the worker wrote them.
        notes: of the same frames.
        identities: who is known from the frames before; knows those of this piece afterwards.

    Raises:
        DataError: rows and notes do not belong together.
    """
    # A frame without a face has a row of its own, and no notes.
    if int(np.maximum(notes.counts, 1).sum()) != rows.num_rows:
        raise DataError("A worker's rows and notes do not belong together: run the batch again.")
    numbers = rows["face_id"].to_numpy().copy()
    order = np.arange(rows.num_rows)
    row = face = 0
    for time, count in zip(notes.times.tolist(), notes.counts.tolist(), strict=True):
        ids = identities.name(notes.faces(face, count), tuple(notes.size.tolist()), time)
        if count:
            mine = slice(row, row + count)
            numbers[mine] = [ids[int(h)] for h in notes.handles[face : face + count]]
            order[mine] = row + np.argsort(numbers[mine], kind="stable")
        row, face = row + max(count, 1), face + count
    place = rows.column_names.index("face_id")
    named = rows.set_column(place, rows.schema.field(place), pa.array(numbers, pa.int32()))
    return named.take(order)
