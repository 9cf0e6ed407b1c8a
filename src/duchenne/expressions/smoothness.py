"""How smooth a movement is (Balasubramanian, Melendez-Calderon, Roby-Brami and Burdet 2015).

"On the analysis of movement smoothness", Journal of NeuroEngineering and Rehabilitation 12:112.
Both measures are below 0, nearer to 0 for smoother movements, and free of the movement's size and,
in the noise-free case, of its duration.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

# The authors' own settings.
_HIGHEST_HZ: Final = 10.0
_FAINT: Final = 0.05
_PADDING: Final = 4

_FEWEST: Final = 4


def spectral_arc_length(speed: Vector, rate: float) -> float:
    """SPARC (their eq. 8): the length of the speed's normalised spectrum, negative.

    Args:
        speed: (n,) size of the speed, in any unit.
        rate: samples a second.

    Returns:
        -1.4 for the smoothest stroke there is, less for several; NaN below four samples or at rest.
    """
    if len(speed) < _FEWEST or not _moves(speed):
        return float("nan")
    size = 2 ** (int(np.ceil(np.log2(len(speed)))) + _PADDING)
    spectrum = np.abs(np.fft.rfft(speed, size))
    spectrum /= spectrum.max()
    below = np.fft.rfftfreq(size, 1.0 / rate) <= _HIGHEST_HZ
    loud = np.flatnonzero(spectrum[below] >= _FAINT)
    kept = spectrum[: loud[-1] + 1]
    if len(kept) < 2:
        return float("nan")
    step = 1.0 / (len(kept) - 1)
    return -float(np.hypot(step, np.diff(kept)).sum())


def log_jerk(speed: Vector, rate: float) -> float:
    """Log dimensionless jerk (their eq. 5): - ln(T³ / v_peak² times the integral of (d²v/dt²)²).

    Args:
        speed: (n,) size of the speed, in any unit.
        rate: samples a second.

    Returns:
        -5.3 for the smoothest stroke there is, less for rougher ones; NaN below four samples or at
        rest.
    """
    if len(speed) < _FEWEST or not _moves(speed):
        return float("nan")
    jerk = np.diff(speed, 2) * rate**2
    duration = (len(speed) - 1) / rate
    size = duration**3 / speed.max() ** 2 * float((jerk**2).sum()) / rate
    return -float(np.log(size)) if size > 0 else float("nan")


def _moves(speed: Vector) -> bool:
    return bool(np.isfinite(speed).all() and speed.max() > 1e-9)
