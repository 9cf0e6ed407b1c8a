"""Landmarks, blendshapes and pose of the face in a region of a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.faces import LANDMARKS, Faces
from duchenne.faces.networks import CROP_SIDE, FaceNetworks
from duchenne.faces.pose import PoseSolver
from duchenne.faces.regions import Region, span_of


@dataclass(frozen=True, eq=False)
class Located:
    """A face whose landmarks are known.

    Attributes:
        landmarks: (478, 3) float32 in pixels of the frame.
        presence: the network's logit that this is a face (real faces 11 to 24, at least 4.4).
    """

    landmarks: NDArray[np.float32]
    presence: float

    @cached_property
    def box(self) -> NDArray[np.float32]:
        """(4,) x, y, width, height around the landmarks."""
        low, high = span_of(self.landmarks)
        return np.concatenate([low, high - low])

    @cached_property
    def region(self) -> Region:
        """Where to look for this face next."""
        return Region.from_landmarks(self.landmarks)


@dataclass(frozen=True, eq=False)
class Sighting:
    """Who was found in one frame, not described yet.

    Attributes:
        faces: n located faces.
        track_ids: n numbers of theirs.
        shape: (H, W) of the frame.
    """

    faces: tuple[Located, ...]
    track_ids: tuple[int, ...]
    shape: tuple[int, int]

    @property
    def landmarks(self) -> NDArray[np.float32]:
        """(n, 478, 3) in pixels of the frame."""
        return _landmarks(self.faces)


class FaceLandmarker:
    """Runs the landmark networks on regions of a frame."""

    def __init__(self, networks: FaceNetworks) -> None:
        self._networks = networks
        self._canonical = CanonicalFace.from_bytes(networks.geometry)
        self._solver: tuple[tuple[int, int], PoseSolver] | None = None

    def locate(self, pixels: NDArray[np.uint8], region: Region, passes: int = 1) -> Located:
        """Find the 478 points in a region of an RGB frame (H, W, 3).

        A second pass crops by the first one's points and cuts the dependence on the detector's
        box from 1.0-4.4 % to 0.2-1.5 % of the distance between the eyes (STACK.md).
        """
        for _ in range(passes):
            crop = region.crop(pixels, CROP_SIDE)
            points, presence = self._networks.landmarks(crop)
            located = Located(region.landmarks_to_frame(points, CROP_SIDE), presence)
            region = located.region
        return located

    def describe(self, sightings: Sequence[Sighting]) -> Faces:
        """Boxes, poses and blendshapes of all faces of these frames, in their order.

        A face's numbers do not depend on how many are described with it.
        """
        found = [face for sighting in sightings for face in sighting.faces]
        if not found:
            return Faces.empty()
        presence = np.array([face.presence for face in found], np.float32)
        return Faces(
            boxes=np.stack([face.box for face in found]),
            scores=np.asarray(1 / (1 + np.exp(-presence)), np.float32),
            landmarks=_landmarks(found),
            poses=self._poses(sightings),
            blendshapes=np.stack([self._networks.blendshapes(f.landmarks) for f in found]),
            track_ids=np.array([i for one in sightings for i in one.track_ids], np.int64),
        )

    def _poses(self, sightings: Sequence[Sighting]) -> NDArray[np.float32]:
        seen = [sighting for sighting in sightings if sighting.faces]
        return np.concatenate(
            [
                self._pose_solver(shape).solve(np.concatenate([one.landmarks for one in alike]))
                for shape, alike in groupby(seen, key=lambda one: one.shape)
            ]
        )

    def _pose_solver(self, shape: tuple[int, int]) -> PoseSolver:
        if self._solver is None or self._solver[0] != shape:
            self._solver = (shape, PoseSolver(self._canonical, width=shape[1], height=shape[0]))
        return self._solver[1]


def _landmarks(faces: Sequence[Located]) -> NDArray[np.float32]:
    if not faces:
        return np.zeros((0, LANDMARKS, 3), np.float32)
    return np.stack([face.landmarks for face in faces])
