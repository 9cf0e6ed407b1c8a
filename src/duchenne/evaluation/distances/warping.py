"""Dynamic time warping between clips, by the library dtaidistance (extra ``distances``).

Sakoe and Chiba, IEEE Trans. Acoust. 26, 1978: moments of two clips are paired so that they differ
least, forwards only, and no farther apart than a band allows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import MissingExtraError
from duchenne.evaluation.distances.comparing import apart_only
from duchenne.evaluation.distances.descriptions import MOMENTS
from duchenne.evaluation.statistics.subject_folds import Folds

BAND: Final = 3
"""Moments that two clips may be out of step."""

_CLIPS_AT_A_TIME: Final = 48


def compare_warped(
    rows: NDArray[np.float32], folds: Folds, update: Callable[[int], Any] | None = None
) -> NDArray[np.float32]:
    """Distances between clips by dynamic time warping of all their distances at once.

    Nothing is standardised: the distances count in cm, so no fold's clips touch another's.

    Args:
        rows: (n, moments x pairs) ``resampled`` descriptions.
        folds: which fold scores each clip.
        update: told how many clips more are done.

    Returns:
        (n, n) float32 in cm; infinite within a fold.

    Raises:
        MissingExtraError: dtaidistance is not installed.
    """
    try:
        from dtaidistance import dtw_ndim
    except ImportError as error:
        raise MissingExtraError(
            "Dynamic time warping needs the extra `distances`: pip install 'duchenne[distances]'."
        ) from error
    count = len(rows)
    series = np.ascontiguousarray(rows.reshape(count, MOMENTS, -1), np.float64)
    apart = np.full((count, count), np.inf)
    for start in range(0, count, _CLIPS_AT_A_TIME):
        stop = min(start + _CLIPS_AT_A_TIME, count)
        # The library fills the part above the diagonal, and numbers beyond it stay infinite.
        some = dtw_ndim.distance_matrix_fast(
            series, window=BAND + 1, block=((start, stop), (0, count)), only_triu=True
        )
        apart = np.minimum(apart, np.asarray(some))
        if update is not None:
            update(stop - start)
    return apart_only(np.minimum(apart, apart.T), folds)
