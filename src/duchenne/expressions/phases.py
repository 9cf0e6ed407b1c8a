"""The 25 features of each phase of a smile, from the movement of the lip corners.

Dibeklioglu, Salah and Gevers 2012 ("Are you really smiling at me?", ECCV) and 2015 (IEEE
Transactions on Multimedia 17:279), as they were computed for the published table of the UvA-NEMO
smiles (Viglianisi and others 2017), oddities included, because models trained on it need the
same numbers: 50 samples a second, a median filter over 25 samples that sees zeros beyond both
ends, a "duration" of two samples for each step, accelerations as differences of speeds that are
not divided by time, and steps from one phase into the next that belong to neither.

Where no rise comes before the longest fall, the phases are thirds of the time, which is what the
clustering of (frame, D) of the published table comes to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.expressions.lips import corner_signals
from duchenne.expressions.signals import resample

Vector = NDArray[np.float64]

RATE: Final = 50.0
PHASES: Final[tuple[str, ...]] = ("onset", "apex", "offset")

_W = "mouth widths"
FEATURES: Final[dict[str, tuple[str, str]]] = {
    "duration_positive": ("s", "two samples for each rising step"),
    "duration_negative": ("s", "two samples for each falling step"),
    "duration_full": ("s", "both together"),
    "duration_ratio_positive": ("0 to 1", "rising steps among all that move"),
    "duration_ratio_negative": ("0 to 1", "falling steps among all that move"),
    "maximum_amplitude": (_W, "largest step of 0.02 s"),
    "mean_amplitude_full": (_W, "mean step, those at rest too"),
    "mean_amplitude_positive": (_W, "mean rising step"),
    "mean_amplitude_negative": (_W, "mean falling step, as a size"),
    "std_amplitude": (_W, "sample standard deviation of the steps"),
    "total_amplitude_positive": (_W, "sum of the rising steps"),
    "total_amplitude_negative": (_W, "sum of the falling steps, as a size"),
    "net_amplitude": (_W, "rise less fall"),
    "amplitude_ratio_positive": ("0 to 1", "rise in the whole way"),
    "amplitude_ratio_negative": ("0 to 1", "fall in the whole way"),
    "maximum_speed_positive": (f"{_W}/s", "fastest rise"),
    "maximum_speed_negative": (f"{_W}/s", "fastest fall, as a size"),
    "mean_speed_positive": (f"{_W}/s", "mean speed of rising steps"),
    "mean_speed_negative": (f"{_W}/s", "mean speed of falling steps, as a size"),
    "maximum_acceleration_positive": (
        f"{_W}/s in 0.02 s",
        "largest change of speed where it ends at rest or rising",
    ),
    "maximum_acceleration_negative": (
        f"{_W}/s in 0.02 s",
        "largest change of speed where it ends falling",
    ),
    "mean_acceleration_positive": (
        f"{_W}/s in 0.02 s",
        "mean change of speed where it ends at rest or rising",
    ),
    "mean_acceleration_negative": (
        f"{_W}/s in 0.02 s",
        "mean change of speed where it ends falling",
    ),
    "net_amplitude_duration_ratio": (f"{_W}/s", "net amplitude over the time that moves"),
    "left_right_amplitude_difference": (
        _W,
        "difference of the two corners' net ways, over the number of steps that move",
    ),
}
"""The 25 features in the order of the table's columns, with unit and meaning."""

COLUMNS: Final[tuple[str, ...]] = tuple(f"lip_{p}_{name}" for p in PHASES for name in FEATURES)
"""The 75 columns ``lip_<phase>_<feature>`` of the table, in its order."""

_MEDIAN_OVER: Final = 25


@dataclass(frozen=True)
class Phases:
    """Which samples belong to onset, apex and offset: each from its first up to the next's.

    Attributes:
        apex: first sample of the apex; the onset begins at 0.
        offset: first sample of the offset; it ends with the signal.
        by_thirds: there was no rise before the longest fall.
    """

    apex: int
    offset: int
    by_thirds: bool = False


