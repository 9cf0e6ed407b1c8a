"""The canonical face that comes with the landmark model: where each point lies on a mean head."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import ModelError
from duchenne.weights.protobuf import fields

_FLOATS_PER_VERTEX: Final = 5  # x, y, z, u, v


@dataclass(frozen=True, eq=False)
class CanonicalFace:
    """A mean head in centimetres: x to the right, y up, z towards the camera.

    Attributes:
        points: (468, 3) float64, the face mesh; the ten iris points have no place in it.
        triangles: (898, 3) int64, corners of the mesh's triangles.
        anchors: (33,) int64, the points that carry head pose.
        weights: (33,) float64, how much each anchor counts.
    """

    points: NDArray[np.float64]
    triangles: NDArray[np.int64]
    anchors: NDArray[np.int64]
    weights: NDArray[np.float64]

    @classmethod
    def from_bytes(cls, content: bytes) -> CanonicalFace:
        """Read ``geometry_pipeline_metadata_landmarks.binarypb`` (plain protobuf).

        Raises:
            ModelError: the content is something else.
        """
        try:
            top = list(fields(memoryview(content)))
            mesh = list(fields(next(v for n, v in top if n == 1 and isinstance(v, memoryview))))
            floats = [_float(v) for n, v in mesh if n == 3]
            corners = [v for n, v in mesh if n == 4]
            anchors = [dict(fields(v)) for n, v in top if n == 2 and isinstance(v, memoryview)]
            points = np.array(floats, np.float64).reshape(-1, _FLOATS_PER_VERTEX)[:, :3]
            return cls(
                points,
                np.array(corners, np.int64).reshape(-1, 3),
                np.array([a[1] for a in anchors], np.int64),
                np.array([_float(a[2]) for a in anchors], np.float64),
            )
        except (StopIteration, IndexError, ValueError, KeyError, struct.error) as error:
            raise ModelError("The landmark model's canonical face cannot be read.") from error


def _float(value: int | memoryview) -> float:
    if not isinstance(value, memoryview):
        raise ValueError("not a float")
    return float(struct.unpack("<f", value)[0])
