"""Face detectors: Google's BlazeFace, and the Haar cascade that the seeds used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.faces.networks import DETECTOR_SIDE, FaceNetworks
from duchenne.faces.regions import Region, iou

DETECTORS: Final = ("blazeface", "haar")

_MIN_SCORE: Final = 0.5
_SUPPRESS_IOU: Final = 0.3


@dataclass(frozen=True)
class Detection:
    """One detected face: its box (x, y, width, height) in pixels, score, and region to crop."""

    box: NDArray[np.float32]
    score: float
    region: Region


class Detector(Protocol):
    """Finds faces in a frame, best first."""

    def __call__(self, pixels: NDArray[np.uint8]) -> list[Detection]:
        """Faces of an RGB frame (H, W, 3), best first."""


def make_detector(name: str, networks: FaceNetworks) -> Detector:
    """The detector of that name.

    Raises:
        DataError: there is none.
    """
    if name == "blazeface":
        return BlazeFace(networks)
    if name == "haar":
        return HaarCascade()
    raise DataError(f"No detector {name!r}; choose one of {', '.join(DETECTORS)}.")


class BlazeFace:
    """BlazeFace short range (Bazarevsky et al. 2019), 128 x 128, weighted suppression."""

    def __init__(self, networks: FaceNetworks) -> None:
        self._networks = networks
        self._anchors = _anchors()

    def __call__(self, pixels: NDArray[np.uint8]) -> list[Detection]:
        """Faces of an RGB frame (H, W, 3), best first."""
        height, width = pixels.shape[:2]
        scale = DETECTOR_SIDE / max(height, width)
        regressors, logits = self._networks.detect(_letterbox(pixels, scale))
        scores = np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -80, 80))), np.float32)
        kept = scores >= _MIN_SCORE
        boxes, eyes = self._decode(regressors[kept], kept)
        offset = _margin(pixels.shape, scale)
        found = []
        for box, points, score in _suppress(boxes, eyes, scores[kept]):
            placed = np.concatenate([(box[:2] - offset) / scale, box[2:] / scale])
            region = Region.from_box(placed, (points - offset) / scale)
            found.append(Detection(placed.astype(np.float32), score, region))
        return found

    def _decode(
        self, regressors: NDArray[np.float32], kept: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        # Offsets are in pixels of the 128 grid, relative to the anchor's centre.
        anchors = self._anchors[kept]
        size = regressors[:, 2:4]
        corner = anchors + regressors[:, :2] - size / 2
        eyes = anchors[:, None] + regressors[:, 4:8].reshape(-1, 2, 2)
        return np.concatenate([corner, size], axis=1), eyes


class HaarCascade:
    """OpenCV's frontal face cascade (Viola and Jones 2001), the seeds' detector."""

    def __init__(self) -> None:
        file = Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"
        self._cascade: Any = cv2.CascadeClassifier(str(file))

    def __call__(self, pixels: NDArray[np.uint8]) -> list[Detection]:
        """Faces of an RGB frame (H, W, 3), surest first; their score is always 1."""
        grey = cv2.equalizeHist(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))
        least = max(24, min(grey.shape[:2]) // 12)
        boxes, _, weights = self._cascade.detectMultiScale3(
            grey, 1.1, 5, minSize=(least, least), outputRejectLevels=True
        )
        order = np.argsort(-np.asarray(weights, float).reshape(-1), kind="stable")
        return [self._detection(np.asarray(boxes[i], np.float32)) for i in order]

    @staticmethod
    def _detection(box: NDArray[np.float32]) -> Detection:
        # The cascade knows no eyes and finds upright faces only: start level.
        level = np.array([[0.0, 0.0], [1.0, 0.0]], np.float32)
        # A cascade has no probability; the landmark network judges the face next.
        return Detection(box, 1.0, Region.from_box(box, level))


def _anchors() -> NDArray[np.float32]:
    """(896, 2) centres in pixels: two a cell at stride 8, six a cell at stride 16."""
    layers = []
    for stride, repeats in ((8, 2), (16, 6)):
        cells = (np.arange(DETECTOR_SIDE // stride) + 0.5) * stride
        y, x = np.meshgrid(cells, cells, indexing="ij")
        layers.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), repeats, axis=0))
    return np.concatenate(layers).astype(np.float32)


def _margin(shape: tuple[int, ...], scale: float) -> NDArray[np.float32]:
    """Empty strip left of and above the scaled picture in the square, in its pixels."""
    height, width = shape[:2]
    side = max(height, width)
    return np.array([(side - width) / 2 * scale, (side - height) / 2 * scale], np.float32)


def _letterbox(pixels: NDArray[np.uint8], scale: float) -> NDArray[np.float32]:
    # As MediaPipe samples it: plain bilinear (area interpolation loses faces), from pixel corners,
    # with margins that are not rounded. Its boxes agree then, and landmarks from 2.1 to 0.5 %.
    left, top = _margin(pixels.shape, scale) / scale
    matrix = np.array([[1 / scale, 0.0, -left], [0.0, 1 / scale, -top]])
    small = cv2.warpAffine(
        pixels,
        matrix,
        (DETECTOR_SIDE, DETECTOR_SIDE),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    return np.asarray(small * np.float32(1 / 127.5) - np.float32(1.0), np.float32)


def _suppress(
    boxes: NDArray[np.float32], eyes: NDArray[np.float32], scores: NDArray[np.float32]
) -> list[tuple[NDArray[np.float32], NDArray[np.float32], float]]:
    """Weighted non-maximum suppression: overlapping finds are averaged by their scores."""
    found = []
    order = np.argsort(-scores, kind="stable")
    boxes, eyes, scores = boxes[order], eyes[order], scores[order]
    while len(boxes):
        same = iou(boxes, boxes[0]) > _SUPPRESS_IOU
        same[0] = True
        weights = scores[same] / scores[same].sum()
        box = np.tensordot(weights, boxes[same], axes=1)
        points = np.tensordot(weights, eyes[same], axes=1)
        found.append((box, points, float(scores[0])))
        boxes, eyes, scores = boxes[~same], eyes[~same], scores[~same]
    return found