def lip_features(times: Vector, lips: Vector) -> dict[str, float]:
    """The 75 features of a smile, or of whatever the lips do.

    Args:
        times: (n,) s, rising, n at least 1.
        lips: (n, 3, 2) right corner, left corner and middle of the inner upper lip, from the
            front, in any one unit (``duchenne.expressions.lips``). The first frame is the rest.

    Returns:
        ``COLUMNS`` to numbers; all NaN where a lip was never seen or the mouth has no width. Where
        the table's ``left_right_amplitude_difference`` counts in pixels of a scale that nobody
        knows, ours counts in mouth widths: rescale one of them before they meet.
    """
    unknown = dict.fromkeys(COLUMNS, float("nan"))
    seen = np.isfinite(lips).all(axis=(1, 2))
    if not seen.any():
        return unknown
    flat = lips[seen].reshape(-1, 6)
    columns = {str(i): flat[:, i] for i in range(6)}
    signals = resample(times[seen], columns, RATE, smoothing=0.0)
    points = np.stack([signals[str(i)] for i in range(6)], axis=1).reshape(-1, 3, 2)
    if not np.linalg.norm(points[0, 0] - points[0, 1]) > 0:
        return unknown
    corners = {name: median_filter(way) for name, way in corner_signals(points).items()}
    return features_of(corners["both"], corners["left"], corners["right"])


def features_of(both: Vector, left: Vector, right: Vector) -> dict[str, float]:
    """The 75 features of filtered signals (n,) at 50 samples a second."""
    found = find_phases(both)
    edges = [0, found.apex, found.offset, len(both)]
    features: dict[str, float] = {}
    for phase, first, last in zip(PHASES, edges[:-1], edges[1:], strict=True):
        values = _phase_features(both[first:last], left[first:last], right[first:last])
        names = (f"lip_{phase}_{name}" for name in FEATURES)
        features |= dict(zip(names, values, strict=True))
    return features


def median_filter(values: Vector, width: int = _MEDIAN_OVER) -> Vector:
    """Running median over an odd number of samples, with zeros beyond both ends.

    The zeros make the first and the last value the smallest of their half windows.
    """
    padded = np.pad(values, width // 2)
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1))


def find_phases(signal: Vector) -> Phases:
    """Onset, apex and offset of a filtered lip signal (n,).

    The offset starts at the longest run of falling steps; the onset ends with the longest run of
    rising steps that starts before it. The first of equally long runs counts.
    """
    steps = np.diff(signal)
    fall = _longest_run(steps < 0)
    rise = None if fall is None else _longest_run(steps[: fall[0]] > 0)
    if fall is None or rise is None:
        third = len(signal) / 3
        return Phases(round(third), round(2 * third), by_thirds=True)
    # A run's end is the sample after its last step; the table counts it as apex.
    return Phases(rise[1], fall[0])


def _longest_run(flags: NDArray[np.bool_]) -> tuple[int, int] | None:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return None
    longest = int(np.argmax(ends - starts))
    return int(starts[longest]), int(ends[longest])


def _phase_features(both: Vector, left: Vector, right: Vector) -> list[float]:
    steps = np.diff(both)
    rising, falling = steps[steps > 0], -steps[steps < 0]
    up, down = len(rising), len(falling)
    moving = up + down
    rise, fall = float(rising.sum()), float(falling.sum())
    speeds = steps * RATE
    changes, ends_falling = np.diff(speeds), speeds[1:] < 0
    faster, slower = changes[~ends_falling], changes[ends_falling]
    sides = abs(float(np.diff(left).sum()) - float(np.diff(right).sum()))
    return [
        *(2 * up / RATE, 2 * down / RATE, 2 * moving / RATE),
        *(_share(up, moving), _share(down, moving)),
        *(_max(steps), _mean(steps), _mean(rising), _mean(falling)),
        float(steps.std(ddof=1)) if len(steps) > 1 else 0.0,
        *(rise, fall, rise - fall),
        *(_share(rise, rise + fall), _share(fall, rise + fall)),
        *(_max(rising) * RATE, _max(falling) * RATE, _mean(rising) * RATE, _mean(falling) * RATE),
        *(_max(faster), _max(slower), _mean(faster), _mean(slower)),
        *(_share((rise - fall) * RATE, moving), _share(sides, moving)),
    ]


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _max(values: Vector) -> float:
    return float(values.max()) if len(values) else 0.0


def _mean(values: Vector) -> float:
    return float(values.mean()) if len(values) else 0.0
