"""Recordings from tables of other programs: what OpenFace's and py-feat's have in common."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from duchenne.action_units.openface import is_openface
from duchenne.action_units.pyfeat import is_pyfeat
from duchenne.action_units.tables import read_names
from duchenne.errors import DataError
from duchenne.recording.columns import NO_FACE, SCALARS, SCHEMA, further_names
from duchenne.recording.metadata import Metadata, Model, Source
from duchenne.recording.recording import Recording

KEYS: Final = ("frame", "timestamp", "face_id", "success")

# Only high-speed cameras are faster; a clock that is, is most often a false one.
_FASTEST_FPS: Final = 240.0
_POINTS: Final = 68


def from_table(path: str | Path, *, fps: float | None = None) -> Recording:
    """A recording from a CSV table of OpenFace or py-feat, told apart by its columns.

    Args:
        path: of the CSV file.
        fps: frames a second, for tables without a clock or with a false one.

    Raises:
        DataError: it is neither, or cannot be read.
    """
    where = Path(path)
    names = read_names(where)
    if is_openface(names):
        return Recording.from_openface(where, fps=fps)
    if is_pyfeat(names):
        return Recording.from_pyfeat(where, fps=fps)
    if {"face_id", "emotion_happy"} <= set(names):
        raise DataError(
            f"{where} is the CSV of a recording, which has lost its landmarks and metadata: give "
            "the recording's folder."
        )
    raise DataError(
        f"{where} is neither an OpenFace nor a py-feat table; its first columns are "
        f"{', '.join(names[:5])}."
    )


def checked_fps(fps: float | None) -> float | None:
    """The same number.

    Raises:
        DataError: it is not above 0.
    """
    if fps is not None and not (math.isfinite(fps) and fps > 0):
        raise DataError(f"fps must be a number above 0, not {fps}.")
    return fps


def false_clock(rows: pd.DataFrame) -> str:
    """What is wrong with the times of rows (``frame``, ``timestamp``), "" where nothing is."""
    times = rows.drop_duplicates("frame").sort_values("frame")
    seconds = times["timestamp"].to_numpy(float)
    if not np.isfinite(seconds).all():
        return "has rows without a time"
    if (np.diff(seconds) <= 0).any():
        return "has times that do not grow with the frames"
    speed = nominal_fps(rows)
    if speed is not None and speed > _FASTEST_FPS:
        return f"has a clock of {speed:.0f} frames/s"
    return ""


def nominal_fps(rows: pd.DataFrame) -> float | None:
    """Frames a second by the rows' own clock; None where it does not tell."""
    times = rows.drop_duplicates("frame").sort_values("frame")
    steps = np.diff(times["timestamp"].to_numpy(float)) / np.diff(times["frame"].to_numpy(float))
    middle = float(np.median(steps)) if len(steps) else math.nan
    return 1.0 / middle if middle > 0 else None


def box_of_points(rows: pd.DataFrame) -> pd.DataFrame:
    """Boxes (``face_x`` ... in pixels) around the columns ``x_0`` to ``y_67``, where they are."""
    xs, ys = ([f"{axis}_{i}" for i in range(_POINTS)] for axis in "xy")
    if not {*xs, *ys} <= set(rows.columns):
        return pd.DataFrame(index=rows.index)
    x, y = rows[xs], rows[ys]
    low = {"face_x": x.min(axis=1), "face_y": y.min(axis=1)}
    size = {"face_width": np.ptp(x, axis=1), "face_height": np.ptp(y, axis=1)}
    return pd.DataFrame(low | size, index=rows.index)


def recording_of(rows: pd.DataFrame, metadata: Metadata) -> Recording:
    """A recording of rows that carry ``KEYS``, columns of ours and further ones.

    Rows with ``success`` 0 lose their values; of a frame with a face they go, of a frame without
    one stays. What is missing of our columns is NaN.
    """
    found = rows["success"] == 1
    without = rows[~found & ~rows["frame"].isin(rows.loc[found, "frame"])]
    kept = pd.concat([rows[found], without.drop_duplicates("frame")])
    kept = kept.sort_values(["frame", "face_id"], kind="stable").reset_index(drop=True)
    empty = kept["success"] != 1
    values = [n for n in kept.columns if n not in KEYS and kept[n].dtype.kind == "f"]
    kept.loc[empty, values] = np.nan
    kept.loc[empty, "face_id"] = NO_FACE
    further = [name for name in further_names(list(kept.columns)) if name not in KEYS]
    schema = pa.schema(
        [SCHEMA.field(name) for name in SCALARS]
        + [pa.field(n, pa.float32() if n in values else pa.string()) for n in further]
    )
    table = pa.Table.from_pandas(
        kept.reindex(columns=schema.names), schema=schema, preserve_index=False, safe=False
    )
    whole = replace(metadata, frames=int(kept["frame"].nunique()))
    return Recording(table.replace_schema_metadata(None), whole)


def metadata_of(
    path: Path, tool: str, licence: str, source: Source, warnings: tuple[str, ...]
) -> Metadata:
    """Metadata that names the program and, by its hash, the table."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Metadata(
        source=source,
        options={},
        models=(Model(tool, path.name, digest, licence),),
        version=version("duchenne"),
        complete=True,
        warnings=warnings,
        tool=tool,
    )
