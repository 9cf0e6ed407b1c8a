"""The landmarks of many clips over time, head pose and size removed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.evaluation.datasets.pedfe_frames import STORED, ClipFrames
from duchenne.expressions.distances import POINTS

SUBSETS: Final[dict[str, tuple[int, ...]]] = {"all": STORED, "expressive": POINTS}
"""Landmarks to choose from: all 229 of the table, or the 30 that follow muscles."""


@dataclass(frozen=True, eq=False)
class Trajectories:
    """Clip after clip, only frames with a face.

    Attributes:
        codes: of the n clips.
        landmarks: the p landmark numbers.
        points: (frames, p, 3) float32 in cm of a mean head, facing the camera.
        times: (frames,) float64, s, rising within a clip.
        bounds: (n + 1,) the frames of clip i are ``bounds[i]`` to ``bounds[i + 1]``.
    """

    codes: tuple[str, ...]
    landmarks: tuple[int, ...]
    points: NDArray[np.float32]
    times: NDArray[np.float64]
    bounds: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.codes)

    @classmethod
    def from_frames(cls, clips: Iterable[ClipFrames], subset: str = "all") -> Trajectories:
        """From clips as PEDFE's reader gives them.

        Args:
            clips: in the order in which they are to be kept.
            subset: a name of ``SUBSETS``.

        Raises:
            DataError: no such subset, no clips, or a clip without a face.
        """
        if subset not in SUBSETS:
            raise DataError(f"No landmarks {subset!r}; there are: {', '.join(SUBSETS)}.")
        chosen = [STORED.index(point) for point in SUBSETS[subset]]
        codes, points, times = [], [], []
        for clip in clips:
            if not len(clip):
                raise DataError(f"Clip {clip.code} shows no face: take it out of clips.csv.")
            codes.append(clip.code)
            points.append(clip.points[:, chosen])
            times.append(clip.times)
        if not codes:
            raise DataError("There are no clips to compare.")
        bounds = np.cumsum([0, *map(len, times)])
        return cls(
            tuple(codes), SUBSETS[subset], np.concatenate(points), np.concatenate(times), bounds
        )

    @property
    def pairs(self) -> NDArray[np.intp]:
        """(pairs, 2) landmark numbers of every pair, in the order of the columns."""
        first, second = np.triu_indices(len(self.landmarks), 1)
        return np.asarray(self.landmarks, np.intp)[np.column_stack([first, second])]

    def fingerprint(self) -> str:
        """Of what is compared: another one for other points, times or clips."""
        digest = hashlib.sha256("\n".join(self.codes).encode())
        for array in (np.array(self.landmarks), self.points, self.times, self.bounds):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()
