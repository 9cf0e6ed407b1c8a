"""What an item's faces say: where and how large they are, how they are turned, how they move."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.faces import BLENDSHAPES, Faces
from duchenne.faces.blendshapes import DEAD_BLENDSHAPES

Matrix = NDArray[np.float64]

# Blinks and glances are no part of how strong a display is.
_STILL: Final = ("_neutral", "eyeBlink", "eyeLook")
MOVING: Final = tuple(
    i
    for i, name in enumerate(BLENDSHAPES)
    if not name.startswith(_STILL) and name not in DEAD_BLENDSHAPES
)


@dataclass(frozen=True, eq=False)
class FaceMeasures:
    """Of one picture, or of some frames of a clip.

    Attributes:
        nuisances: ``faces``, ``face seen`` (share of frames), and medians of ``face width`` (share
            of the picture's), ``face x`` and ``face y`` (of its middle, as shares), ``pitch``,
            ``yaw``, ``roll`` (degrees), ``face confidence``.
        intensity: ``strength``: blendshape scores that move the face, summed; the highest frame.
        neutral: (52 + 3,) blendshapes and pose of the quietest frame; None of a single picture.
        content: (104,) mean and highest blendshape scores; None where no face was found.
    """

    nuisances: dict[str, float]
    intensity: dict[str, float] = field(default_factory=dict)
    neutral: Matrix | None = None
    content: Matrix | None = None


def face_measures(found: list[Faces], size: tuple[int, int]) -> FaceMeasures:
    """From the faces of each frame looked at, the best first, and (height, width) in pixels."""
    seen = [faces for faces in found if len(faces)]
    counts = {
        "faces": float(np.median([len(faces) for faces in found])),
        "face seen": len(seen) / len(found),
    }
    if not seen:
        return FaceMeasures(counts)
    boxes = np.stack([faces.boxes[0] for faces in seen]).astype(np.float64)
    poses = np.stack([faces.poses[0, :3] for faces in seen]).astype(np.float64)
    scores = np.stack([faces.blendshapes[0] for faces in seen]).astype(np.float64)
    height, width = size
    rows = {
        "face width": boxes[:, 2] / width,
        "face x": (boxes[:, 0] + boxes[:, 2] / 2) / width,
        "face y": (boxes[:, 1] + boxes[:, 3] / 2) / height,
        "pitch": poses[:, 0],
        "yaw": poses[:, 1],
        "roll": poses[:, 2],
        "face confidence": np.array([float(faces.scores[0]) for faces in seen]),
    }
    medians = {name: float(np.median(values)) for name, values in rows.items()}
    strength, neutral, content = movement(scores, poses)
    return FaceMeasures(
        counts | medians, {"strength": strength}, neutral if len(found) > 1 else None, content
    )


def movement(scores: Matrix, poses: Matrix) -> tuple[float, Matrix, Matrix]:
    """Strength, quietest frame and content of (n, 52) blendshape scores and (n, 3) poses."""
    strong = scores[:, MOVING].sum(axis=1)
    quiet = int(strong.argmin())
    neutral = np.concatenate([scores[quiet], poses[quiet]])
    return float(strong.max()), neutral, np.concatenate([scores.mean(axis=0), scores.max(axis=0)])
