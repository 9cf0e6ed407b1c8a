"""Recordings from py-feat's tables, and py-feat's tables from recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from duchenne.action_units.pyfeat import BOX, EMOTIONS, PyfeatTable, read_pyfeat, unit_columns
from duchenne.faces.blendshapes import BLENDSHAPES
from duchenne.recording.columns import SCALARS
from duchenne.recording.metadata import Source
from duchenne.recording.points68 import points_68
from duchenne.recording.recording import Recording
from duchenne.recording.tables import checked_fps, metadata_of, recording_of

TOOL: Final = "py-feat"
LICENCE: Final = "MIT; py-feat's models have licences of their own"

# As for a folder of pictures, which has no clock either.
_DEFAULT_FPS: Final = 25.0
_PROBABILITY: Final = "_p"


def from_pyfeat(path: str | Path, *, fps: float | None = None) -> Recording:
    """A recording of what py-feat wrote.

    Its Action Units, from 0 to 1, become ``AU12_p`` ... in ``Recording.further``: they are no
    intensities, so ``AU12_r`` ... stay empty, and models that need those say so. Emotions, box and
    score are ours; ``Pitch``, ``Roll``, ``Yaw`` and the 68 points keep their names, since their
    meaning differs between py-feat's versions (see ``action_units.pyfeat``); there are no 478
    landmarks. The table has no clock.

    Args:
        path: a Fex saved as CSV, of any version.
        fps: frames a second; 25 where it is not given, which a warning then tells.

    Raises:
        DataError: it is no py-feat table, or holds values outside their range.
    """
    where = Path(path)
    given, table = checked_fps(fps), read_pyfeat(where)
    speed = given or _DEFAULT_FPS
    rows = _in_our_terms(table, speed)
    source = _source(where, table, rows, speed)
    warnings = []
    if given is None and source.kind == "video":
        warnings.append(f"{where.name} has no clock; {speed:g} frames/s assumed: give fps.")
    if not table.told_apart and rows["face_id"].max() > 0:
        warnings.append(f"{where.name} does not follow faces: the same face may change its number.")
    return recording_of(rows, metadata_of(where, TOOL, LICENCE, source, tuple(warnings)))


def to_pyfeat(recording: Recording) -> pd.DataFrame:
    """A recording's rows under py-feat's names, for ``action_units.pyfeat.write_pyfeat``.

    Action Units are written where the recording has probabilities (``AU12_p``); intensities keep
    OpenFace's names (``AU12_r``), under which py-feat reads them too. Head pose is written where it
    came from py-feat, whose versions disagree about signs and units.
    """
    rows = recording.to_frame()
    found = (rows["success"] == 1).to_numpy()
    written = {
        "frame": rows["frame"],
        **{theirs: rows[ours] for theirs, ours in {**BOX, **EMOTIONS}.items()},
        **_points(recording),
        **{_their_name(name): rows[name] for name in rows.columns if _goes_along(name)},
    }
    written["input"] = rows.get("input", recording.metadata.source.path)
    if len(recording.face_ids) > 1:
        written["Identity"] = [f"Person_{i}" if i >= 0 else "" for i in rows["face_id"]]
    table = pd.DataFrame(written)
    never = [n for n in table if n not in BOX and n != "frame" and table.loc[found, n].isna().all()]
    return table.drop(columns=never if found.any() else [])


def _in_our_terms(table: PyfeatTable, fps: float) -> pd.DataFrame:
    rows = table.rows
    names = {**BOX, **EMOTIONS}
    names |= {name: name + _PROBABILITY for name in unit_columns(rows.columns)}
    names |= {name: f"bs_{name}" for name in BLENDSHAPES}
    found = np.isfinite(rows[["FaceRectX", "FaceRectY"]]).all(axis=1)
    further = {"input": table.inputs} if len(set(table.inputs)) > 1 else {}
    return rows.rename(columns=names).assign(
        success=found.astype(float), timestamp=rows["frame"] / fps, **further
    )


def _source(path: Path, table: PyfeatTable, rows: pd.DataFrame, fps: float) -> Source:
    names = sorted(set(table.inputs))
    frames = int(rows["frame"].nunique())
    # A single input gives its name; several pictures go by that of the table.
    place = names[0] if len(names) == 1 and names[0] else str(path.resolve())
    name = place.replace("\\", "/").rsplit("/", 1)[-1]
    if frames == 1:
        return Source(name, place, "picture", 0, 0)
    kind = "folder" if len(names) > 1 else "video"
    return Source(name, place, kind, 0, 0, fps, frames)


def _goes_along(name: str) -> bool:
    """Whether a column keeps its place in the table: further ones, intensities, blendshapes."""
    further = name not in SCALARS and name != "input"
    return further or name.startswith("bs_") or (name.startswith("AU") and name.endswith("_r"))


def _their_name(name: str) -> str:
    plain = name.removesuffix(_PROBABILITY)
    if unit_columns([plain]):
        return plain
    return name.removeprefix("bs_")


def _points(recording: Recording) -> dict[str, np.ndarray]:
    if not recording.has_landmarks:
        return {}
    points = points_68(recording.landmarks)
    return {f"{axis}_{i}": points[:, i, k] for k, axis in enumerate("xy") for i in range(68)}
