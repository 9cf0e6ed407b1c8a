"""Pictures as another camera, program or person would have stored them: the display stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def _blurred(picture: Picture) -> Picture:
    spread = max(0.6, 0.012 * max(picture.shape[:2]))
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), spread), np.uint8)


def _resized(picture: Picture) -> Picture:
    """To half its size and back, as a picture sent by a messenger."""
    height, width = picture.shape[:2]
    half = cv2.resize(
        picture, (max(8, width // 2), max(8, height // 2)), interpolation=cv2.INTER_AREA
    )
    return np.asarray(cv2.resize(half, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _recompressed(picture: Picture) -> Picture:
    """JPEG of quality 40."""
    _, stored = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 40])
    flag = cv2.IMREAD_GRAYSCALE if picture.ndim == 2 else cv2.IMREAD_COLOR
    return np.asarray(cv2.imdecode(stored, flag), np.uint8)


def _brighter(picture: Picture) -> Picture:
    return _shifted(picture, 1.15, 20)


def _darker(picture: Picture) -> Picture:
    return _shifted(picture, 0.8, -10)


def _shifted(picture: Picture, factor: float, offset: float) -> Picture:
    return np.asarray(np.clip(picture * factor + offset, 0, 255).round(), np.uint8)


def _cropped(picture: Picture) -> Picture:
    """The middle 90 % of both sides, enlarged."""
    height, width = picture.shape[:2]
    down, right = max(1, height // 20), max(1, width // 20)
    inner = picture[down : height - down, right : width - right]
    return np.asarray(cv2.resize(inner, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _mirrored(picture: Picture) -> Picture:
    return np.ascontiguousarray(picture[:, ::-1])


EDITS: Final[dict[str, Callable[[Picture], Picture]]] = {
    "blurred": _blurred,
    "resized": _resized,
    "recompressed": _recompressed,
    "brighter": _brighter,
    "darker": _darker,
    "cropped": _cropped,
    "mirrored": _mirrored,
}
"""Each takes (H, W) or (H, W, 3) uint8 and gives the same shape."""
