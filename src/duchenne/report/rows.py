"""The columns of a recording that a report shows, as pandas rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from duchenne.action_units.names import ACTION_UNITS, INTENSITIES
from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.recording.metadata import OURS
from duchenne.recording.recording import Recording

BOX: Final[tuple[str, ...]] = ("face_x", "face_y", "face_width", "face_height")
EMOTION_COLUMNS: Final[tuple[str, ...]] = tuple(f"emotion_{name}" for name in EMOTIONS)
AU_COLUMNS: Final[tuple[str, ...]] = tuple(f"{name}_r" for name in ACTION_UNITS)
SIDE_COLUMNS: Final[tuple[str, ...]] = tuple(n for n in INTENSITIES if n not in AU_COLUMNS)
ANGLES: Final[tuple[str, ...]] = ("pose_yaw", "pose_pitch", "pose_roll")

_COLUMNS: Final = (
    *("frame", "timestamp", "face_id", "confidence", "success"),
    *(*BOX, *ANGLES, *EMOTION_COLUMNS, *AU_COLUMNS, *SIDE_COLUMNS),
)


def report_rows(recording: Recording) -> pd.DataFrame:
    """What a report needs of a recording: a row per frame and face, in the order of frames.

    The confidence of other tools is left out (NaN).

    Raises:
        DataError: a column is missing.
    """
    require(recording.table.column_names, _COLUMNS, "This recording")
    rows: pd.DataFrame = recording.table.select(list(_COLUMNS)).to_pandas()
    if recording.metadata.tool != OURS:
        # Another tool's confidence is on a scale of its own: OpenFace's usual one is 0.88.
        rows["confidence"] = np.nan
    rows = rows.drop_duplicates(["frame", "face_id"]).sort_values("frame", kind="stable")
    return rows.reset_index(drop=True)


def require(present: Sequence[str], wanted: Sequence[str], what: str) -> None:
    """Complain about missing columns.

    Raises:
        DataError: some of the wanted columns are not present.
    """
    missing = [name for name in wanted if name not in present]
    if missing:
        more = "" if len(missing) <= 3 else f" and {len(missing) - 3} more"
        raise DataError(f"{what} lacks the columns {', '.join(missing[:3])}{more}.")


def with_face(rows: pd.DataFrame) -> pd.DataFrame:
    """Only the rows in which a face was found."""
    return rows[(rows["success"] == 1) & (rows["face_id"] >= 0)]


def faces_longest_first(rows: pd.DataFrame) -> list[int]:
    """The face ids, those seen in most frames first."""
    counts = with_face(rows)["face_id"].value_counts(sort=False)
    return [int(i) for i in sorted(counts.index, key=lambda i: (-int(counts[i]), int(i)))]


def frame_times(rows: pd.DataFrame) -> tuple[pd.Series[float], str]:
    """Time of each analysed frame, by frame number, and its unit: ``s`` or ``frame``.

    Where the source knows no time (a folder of pictures), frames are counted instead.
    """
    times = rows.groupby("frame", sort=True)["timestamp"].min().astype(float)
    values = times.to_numpy()
    if not np.isfinite(values).all() or (len(values) > 1 and np.ptp(values) <= 0):
        return pd.Series(times.index.astype(float), index=times.index, name="timestamp"), "frame"
    return times, "s"


def top_emotions(rows: pd.DataFrame) -> pd.Series[str]:
    """The most probable emotion of each row; rows without probabilities are left out."""
    known = rows.loc[:, list(EMOTION_COLUMNS)].dropna()
    if known.empty:
        return pd.Series([], index=known.index, dtype="object")
    return known.idxmax(axis=1).str.removeprefix("emotion_")
