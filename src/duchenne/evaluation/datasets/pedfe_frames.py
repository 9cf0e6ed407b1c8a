"""PEDFE's frames clip by clip: blendshapes, head pose, landmarks and our own readings over time.

Padova Emotional Dataset of Facial Expressions (Miolla, Cardaioli and Scarpazza, Behavior Research
Methods 55, 2023): ``frames.parquet`` and ``clips.csv`` of the shared data, or of any folder laid
out alike. Only the columns are read that its README names and that are used here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from duchenne.action_units.intensities import to_intensities
from duchenne.action_units.names import INTENSITIES
from duchenne.action_units.neutral import Neutral
from duchenne.action_units.points import POINTS
from duchenne.action_units.readings import features_of, read_features, unit_weights
from duchenne.errors import DataError, reason
from duchenne.evaluation.datasets.pedfe import SCORE_SCALE, STEPS_A_PIXEL, read_clips
from duchenne.expressions.lips import frontal
from duchenne.expressions.track import canonical_face
from duchenne.faces.blendshapes import BLENDSHAPES
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.faces import LANDMARKS
from duchenne.recording.metadata import Metadata, Source
from duchenne.recording.recording import Recording
from duchenne.recording.tables import recording_of

STORED: Final[tuple[int, ...]] = (*POINTS, *range(468, 478))
"""The 229 landmarks of the table: those of the Action Units, and the irises."""

FRAME_SIZE: Final = (854, 480)
"""Width and height of PEDFE's frames, in pixels."""

JUDGED: Final[dict[str, tuple[float, float]]] = {
    "hit_rate_type": (0.0, 100.0),
    "mean_genuineness": (-7.0, 7.0),
    "mean_intensity": (0.0, 10.0),
}
"""What people said of each clip, and the values that it can take."""

_POSE: Final = ("pitch", "yaw", "roll")
_POSES: Final = ("pose_pitch", "pose_yaw", "pose_roll", "pose_tz")
_BOX: Final = ("face_x", "face_y", "face_width", "face_height")
_SCORES: Final = tuple(f"bs_{name}" for name in BLENDSHAPES)
_AXES: Final = tuple(f"{axis}_{point}" for axis in "xyz" for point in STORED)


@dataclass(frozen=True, eq=False)
class ClipFrames:
    """The frames of one clip in which the face was found; n may be 0.

    Attributes:
        code: the clip's, as in ``clips.csv``.
        times: (n,) float64, s, rising.
        blendshapes: (n, 52) float32, 0 to 1.
        pose: (n, 3) float32, pitch, yaw and roll in degrees.
        distance: (n,) float32, cm from the camera; NaN where it is not known.
        pixels: (n, 229, 3) float32, landmarks ``STORED`` in pixels, x right, y down, z away.
        points: (n, 229, 3) float32, the same with head pose, place and size removed, in cm of a
            mean head (``duchenne.faces.geometry.to_canonical``).
        readings: (n, 31) float32, raw readings of the Action Units.
    """

    code: str
    times: NDArray[np.float64]
    blendshapes: NDArray[np.float32]
    pose: NDArray[np.float32]
    distance: NDArray[np.float32]
    pixels: NDArray[np.float32]
    points: NDArray[np.float32]
    readings: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.times)

    def intensities(self, neutral: Neutral | None = None) -> NDArray[np.float32]:
        """(n, 45) from 0 to 5 in the order of ``INTENSITIES``, against a face at rest."""
        return to_intensities(self.readings, neutral)

    def landmarks(self) -> NDArray[np.float32]:
        """(n, 478, 3) in pixels; NaN where the table has no such point."""
        return _spread(self.pixels)

    def to_recording(self, person: str | None = None, neutral: Neutral | None = None) -> Recording:
        """As if our own pipeline had measured the clip; what PEDFE's table lacks stays empty.

        Emotions and the confidence of faces are not there, and of the 478 landmarks 229. Frames
        are counted over those with a face; times are the clip's own.

        Args:
            person: who is seen, for the metadata; the table of clips says so.
            neutral: the face at rest that Action Units are read against, as ``intensities``.
        """
        low, high = (find(self.pixels[..., :2], axis=1) for find in (np.min, np.max))
        groups = {
            _BOX: np.hstack([low, high - low]),
            _POSES: np.column_stack([self.pose, self.distance]),
            INTENSITIES: self.intensities(neutral),
            _SCORES: self.blendshapes,
        }
        keys = {"frame": np.arange(len(self)), "timestamp": self.times, "face_id": 0, "success": 1}
        values = {
            name: column
            for names, matrix in groups.items()
            for name, column in zip(names, matrix.T, strict=True)
        }
        source = Source(f"PEDFE {self.code}", self.code, "video", *FRAME_SIZE)
        metadata = Metadata(source, {}, (), version("duchenne"), person, complete=True)
        found = recording_of(pd.DataFrame(keys | values), metadata)
        return replace(found, _landmarks=self.landmarks())


