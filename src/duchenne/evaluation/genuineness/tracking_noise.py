"""How our readings of a video differ from MediaPipe's, as noise to train with.

PEDFE's tables were made by MediaPipe's video mode, which smooths a little; recordings are made by
our own pipeline, which does not. ``benchmarks/tracking_noise.py`` runs both on the same videos and
writes what it finds into ``tracking_noise.json``: for each blendshape, each angle of the head and
the landmarks a steady part (the same in all frames of a clip) and an unsteady one.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.evaluation.datasets.pedfe_frames import STORED, ClipFrames

STORED_FILE: Final = "tracking_noise.json"
EYE_CORNERS: Final = (33, 263)

_PLACES: Final = [STORED.index(corner) for corner in EYE_CORNERS]


@dataclass(frozen=True)
class TrackingNoise:
    """Standard deviations of the differences, over the frames of some videos.

    Attributes:
        clips: names of the videos.
        frames: how many frames were compared.
        steady_scores: of each of the 52 blendshapes, 0 to 1: of the clips' mean differences.
        jitter_scores: of the differences around those means.
        steady_pose: degrees, of pitch, yaw and roll.
        jitter_pose: degrees.
        steady_points: of a coordinate of a landmark, in distances between the eyes' outer corners.
        jitter_points: the same, around the mean.
        memory: correlation of the jitter between neighbouring frames, 0 to 1.
    """

    clips: tuple[str, ...]
    frames: int
    steady_scores: tuple[float, ...]
    jitter_scores: tuple[float, ...]
    steady_pose: tuple[float, ...]
    jitter_pose: tuple[float, ...]
    steady_points: float
    jitter_points: float
    memory: float

    @classmethod
    def load(cls) -> TrackingNoise:
        """What was measured (``benchmarks/tracking_noise.py``)."""
        text = (resources.files("duchenne.evaluation.genuineness") / STORED_FILE).read_text("utf-8")
        held: dict[str, Any] = json.loads(text)
        listed = {k: tuple(v) for k, v in held.items() if isinstance(v, list)}
        return cls(**(held | listed))

    def save(self, path: Path) -> None:
        """Write the file that ``load`` reads."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    def __call__(self, clip: ClipFrames, random: np.random.Generator) -> ClipFrames:
        """The clip as it might have been read otherwise; ``points`` and ``readings`` stay."""
        if not len(clip):
            return clip
        scores = self._drawn(clip.blendshapes.shape, self.steady_scores, self.jitter_scores, random)
        pose = self._drawn(clip.pose.shape, self.steady_pose, self.jitter_pose, random)
        size = (self.steady_points,), (self.jitter_points,)
        flat = self._drawn((len(clip), clip.pixels[0].size), *size, random)
        first, last = (clip.pixels[:, place] for place in _PLACES)
        eyes = np.linalg.norm(last - first, axis=1)[:, None, None]
        return replace(
            clip,
            blendshapes=np.clip(clip.blendshapes + scores, 0.0, 1.0).astype(np.float32),
            pose=(clip.pose + pose).astype(np.float32),
            pixels=(clip.pixels + eyes * flat.reshape(clip.pixels.shape)).astype(np.float32),
        )

    def _drawn(
        self,
        shape: tuple[int, ...],
        steady: tuple[float, ...],
        jitter: tuple[float, ...],
        random: np.random.Generator,
    ) -> NDArray[np.float64]:
        """(frames, columns) of noise: an autoregressive process about a constant."""
        fresh = random.standard_normal(shape)
        unsteady = np.empty(shape)
        unsteady[0] = fresh[0]
        kept = np.sqrt(1 - self.memory**2)
        for frame in range(1, shape[0]):
            unsteady[frame] = self.memory * unsteady[frame - 1] + kept * fresh[frame]
        level = random.standard_normal(shape[1]) * np.array(steady)
        return np.asarray(level + unsteady * np.array(jitter))
