"""Grey crops of the faces of a frame."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from duchenne.emotion.crops import grey_crops
from duchenne.faces import FaceNetworks, FaceTracker
from duchenne.faces.geometry import aligned_crop


def test_each_face_is_cut_out_upright_and_grey(
    networks: FaceNetworks, astronaut: NDArray[np.uint8]
) -> None:
    pair = np.concatenate([astronaut, astronaut[:, ::-1]], axis=1)
    landmarks = FaceTracker(networks=networks).still(pair).landmarks
    assert len(landmarks) == 2
    crops = grey_crops(pair, landmarks)
    assert crops.shape == (2, 48, 48)
    assert crops.dtype == np.uint8
    for crop, points in zip(crops, landmarks, strict=True):
        assert np.array_equal(crop, cv2.cvtColor(aligned_crop(pair, points), cv2.COLOR_RGB2GRAY))
    # One is the mirror image of the other, as far as two finds of a face agree.
    mirrored = crops[1][:, ::-1].astype(float)
    assert np.corrcoef(crops[0].ravel(), mirrored.ravel())[0, 1] > 0.9


def test_a_frame_without_a_face_gives_no_crop(astronaut: NDArray[np.uint8]) -> None:
    assert grey_crops(astronaut, np.zeros((0, 478, 3), np.float32)).shape == (0, 48, 48)
