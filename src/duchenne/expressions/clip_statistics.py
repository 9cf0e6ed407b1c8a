"""One vector of numbers for a clip that is one expression: statistics of its signals.

Blendshapes, head pose and distances on the face are brought to 25 samples a second, so that the
camera's rate does not show; of each signal and of its first two derivatives over time the
statistics of ``STATISTICS`` are taken.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.expressions.distances import NAMES as ALL_DISTANCES
from duchenne.expressions.distances import distances
from duchenne.expressions.signals import RATE, resample
from duchenne.faces.blendshapes import BLENDSHAPES

Vector = NDArray[np.float64]

DISTANCES: Final[tuple[str, ...]] = (
    # Mouth: width, opening, lips, corners to the inner corners of the eyes, and to the nose.
    "distance_61_291", "distance_13_14", "distance_0_17", "distance_0_13", "distance_17_14",
    "distance_133_61", "distance_362_291", "distance_2_61", "distance_2_291", "distance_2_0",
    # Eyes: opening; brows: above the eyes, and apart.
    "distance_159_145", "distance_386_374",
    "distance_105_159", "distance_334_386", "distance_107_133", "distance_336_362",
    "distance_107_336",
    # Cheeks below the eyes, wings of the nose, jaw.
    "distance_145_205", "distance_374_425", "distance_98_327", "distance_4_152",
)  # fmt: skip
"""The 21 distances, in distances between the eyes (``duchenne.expressions.distances``)."""

_POSE: Final = ("pose_pitch", "pose_yaw", "pose_roll")
_SCORES: Final = tuple(name for name in BLENDSHAPES if name != "_neutral")
SIGNALS: Final[tuple[str, ...]] = (*(f"bs_{name}" for name in _SCORES), *_POSE, *DISTANCES)
"""The 75 signals."""

_LEVELS: Final = (
    *("mean", "sd", "min", "max", "q05", "q25", "q50", "q75", "q95"),
    *("first", "last", "change", "place_of_max", "place_of_min"),
)
_SPEEDS: Final = (
    *("speed_max", "speed_min", "speed_mean_abs", "speed_sd", "speed_q10", "speed_q90"),
    *("speed_mean_rise", "speed_turns"),
)
_ACCELERATIONS: Final = (
    *("acceleration_sd", "acceleration_mean_abs", "acceleration_max", "acceleration_min"),
)
STATISTICS: Final[tuple[str, ...]] = (*_LEVELS, *_SPEEDS, *_ACCELERATIONS)
"""The 26 statistics of a signal. Places are shares of the clip's duration; ``speed_turns`` is the
share of neighbouring samples between which the direction of movement changes."""

NAMES: Final[tuple[str, ...]] = tuple(f"{name}_{part}" for name in SIGNALS for part in STATISTICS)
"""The 1,950 features, signal by signal."""

# A Hann window of five samples (0.2 s): what is faster is mostly landmark noise.
_HANN: Final[Vector] = np.hanning(7)[1:-1]


def clip_statistics(
    times: Vector,
    blendshapes: NDArray[np.float32],
    pose: NDArray[np.float32],
    landmarks: NDArray[np.float32],
) -> Vector:
    """The features of one clip.

    Args:
        times: (n,) s, rising; the frames in which the face was found.
        blendshapes: (n, 52), 0 to 1.
        pose: (n, 3) pitch, yaw and roll in degrees.
        landmarks: (n, 478, 3) in pixels; only those of ``DISTANCES`` and the corners of the eyes
            are read.

    Returns:
        (1950,) float64 in the order of ``NAMES``; NaN where a signal was not measured, and
        everywhere for a clip without frames. A single frame does not move: its speeds are 0.

    Raises:
        ValueError: lengths that differ, or times that do not rise.
    """
    if not (len(blendshapes) == len(pose) == len(landmarks) == len(times)):
        raise ValueError("A clip needs as many scores, poses and landmarks as times.")
    return signal_statistics(times, _signals(blendshapes, pose, landmarks)).ravel()


def signal_statistics(times: Vector, signals: Vector) -> Vector:
    """``STATISTICS`` of signals as the camera saw them.

    Args:
        times: (n,) s, rising.
        signals: (n, k); frames in which one is NaN are bridged by their neighbours.

    Returns:
        (k, 26) float64; NaN as in ``clip_statistics``.

    Raises:
        ValueError: times that do not rise.
    """
    if not len(times):
        return np.full((signals.shape[1], len(STATISTICS)), np.nan)
    if not np.isfinite(times).all() or (np.diff(times) <= 0).any():
        raise ValueError("The times of a clip should rise.")
    columns = {str(place): signal for place, signal in enumerate(signals.T)}
    uniform = resample(times, columns, RATE, smoothing=0.0)
    return statistics(np.stack([_smooth(uniform[name]) for name in columns]), RATE)


def _signals(
    blendshapes: NDArray[np.float32], pose: NDArray[np.float32], landmarks: NDArray[np.float32]
) -> Vector:
    scores = blendshapes[:, [BLENDSHAPES.index(name) for name in _SCORES]]
    apart = distances(landmarks)[:, [ALL_DISTANCES.index(name) for name in DISTANCES]]
    return np.concatenate([scores, pose, apart], axis=1, dtype=np.float64)


def _smooth(values: Vector) -> Vector:
    """Five-sample Hann window; at the ends it weighs only what is there."""
    if len(values) < 2:
        return values
    reach = len(_HANN) // 2
    inside = slice(reach, reach + len(values))
    weights = np.convolve(np.ones(len(values)), _HANN)[inside]
    return np.asarray(np.convolve(values, _HANN)[inside] / weights)


def statistics(values: Vector, rate: float) -> Vector:
    """``STATISTICS`` of signals at a uniform rate: (signals, n) to (signals, 26), n at least 1."""
    # One sample has no derivative, two have no second one: it did not move as far as is known.
    padded = np.pad(values, ((0, 0), (0, max(0, 3 - values.shape[1]))), mode="edge")
    speed = np.diff(padded, axis=1) * rate
    return np.concatenate(
        [_levels(values), _speeds(speed), _accelerations(np.diff(speed, axis=1) * rate)], axis=1
    )


def _levels(values: Vector) -> Vector:
    last = max(values.shape[1] - 1, 1)
    quantiles = np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95], axis=1)
    ends = values[:, 0], values[:, -1], values[:, -1] - values[:, 0]
    known = np.where(np.isfinite(values).all(axis=1), 1.0, np.nan)
    places = (known * values.argmax(axis=1) / last, known * values.argmin(axis=1) / last)
    spread = (values.mean(axis=1), values.std(axis=1), values.min(axis=1), values.max(axis=1))
    return np.stack([*spread, *quantiles, *ends, *places], axis=1)


def _speeds(speed: Vector) -> Vector:
    size = np.abs(speed).mean(axis=1)
    low, high = np.quantile(speed, [0.1, 0.9], axis=1)
    turns = (np.sign(speed[:, 1:]) * np.sign(speed[:, :-1]) < 0).mean(axis=1)
    turns = np.where(np.isfinite(size), turns, np.nan)
    rise = np.clip(speed, 0.0, None).mean(axis=1)
    columns = (speed.max(axis=1), speed.min(axis=1), size, speed.std(axis=1), low, high)
    return np.stack([*columns, rise, turns], axis=1)


def _accelerations(change: Vector) -> Vector:
    size = np.abs(change).mean(axis=1)
    return np.stack([change.std(axis=1), size, change.max(axis=1), change.min(axis=1)], axis=1)
