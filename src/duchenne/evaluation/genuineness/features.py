"""What the genuineness models look at: each clip of PEDFE as still pictures and as statistics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.names import INTENSITIES
from duchenne.evaluation.datasets.pedfe_frames import FRAME_SIZE, STORED, ClipFrames
from duchenne.expressions.clip_statistics import NAMES, clip_statistics, signal_statistics
from duchenne.expressions.lips import frontal
from duchenne.expressions.signals import resample
from duchenne.expressions.strength import HIGHEST_REST, Rest, strength
from duchenne.expressions.track import UNITS, Track
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.faces import LANDMARKS
from duchenne.recording.points68 import POINTS_68

Matrix = NDArray[np.float64]

STREAM: Final[tuple[int, ...]] = tuple(point for point in POINTS_68 if point in STORED)
"""The 66 landmarks of a stream: iBUG's 68 in their order, less two below the nose (points 32 and
34) that the table does not hold."""

STREAM_RATE: Final = 10.0
"""Samples a second of a stream."""

STREAM_LENGTH: Final = 50
"""Samples of a stream, 5 s; what is longer is cut (12 % of PEDFE's clips)."""

_PLACES: Final = [STORED.index(point) for point in STREAM]
_WHOLE: Final = [INTENSITIES.index(f"{unit}_r") for unit in UNITS]


@dataclass(frozen=True, eq=False)
class ClipFeatures:
    """All clips, a row each; NaN for a clip in which no face was found.

    Attributes:
        codes: of the clips.
        apex_units: (n, units) intensities 0 to 5 of the Action Units of the whole face, in the
            order of ``UNITS``, in the frame at the apex.
        unit_statistics: (n, units x 26) of the same over the clip.
        apex_pixels: (n, 229, 3) landmarks in pixels at the apex.
        apex_points: (n, 229, 3) the same with head pose, place and size removed, in cm.
        statistics: (n, 1950) ``duchenne.expressions.clip_statistics``.
        streams: (n, 50, 66, 2) float32, x and y of the landmarks ``STREAM`` over the first 5 s,
            head pose, place and size removed, in cm; NaN after the end of a clip.
    """

    codes: tuple[str, ...]
    apex_units: Matrix
    unit_statistics: Matrix
    apex_pixels: Matrix
    apex_points: Matrix
    statistics: Matrix
    streams: NDArray[np.float32]

    @classmethod
    def from_frames(cls, clips: Iterable[ClipFrames]) -> ClipFeatures:
        """Read each clip once; frames are not kept."""
        codes, rows = [], []
        for clip in clips:
            codes.append(clip.code)
            rows.append(_row(clip))
        return cls(tuple(codes), *(np.stack(column) for column in zip(*rows, strict=True)))


def landmark_stream(times: NDArray[np.float64], points: NDArray[np.float32]) -> NDArray[np.float32]:
    """The landmarks of one clip at ten samples a second, whatever the camera's rate.

    Args:
        times: (n,) s, rising; n may be 0.
        points: (n, 229, 3) landmarks ``STORED`` without head pose, place and size, in cm.

    Returns:
        (50, 66, 2) float32, x and y of ``STREAM``; NaN after the end of the clip.
    """
    stream = np.full((STREAM_LENGTH, len(STREAM), 2), np.nan, np.float32)
    if len(times):
        signals = points[:, _PLACES, :2].reshape(len(times), -1).T.astype(np.float64)
        uniform = resample(times, {str(i): s for i, s in enumerate(signals)}, STREAM_RATE)
        sampled = np.stack([uniform[str(i)] for i in range(len(signals))], axis=1)
        kept = sampled[:STREAM_LENGTH].reshape(-1, len(STREAM), 2)
        stream[: len(kept)] = kept
    return stream


def _row(clip: ClipFrames) -> tuple[NDArray[Any], ...]:
    stream = landmark_stream(clip.times, clip.points)
    if not len(clip):
        nothing = np.full((len(STORED), 3), np.nan)
        of_units = np.full(len(UNITS), np.nan), np.full(_width(len(UNITS)), np.nan)
        return (*of_units, nothing, nothing, np.full(len(NAMES), np.nan), stream)
    units = clip.intensities()[:, _WHOLE].astype(np.float64)
    apex = apex_frame(clip.times, units)
    statistics = clip_statistics(clip.times, clip.blendshapes, clip.pose, clip.landmarks())
    return (
        units[apex],
        signal_statistics(clip.times, units).ravel(),
        clip.pixels[apex].astype(np.float64),
        clip.points[apex].astype(np.float64),
        statistics,
        stream,
    )


def _width(signals: int) -> int:
    return signal_statistics(np.zeros(0), np.zeros((0, signals))).size


def apex_frame(times: NDArray[np.float64], units: Matrix) -> int:
    """The frame of a clip in which the expression is strongest (``expressions.strength``).

    Args:
        times: (n,) s, rising, n at least 1.
        units: (n, units) intensities 0 to 5 in the order of ``UNITS``.
    """
    track = Track(0, times, {f"{u}_r": units[:, i] for i, u in enumerate(UNITS)})
    signals = resample(times, track.values)
    strong = strength(Rest(track, HIGHEST_REST).rises(signals))
    return int(np.abs(times - signals.times[strong.argmax()]).argmin())


def nearer(pixels: Matrix, factor: float | Matrix) -> Matrix:
    """Landmarks (..., 3) in pixels of a face ``factor`` times as near to the camera.

    Under weak perspective everything grows about the middle of the frame.
    """
    centre = np.array([FRAME_SIZE[0] / 2, FRAME_SIZE[1] / 2, 0.0])
    return np.asarray(centre + factor * (pixels - centre))


def normalised(pixels: Matrix, face: CanonicalFace) -> Matrix:
    """``apex_points`` from ``apex_pixels``: head pose, place and size removed, (n, 229, 3)."""
    spread = np.full((len(pixels), LANDMARKS, 3), np.nan)
    spread[:, list(STORED)] = pixels
    return frontal(spread.astype(np.float32), STORED, face)