def read_judged_clips(folder: str | Path) -> pd.DataFrame:
    """The table of clips with people's judgements: also the columns of ``JUDGED``.

    Raises:
        DataError: as ``read_clips``; or a judgement is missing or out of its range, or a subject
            is no whole number.
    """
    clips = read_clips(folder)
    for column, (low, high) in JUDGED.items():
        if column not in clips.columns:
            raise DataError(f"{Path(folder) / 'clips.csv'} lacks the column {column}.")
        values = pd.to_numeric(clips[column], errors="coerce")
        if not values.between(low, high).all():
            raise DataError(
                f"{Path(folder) / 'clips.csv'} has a {column} that is no number "
                f"from {low:g} to {high:g}."
            )
        clips = clips.assign(**{column: values})
    if not pd.api.types.is_integer_dtype(clips["subject"]):
        raise DataError(
            f"{Path(folder) / 'clips.csv'} should name the subject of every clip by a whole number."
        )
    return clips


def read_clip_frames(
    folder: str | Path, clips: pd.DataFrame, face: CanonicalFace | None = None
) -> Iterator[ClipFrames]:
    """The frames of each clip, in the order of ``clips``.

    Args:
        folder: that holds ``frames.parquet``.
        clips: as ``read_clips`` gives them, or some of their rows.
        face: the canonical head; by default the one that comes with the landmark networks.

    Raises:
        DataError: the table is not there, lacks a column, has times or scores that cannot be, or
            no frame of a clip.
    """
    path, head = Path(folder) / "frames.parquet", face or canonical_face()
    table = _read(path)
    found = np.asarray(table["success"].to_numpy(zero_copy_only=False), bool)
    times = np.asarray(table["time"].to_numpy(), np.float64)
    codes = table["code"].to_numpy(zero_copy_only=False)
    rows = pd.Series(np.arange(len(codes))).groupby(codes).indices
    columns = _Columns.from_table(table)
    del table
    for code in clips["code"]:
        if code not in rows:
            raise DataError(f"{path} has no frame of the clip {code}.")
        order = rows[code][np.argsort(times[rows[code]], kind="stable")]
        seen = times[order]
        if not np.isfinite(seen).all() or (np.diff(seen) <= 0).any():
            raise DataError(
                f"{path}: the times of clip {code} should be numbers, each frame's own."
            )
        kept = order[found[order]]
        yield _clip(str(code), times[kept], columns.take(kept), head)


@dataclass(frozen=True, eq=False)
class _Columns:
    """(frames, columns) of each kind, as they are stored."""

    scores: NDArray[np.float32]
    axes: NDArray[np.float32]
    pose: NDArray[np.float32]
    distance: NDArray[np.float32]

    @classmethod
    def from_table(cls, table: pa.Table) -> _Columns:
        groups = (_SCORES, _AXES, _POSE, ("tz",))
        return cls(*(_matrix(table, names) for names in groups))

    def take(self, rows: NDArray[np.intp]) -> _Columns:
        return _Columns(self.scores[rows], self.axes[rows], self.pose[rows], self.distance[rows])


def _read(path: Path) -> pa.Table:
    if not path.is_file():
        raise DataError(f"No PEDFE frames at {path}.")
    wanted = ["code", "time", "success", *_POSE, "tz", *_SCORES, *_AXES]
    try:
        with pq.ParquetFile(path) as file:
            known = set(file.schema_arrow.names)
            missing = [name for name in wanted if name not in known]
            if missing:
                raise DataError(f"{path} lacks {len(missing)} column(s), such as {missing[0]}.")
            table = file.read(wanted).combine_chunks()
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path} is not PEDFE's table of frames: {reason(error)}.") from error
    if any(table[name].null_count for name in ("code", "time", "success")):
        raise DataError(f"{path} has a frame without code, time or success.")
    return table


def _clip(
    code: str, times: NDArray[np.float64], columns: _Columns, face: CanonicalFace
) -> ClipFrames:
    scores = columns.scores / np.float32(SCORE_SCALE)
    # Written so that NaN fails it too.
    if not ((scores >= 0) & (scores <= 1)).all():
        raise DataError(
            f"Clip {code} has a blendshape that is no whole number from 0 to {SCORE_SCALE}."
        )
    if not (np.isfinite(columns.axes).all() and np.isfinite(columns.pose).all()):
        raise DataError(f"Clip {code} has a frame with a face but without landmarks or pose.")
    axes = columns.axes.reshape(-1, 3, len(STORED)) / np.float32(STEPS_A_PIXEL)
    pixels = np.ascontiguousarray(axes.transpose(0, 2, 1))
    points = frontal(_spread(pixels), STORED, face).astype(np.float32)
    readings = read_features(features_of(points[:, : len(POINTS)], scores), unit_weights())
    distance = columns.distance[:, 0]
    return ClipFrames(code, times, scores, columns.pose, distance, pixels, points, readings)


def _matrix(table: pa.Table, names: tuple[str, ...]) -> NDArray[np.float32]:
    """Some columns side by side, (rows, names); what is missing is NaN."""
    matrix = np.empty((len(table), len(names)), np.float32)
    for place, name in enumerate(names):
        matrix[:, place] = table[name].to_numpy()
    return matrix


def _spread(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    landmarks = np.full((len(pixels), LANDMARKS, 3), np.nan, np.float32)
    landmarks[:, list(STORED)] = pixels
    return landmarks
