"""What of a picture an expression does not change: how it was lit, focused, cut and stored."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from duchenne.evaluation.audit.items import THUMBNAIL

Picture = NDArray[np.uint8]

_EDGE: Final = 0.06
_LARGEST: Final = 640
_BLOCK: Final = 8


def picture_nuisances(picture: Picture) -> dict[str, float]:
    """Measures of (H, W) or (H, W, 3) uint8 RGB pixels, at least 16 pixels a side.

    ``width``, ``height`` (pixels), ``aspect`` (width / height); ``brightness`` and ``contrast``
    (mean and standard deviation of grey, 0 to 255); ``dark`` and ``bright`` (shares of pixels near
    black and white); ``sharpness`` (log variance of the Laplacian); ``noise`` (grey values;
    Immerkaer, Computer Vision and Image Understanding 1996); ``compression`` (steps at the borders
    of JPEG's blocks of 8 pixels, against those elsewhere, log); ``saturation``, ``red`` and
    ``blue`` (colour cast against green); ``border``, ``border contrast`` and ``border black``
    (the outer 6 %: grey, standard deviation, share of black); ``vignette`` (middle less border).
    """
    height, width = picture.shape[:2]
    grey = _grey(picture)
    return {
        "width": float(width),
        "height": float(height),
        "aspect": width / height,
        "brightness": float(grey.mean()),
        "contrast": float(grey.std()),
        "dark": float((grey <= 8).mean()),
        "bright": float((grey >= 247).mean()),
        "sharpness": float(np.log1p(cv2.Laplacian(grey, cv2.CV_32F).var())),
        "noise": _noise(grey),
        "compression": _blockiness(grey),
        **_colour(picture),
        **_border(grey),
    }


def thumbnail(picture: Picture) -> Picture:
    """(48, 48) grey, the whole picture squeezed in."""
    small = cv2.resize(_grey(picture), (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def small_pictures(thumbnails: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(N, 48, 48) grey to (N, 256): each brought to 16 x 16."""
    blocks = thumbnails.reshape(len(thumbnails), 16, 3, 16, 3).astype(np.float64)
    return np.asarray(blocks.mean(axis=(2, 4)).reshape(len(thumbnails), -1))


def file_nuisances(picture: Image.Image, size: int) -> dict[str, float]:
    """How an opened picture file of ``size`` bytes was stored.

    ``bytes a pixel``; ``JPEG tables`` (mean of the quantisation tables: low is high quality);
    ``JPEG``, ``PNG``, ``other format`` (1 or 0).
    """
    tables: dict[int, list[int]] = getattr(picture, "quantization", None) or {}
    kind = picture.format or ""
    found = {
        "bytes a pixel": size / max(1, picture.width * picture.height),
        "JPEG": float(kind == "JPEG"),
        "PNG": float(kind == "PNG"),
        "other format": float(kind not in {"JPEG", "PNG"}),
    }
    found["JPEG tables"] = float(np.mean([*tables.values()])) if tables else float("nan")
    return found


def merged(rows: list[dict[str, float]]) -> dict[str, NDArray[np.float64]]:
    """Measures of all items side by side; NaN where an item lacks one. What never varies goes."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {n: np.array([row.get(n, np.nan) for row in rows], np.float64) for n in names}
    return {name: values for name, values in columns.items() if _varies(values)}


def _varies(values: NDArray[np.float64]) -> bool:
    known = values[np.isfinite(values)]
    if not known.size:
        return False
    return bool(np.ptp(known) > 0) or known.size < values.size


def _grey(picture: Picture) -> Picture:
    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.asarray(grey, np.uint8)


def _noise(grey: Picture) -> float:
    """The mask is blind to plain edges; faces still have lines, so no pixel counts beyond 60."""
    mask = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    response = np.abs(cv2.filter2D(grey[:_LARGEST, :_LARGEST], cv2.CV_32F, mask))[1:-1, 1:-1]
    return float(np.sqrt(np.pi / 2) / 6 * np.minimum(response, 60).mean())


def _blockiness(grey: Picture) -> float:
    values = grey.astype(np.float32)
    steps = (
        np.abs(np.diff(values, axis=1)).mean(axis=0),
        np.abs(np.diff(values, axis=0)).mean(axis=1),
    )
    at, beside = [], []
    for step in steps:
        edge = np.arange(len(step)) % _BLOCK == _BLOCK - 1
        at.append(step[edge])
        beside.append(step[~edge])
    joined = np.concatenate(at), np.concatenate(beside)
    if not joined[0].size:
        return 0.0
    return float(np.log((joined[0].mean() + 0.1) / (joined[1].mean() + 0.1)))


def _colour(picture: Picture) -> dict[str, float]:
    if picture.ndim == 2:
        return {}
    means = picture.reshape(-1, 3).mean(axis=0)
    spread = (picture.max(axis=2).astype(np.int16) - picture.min(axis=2)).mean()
    return {
        "saturation": float(spread),
        "red": float(means[0] - means[1]),
        "blue": float(means[2] - means[1]),
    }


def _border(grey: Picture) -> dict[str, float]:
    height, width = grey.shape
    down, right = max(1, round(height * _EDGE)), max(1, round(width * _EDGE))
    edge = np.ones(grey.shape, bool)
    edge[down : height - down, right : width - right] = False
    outside = grey[edge].astype(np.float64)
    inside = grey[height // 4 : -(height // 4), width // 4 : -(width // 4)]
    return {
        "border": float(outside.mean()),
        "border contrast": float(outside.std()),
        "border black": float((outside <= 8).mean()),
        "vignette": float(inside.mean() - outside.mean()),
    }


def numbers(values: Any) -> NDArray[np.float64]:
    """Anything as float64, what is no number as NaN."""
    return np.asarray(pd.to_numeric(pd.Series(values), errors="coerce"), np.float64)
