"""Sliding windows over a common clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError


@dataclass(frozen=True, eq=False)
class Windows:
    """Where each window begins.

    Attributes:
        starts: (n,) int64, first samples, rising.
        length: samples of each window.
        step: samples between beginnings, not always a whole number: 1.66 s at 25 Hz are 41.5.
    """

    starts: NDArray[np.int64]
    length: int
    step: float

    @classmethod
    def over(cls, samples: int, rate: float, window: float, step: float) -> Windows:
        """All windows that fit.

        Args:
            samples: of the series.
            rate: samples a second.
            window: s; ``math.inf`` for one window over everything.
            step: s.

        Raises:
            DataError: none fits, or a window holds fewer than 3 samples.
        """
        length = samples if np.isinf(window) else round(window * rate)
        if length < 3:
            raise DataError(
                f"A window of {length / rate:g} s holds {length} of {rate:g} samples a second, and "
                "a correlation takes 3: choose a longer window or a higher rate."
            )
        if length > samples:
            raise DataError(
                f"The series last {samples / rate:.2f} s, less than one window of {window:g} s: "
                "choose a shorter window."
            )
        hop = step * rate
        if hop < 1:
            raise DataError(f"A step of {step:g} s is less than a sample at {rate:g} a second.")
        count = int((samples - length) / hop + 1e-9) + 1
        starts = np.minimum(np.rint(np.arange(count) * hop), samples - length).astype(np.int64)
        return cls(starts, length, hop)

    def __len__(self) -> int:
        return len(self.starts)

    def cut(self, series: NDArray[Any]) -> NDArray[Any]:
        """(..., samples) series to (..., n, length)."""
        views = np.lib.stride_tricks.sliding_window_view(series, self.length, axis=-1)
        return np.asarray(views[..., self.starts, :])
