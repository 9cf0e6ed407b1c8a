"""Cuts the face out of frames from the middle of a clip (Gagatsis 2023, section 3.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError, MediaError
from duchenne.evaluation.datasets.pedfe import EYES, SIDE
from duchenne.faces.blendshapes import BLENDSHAPES
from duchenne.faces.detectors import HaarCascade
from duchenne.faces.faces import POSE
from duchenne.faces.geometry import CROP, aligned_crop
from duchenne.faces.tracker import FaceTracker
from duchenne.media import grab, open_media

Pixels = NDArray[np.uint8]
Detector = Literal["ours", "haar"]

MEASURES: Final[tuple[str, ...]] = (*(f"bs_{name}" for name in BLENDSHAPES), *POSE[:3])
"""What the landmarks say of a frame beside its crop: 52 scores from 0 to 1, and degrees."""

Found = tuple[Pixels, NDArray[np.float32]]

# Our crops lie as PEDFE's, which is shared as crops only.
_EYES: Final = np.array(EYES) * (CROP / SIDE)


@dataclass(frozen=True)
class CropSettings:
    """Which frames are looked at, and how their faces are cut out.

    Attributes:
        first: where the frames begin, as a share of the clip's duration; the thesis' 0.4.
        last: where they end; the thesis' 0.9, for what follows is a face at rest again.
        frames: how many, spread evenly.
        detector: ``ours``: landmarks, eyes levelled and brought to one place; ``haar``: the box of
            the cascade, as the thesis had it.
        side: of the crops, in pixels.

    Raises:
        DataError: a value makes no sense.
    """

    first: float = 0.4
    last: float = 0.9
    frames: int = 16
    detector: Detector = "ours"
    side: int = SIDE

    def __post_init__(self) -> None:
        if not 0.0 <= self.first < self.last <= 1.0:
            raise DataError(
                f"Frames are taken from a first to a last share of a clip, both from 0 to 1, "
                f"not from {self.first:g} to {self.last:g}."
            )
        if self.frames < 1 or self.side < CROP:
            raise DataError(
                f"A clip gives at least 1 frame, and crops of {CROP} pixels at least, "
                f"not {self.frames} and {self.side}."
            )
        if self.detector not in ("ours", "haar"):
            raise DataError(f"There is no detector {self.detector!r}: take ours or haar.")


@dataclass(frozen=True, eq=False)
class ClipCrops:
    """The faces of one clip; n may be 0.

    Attributes:
        pixels: (n, side, side) uint8 grey.
        times: (n,) s, rising.
        measures: (n, 55) float32 in the order of ``MEASURES``; NaN where nobody looked for
            landmarks.
    """

    pixels: Pixels
    times: NDArray[np.float64]
    measures: NDArray[np.float32]


def crops_of(path: Path, settings: CropSettings) -> ClipCrops:
    """The faces of one clip; frames without a face are left out.

    Args:
        path: a video, or a folder of numbered pictures.
        settings: which frames, and how.

    Raises:
        MediaError: the clip cannot be read.
        ModelError: the face model cannot be had (detector ``ours``).
    """
    wanted = _times(path, settings)
    cut: Callable[[Pixels, int], Found | None]
    cut = _haar_crop if settings.detector == "haar" else _levelled_crop
    frames = zip(wanted, grab(path, wanted), strict=True)
    found = [(time, cut(frame.pixels, settings.side)) for time, frame in frames]
    kept = [(time, *some) for time, some in found if some is not None]
    if not kept:
        nothing = np.zeros((0, settings.side, settings.side), np.uint8)
        return ClipCrops(nothing, np.zeros(0), np.zeros((0, len(MEASURES)), np.float32))
    times, crops, measures = zip(*kept, strict=True)
    grey = np.stack([cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY) for crop in crops])
    return ClipCrops(grey.astype(np.uint8), np.array(times), np.stack(measures))


def _times(path: Path, settings: CropSettings) -> list[float]:
    with open_media(path) as media:
        duration = media.info.duration
        if duration is None or duration <= 0:
            stamps = [frame.time for frame in media]
            duration = stamps[-1] if stamps else 0.0
    if duration <= 0:
        raise MediaError(f"{path.name} is a single picture, where a clip is wanted.")
    shares = np.linspace(settings.first, settings.last, settings.frames)
    # The end of the last frame is on show no more.
    return [float(t) for t in np.minimum(shares * duration, 0.999 * duration)]


@lru_cache(maxsize=1)
def _tracker() -> FaceTracker:
    return FaceTracker(max_faces=1)


@lru_cache(maxsize=1)
def _cascade() -> HaarCascade:
    return HaarCascade()


def _levelled_crop(pixels: Pixels, side: int) -> Found | None:
    faces = _tracker().still(pixels)
    if not len(faces):
        return None
    measures = np.concatenate([faces.blendshapes[0], faces.poses[0, :3]])
    return aligned_crop(pixels, faces.landmarks[0], side, _EYES), measures


def _haar_crop(pixels: Pixels, side: int) -> Found | None:
    found = _cascade()(pixels)
    if not found:
        return None
    x, y, width, height = found[0].box.astype(int)
    inside = pixels[max(y, 0) : y + height, max(x, 0) : x + width]
    crop = cv2.resize(inside, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(crop, np.uint8), np.full(len(MEASURES), np.nan, np.float32)
