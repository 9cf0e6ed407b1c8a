"""Tables of correlations as small pictures: a pixel a value, enlarged by the page."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from duchenne.report.explore_pictures import DARKER, LIGHTER, png_uri
from duchenne.report.palette import rgb

Values = NDArray[np.float64]

_FAINT: Final = 0.35
"""How much of its colour a value within chance keeps."""


def correlations_uri(
    values: Values, limit: float, significant: NDArray[np.bool_] | None = None
) -> str:
    """A (H, W) table from -``limit`` (blue) over 0 (clear) to ``limit`` (orange).

    Args:
        values: NaN is clear.
        limit: above it colours are solid.
        significant: (H, W) where False, colours are faint.
    """
    shares = np.clip(np.abs(np.nan_to_num(values)) / max(limit, 1e-9), 0, 1)
    if significant is not None:
        shares = np.where(significant, 0.3 + 0.7 * shares, _FAINT * shares)
    colours = np.where((np.nan_to_num(values) > 0)[..., None], rgb(LIGHTER), rgb(DARKER))
    opacity = np.rint(shares * 255)
    return png_uri(Image.fromarray(np.dstack([colours, opacity]).astype(np.uint8), "RGBA"))


def limit_of(values: Values) -> float:
    """A round limit that one value in two hundred exceeds: a few extremes pale the rest."""
    known = np.abs(values[np.isfinite(values)])
    if not len(known):
        return 1.0
    return float(min(1.0, max(0.05, np.ceil(np.quantile(known, 0.995) * 20) / 20)))
