"""The pictures of the page about a data set: faces, averages and contrasts as data URIs."""

from __future__ import annotations

import base64
import io
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from duchenne.report.palette import rgb

LIGHTER: Final = "#e07b1f"
DARKER: Final = "#2f86c9"
"""The ends of the diverging palette; both stand out on the light page and on the dark one."""

_ENLARGED: Final = 3


def face_uri(face: NDArray[np.uint8]) -> str:
    """A (H, W) uint8 grey picture, unchanged."""
    return png_uri(Image.fromarray(face))


def average_uri(average: NDArray[np.float64], low: float, high: float) -> str:
    """A (H, W) average, three times as large; grey values from black at ``low`` to white."""
    shares = (average - low) / max(high - low, 1e-9)
    return png_uri(_enlarge(Image.fromarray(_bytes(shares))))


def contrast_uri(contrast: NDArray[np.float64], limit: float) -> str:
    """A (H, W) difference in grey values, three times as large.

    Orange where it is above zero, blue where below, the more opaque the larger: 0 is clear, so
    that the page shows through, and ``limit`` is solid.
    """
    shares = np.abs(contrast) / max(limit, 1e-9)
    colours = np.where((contrast > 0)[..., None], rgb(LIGHTER), rgb(DARKER)).astype(np.uint8)
    picture = Image.fromarray(np.dstack([colours, _bytes(shares)]), "RGBA")
    return png_uri(_enlarge(picture))


def _bytes(shares: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.asarray(np.rint(np.clip(shares, 0, 1) * 255), np.uint8)


def _enlarge(picture: Image.Image) -> Image.Image:
    size = (picture.width * _ENLARGED, picture.height * _ENLARGED)
    return picture.resize(size, Image.Resampling.BICUBIC)


def png_uri(picture: Image.Image) -> str:
    """A PNG inside the page."""
    sink = io.BytesIO()
    picture.save(sink, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(sink.getvalue()).decode("ascii")
