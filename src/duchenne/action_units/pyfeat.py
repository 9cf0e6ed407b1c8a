"""py-feat tables (Fex as CSV): their columns, reading and writing.

Written by ``fex.to_csv(...)``; the columns differ between versions: the classic detector gives
``AU01`` ... and ``anger`` ..., version 2's detector ``Happy`` ..., valence, gaze and a mesh, the
MediaPipe detector blendshapes by MediaPipe's names. Action Units lie between 0 and 1: they are
probabilities of presence, not intensities, so they become ``AU01_p`` here and never ``AU01_r``.
(Cheong et al. 2023, Py-Feat: Python Facial Expression Analysis Toolbox.)

``Pitch``, ``Roll`` and ``Yaw`` stay what they are, under these names: degrees up to 0.5, radians
later, Roll and Yaw exchanged with img2pose, the sign of Pitch turned round in 2.1.1, and the file
does not say which version wrote it. The columns ``Identity_1`` and on, which tell people apart by
their faces, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from duchenne.action_units.tables import check_range, numbers, read_csv, write_csv
from duchenne.errors import DataError

BOX: Final[dict[str, str]] = {
    "FaceRectX": "face_x",
    "FaceRectY": "face_y",
    "FaceRectWidth": "face_width",
    "FaceRectHeight": "face_height",
    "FaceScore": "confidence",
}
"""py-feat's names of the box and its score, and ours."""

EMOTIONS: Final[dict[str, str]] = {
    "anger": "emotion_angry",
    "disgust": "emotion_disgust",
    "fear": "emotion_fear",
    "happiness": "emotion_happy",
    "sadness": "emotion_sad",
    "surprise": "emotion_surprise",
    "neutral": "emotion_neutral",
}
"""py-feat's names of the emotions, in its order, and ours."""

ACTION_UNITS: Final[tuple[str, ...]] = tuple(
    f"AU{number:02d}"
    for number in (1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 17, 20, 23, 24, 25, 26, 28, 43)
)
"""The 20 Action Units of py-feat's classic detectors."""

_VERSION_2_EMOTIONS: Final = {
    "Anger": "anger",
    "Disgust": "disgust",
    "Fear": "fear",
    "Happy": "happiness",
    "Sad": "sadness",
    "Surprise": "surprise",
    "Neutral": "neutral",
}
_WORDS: Final = ("input", "Identity")
# The unnamed one is pandas' own row number; the clock of whole seconds tells no frame's time.
_LEFT_OUT: Final = re.compile(r"|Unnamed: \d+|Identity_\d+|approx_time")
_UNIT: Final = re.compile(r"AU\d\d")
_POINTS: Final = tuple(f"{axis}_{i}" for axis in "xy" for i in range(68))
_POSE: Final = ("Pitch", "Roll", "Yaw", "X", "Y", "Z")


@dataclass(frozen=True, eq=False)
class PyfeatTable:
    """A py-feat file, read and checked.

    Attributes:
        rows: a row per frame and face in the order of the file; numbers only, emotions under the
            names of ``EMOTIONS``; ``frame`` and ``face_id`` are always there. Rows without a face
            have no box.
        inputs: (rows,) the file that each row comes from, "" where the table does not say.
        told_apart: whether ``face_id`` comes from py-feat's identities; else faces are numbered
            anew in each frame, in the order of their rows.
    """

    rows: pd.DataFrame
    inputs: list[str]
    told_apart: bool


def is_pyfeat(names: Iterable[str]) -> bool:
    """Whether a table with these column names comes from py-feat."""
    return {"FaceRectX", "FaceRectY", "FaceScore"} <= {str(name).strip() for name in names}


def read_pyfeat(path: Path) -> PyfeatTable:
    """Read a Fex that was saved as CSV, of any version.

    Raises:
        DataError: the file is missing, is no py-feat table, holds words among its numbers, several
            inputs with the same frame numbers, or values outside their range.
    """
    table = read_csv(path)
    if not is_pyfeat(table.columns):
        raise DataError(f"{path} is no py-feat table: it has no columns FaceRectX and FaceScore.")
    table = table[[name for name in table.columns if not _LEFT_OUT.fullmatch(name)]]
    words = {name: table[name].fillna("").astype(str) for name in _WORDS if name in table}
    rows = numbers(path, table.drop(columns=list(words))).rename(columns=_VERSION_2_EMOTIONS)
    inputs = list(words.get("input", pd.Series("", index=rows.index)))
    rows = rows.assign(frame=_frames(path, rows, inputs))
    ids = _identities(rows, words["Identity"]) if "Identity" in words else None
    rows = rows.assign(face_id=rows.groupby("frame").cumcount() if ids is None else ids)
    _check(path, rows)
    return PyfeatTable(rows, inputs, told_apart=ids is not None)


def write_pyfeat(rows: pd.DataFrame, path: Path) -> None:
    """Write rows in the order of py-feat's classic table; further columns stand before ``input``.

    Args:
        rows: columns under py-feat's names.
        path: of the file.

    Raises:
        DataError: the file cannot be written.
    """
    order = ["frame", *BOX, *_POINTS, *ACTION_UNITS, *_POSE, *EMOTIONS]
    known = [name for name in order if name in rows.columns]
    last = [name for name in _WORDS if name in rows.columns]
    further = [name for name in rows.columns if name not in {*order, *last}]
    write_csv(rows[[*known, *further, *last]], path)


def unit_columns(names: Iterable[str]) -> list[str]:
    """Those names that are py-feat's Action Units, such as ``AU12``."""
    return [name for name in names if _UNIT.fullmatch(name)]


def _frames(path: Path, rows: pd.DataFrame, inputs: list[str]) -> pd.Series[float]:
    """Whole frame numbers; a table without any is a list of pictures, one after another."""
    if "frame" not in rows:
        return pd.Series(pd.factorize(pd.Series(inputs))[0].astype(float), index=rows.index)
    frame = rows["frame"]
    if not np.isfinite(frame).all() or (frame % 1 != 0).any() or (frame < 0).any():
        raise DataError(f"{path} has rows without a whole frame number from 0 on: mend them.")
    several = pd.Series(inputs, index=rows.index).groupby(frame).nunique()
    if (several > 1).any():
        raise DataError(
            f"{path} holds several inputs with the same frame numbers: save one input a file."
        )
    return frame


def _identities(rows: pd.DataFrame, names: pd.Series[str]) -> pd.Series[int] | None:
    """Numbers of the names; None where they are missing, or one name has two faces of a frame."""
    found = rows["FaceRectX"].notna()
    told = pd.DataFrame({"frame": rows["frame"], "name": names})[found]
    if (told["name"] == "").any() or told.duplicated().any():
        return None
    # Person_3 stays number 3, also where nobody else is in the table.
    numbers = told["name"].str.extract(r"^Person_(\d{1,6})$")[0]
    ids = numbers.astype(int) if numbers.notna().all() else pd.factorize(told["name"])[0]
    return pd.Series(ids, index=told.index).reindex(rows.index, fill_value=0)


def _check(path: Path, rows: pd.DataFrame) -> None:
    check_range(path, rows, unit_columns(rows.columns), 0, 1)
    check_range(path, rows, [name for name in ("FaceScore", *EMOTIONS) if name in rows], 0, 1)
