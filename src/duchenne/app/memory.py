"""What a live analysis remembers: the last seconds, and each face's quieter moments of a minute."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from duchenne.action_units.intensities import to_intensities
from duchenne.action_units.neutral import Neutral, quiet_frames
from duchenne.faces import Faces
from duchenne.media.frame import Frame
from duchenne.recording.rows import Rows

REST_S: Final = 60.0
"""A face at rest is looked for among its last minute."""

# A tenth of a second tells a face at rest as well as each of its frames.
_SAMPLE_EVERY_S: Final = 0.1
_LEARN_EVERY_S: Final = 1.0
_LET_GO: Final = np.zeros((1, 1, 3), np.uint8)


@dataclass(frozen=True, eq=False)
class Look:
    """What was seen in one frame of a stream.

    Attributes:
        frame: the picture, by the stream's own index and time.
        faces: n of them.
        emotions: (n, 7) float32, probabilities in the order of ``EMOTIONS``.
        readings: (n, 31) float32, raw readings of the muscles in the order of ``READINGS``.
        action_units: (n, 45) float32, 0 to 5 in the order of ``INTENSITIES``, against each
            face's own rest as far as it was known by then.
    """

    frame: Frame
    faces: Faces
    emotions: NDArray[np.float32]
    readings: NDArray[np.float32]
    action_units: NDArray[np.float32]

    @property
    def largest(self) -> int | None:
        """Place of the largest face; None where there is none."""
        boxes = self.faces.boxes
        return int(np.argmax(boxes[:, 2] * boxes[:, 3])) if len(boxes) else None


class RestingFaces:
    """Learns each face's rest from its quieter frames (``duchenne.action_units.neutral``)."""

    def __init__(self) -> None:
        self._samples: dict[int, deque[tuple[float, NDArray[np.float32], float]]] = {}
        self._known: dict[int, tuple[float, Neutral]] = {}

    def learn(self, time: float, faces: Faces, readings: NDArray[np.float32]) -> None:
        """Take in the faces of a frame, with their raw readings (n, 31)."""
        turned = np.hypot(faces.poses[:, 0], faces.poses[:, 1])
        for place, face_id in enumerate(faces.track_ids.tolist()):
            samples = self._samples.setdefault(face_id, deque())
            if not samples or time - samples[-1][0] >= _SAMPLE_EVERY_S:
                samples.append((time, readings[place], float(turned[place])))
            while time - samples[0][0] > REST_S:
                samples.popleft()
        for face_id in [i for i, s in self._samples.items() if time - s[-1][0] > REST_S]:
            # Long gone: its number will not come back.
            del self._samples[face_id]
            self._known.pop(face_id, None)

    def of(self, face_id: int, time: float) -> Neutral:
        """The rest of one face, looked for again once a second."""
        at, known = self._known.get(face_id, (-np.inf, Neutral.of_many()))
        if time - at < _LEARN_EVERY_S or face_id not in self._samples:
            return known
        _, raw, turned = zip(*self._samples[face_id], strict=True)
        rows = np.stack(raw)
        known = Neutral.from_readings(rows[quiet_frames(rows, np.array(turned, np.float32))])
        self._known[face_id] = (time, known)
        return known

    def intensities(
        self, time: float, faces: Faces, readings: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Action Units (n, 45) of raw readings (n, 31), each face against its own rest."""
        if not len(faces):
            return to_intensities(readings)
        each = zip(faces.track_ids.tolist(), readings, strict=True)
        return np.concatenate([to_intensities(raw[None], self.of(i, time)) for i, raw in each])


class LastSeconds:
    """The looks of the last seconds; pictures are kept for the last of them only.

    Args:
        seconds: how long a look is remembered.
        pictures: for how many of these its pixels are.
    """

    def __init__(self, seconds: float, pictures: float) -> None:
        self._seconds, self._pictures = seconds, pictures
        self._looks: deque[Look] = deque()
        self._bare: deque[Look] = deque()

    def __len__(self) -> int:
        return len(self._looks) + len(self._bare)

    def __iter__(self) -> Iterator[Look]:
        yield from self._bare
        yield from self._looks

    def add(self, look: Look) -> None:
        """The newest look; what is older than ``seconds`` goes."""
        self._looks.append(look)
        now = look.frame.time
        while now - self._looks[0].frame.time > self._pictures:
            old = self._looks.popleft()
            frame = Frame(_LET_GO, old.frame.index, old.frame.time)
            self._bare.append(replace(old, frame=frame))
        while self._bare and now - self._bare[0].frame.time > self._seconds:
            self._bare.popleft()

    def since(self, time: float) -> list[Look]:
        """The looks from a time on."""
        return [look for look in self if look.frame.time >= time - 1e-6]


def rows_of(looks: list[Look], resting: RestingFaces, first: Frame) -> pa.Table:
    """Looks as the rows of a recording that begins with ``first``.

    All Action Units are against the rests that are known now, which is more than the looks knew.
    """
    rows, now = Rows(), looks[-1].frame.time
    for look in looks:
        frame = Frame(_LET_GO, look.frame.index - first.index, look.frame.time - first.time)
        units = resting.intensities(now, look.faces, look.readings)
        rows.add(frame, look.faces, look.emotions, units)
    return rows.take()
