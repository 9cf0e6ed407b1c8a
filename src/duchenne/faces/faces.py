"""What was found in one frame: arrays of length n, one place a face."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.faces.blendshapes import BLENDSHAPES
from duchenne.notebook import tables

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from duchenne.media.frame import Frame

LANDMARKS: Final = 478
POSE: Final[tuple[str, ...]] = ("pitch", "yaw", "roll", "tx", "ty", "tz")

_SHAPES: Final[dict[str, tuple[int, ...]]] = {
    "boxes": (4,),
    "scores": (),
    "landmarks": (LANDMARKS, 3),
    "poses": (len(POSE),),
    "blendshapes": (len(BLENDSHAPES),),
    "track_ids": (),
}


@dataclass(frozen=True, eq=False)
class Faces:
    """The faces of one frame.

    Attributes:
        boxes: (n, 4) float32, x and y of the upper left corner, width and height, in pixels,
            upright around the landmarks.
        scores: (n,) float32, probability from 0 to 1 that the landmarks sit on a face.
        landmarks: (n, 478, 3) float32 in pixels; x to the right, y down, z away from the camera
            (the scale of x; 0 near the centre of the head).
        poses: (n, 6) float32: pitch (down is positive), yaw (towards image right is positive),
            roll (anticlockwise in the picture is positive), in degrees, R = Rz Ry Rx;
            then tx (right), ty (up) and tz (towards the camera, so negative), in cm.
        blendshapes: (n, 52) float32 from 0 to 1, in the order of ``BLENDSHAPES``.
        track_ids: (n,) int64, the same number for the same face over the frames of a source.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    poses: NDArray[np.float32]
    blendshapes: NDArray[np.float32]
    track_ids: NDArray[np.int64]

    def __post_init__(self) -> None:
        count = len(self.boxes)
        for name, tail in _SHAPES.items():
            shape = getattr(self, name).shape
            if shape != (count, *tail):
                raise ValueError(f"Faces.{name} should be {(count, *tail)}, got {shape}.")

    def __len__(self) -> int:
        return len(self.boxes)

    @classmethod
    def empty(cls) -> Faces:
        """No face at all."""
        arrays = {name: np.zeros((0, *tail), np.float32) for name, tail in _SHAPES.items()}
        return cls(**(arrays | {"track_ids": np.zeros(0, np.int64)}))  # type: ignore[arg-type]

    def select(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Faces:
        """The chosen faces, by mask or by index."""
        return Faces(**{f.name: getattr(self, f.name)[chosen] for f in fields(self)})

    def plot(self, frame: Frame | None = None) -> Figure:
        """Boxes, numbers and landmarks of the faces, in pixels.

        Args:
            frame: the picture that they were found in, to draw beneath them.
        """
        from duchenne.faces.plotting import plot_faces

        return plot_faces(self, frame)

    def _repr_html_(self) -> str:
        columns = ["face", "score", "x px", "y px", "width px", "height px", *_ANGLES]
        lines = [
            (track, float(score), *(f"{v:.0f}" for v in box), *(f"{v:.0f}" for v in pose[:3]))
            for track, score, box, pose in zip(
                self.track_ids, self.scores, self.boxes, self.poses, strict=True
            )
        ]
        return tables.noun(f"{len(self):,} faces", {}, tables.rows(columns, lines))


_ANGLES: Final = tuple(f"{name} °" for name in POSE[:3])
