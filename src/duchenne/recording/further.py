"""What the further columns of other programs mean: a unit and a sentence for each family."""

from __future__ import annotations

import re
from typing import Final

import pyarrow as pa

from duchenne.action_units.names import ACTION_UNITS
from duchenne.recording.columns import Column

_FAMILIES: Final[tuple[tuple[str, str, str], ...]] = (
    (r"[xy]_\d+", "px", "one of the program's own face points; x right, y down"),
    (r"[XYZ]_\d+", "mm", "OpenFace's face point in space; x right, y down, z away from the camera"),
    (r"gaze_[01]_[xyz]", "", "OpenFace's direction of gaze of one eye, length 1, axes as X_0"),
    (r"gaze_angle_[xy]", "radians", "OpenFace's direction of gaze of both eyes together"),
    (r"eye_lmk_[xy]_\d+", "px", "OpenFace's point of an eye"),
    (r"eye_lmk_[XYZ]_\d+", "mm", "OpenFace's point of an eye in space, axes as X_0"),
    (r"p_(scale|r[xyz]|t[xy]|\d+)", "", "parameter of OpenFace's face model"),
    (r"Pitch|Roll|Yaw|X|Y|Z", "", "py-feat's head pose; units and signs depend on its version"),
    (r"mesh_[xyz]_\d+|z_\d+", "", "py-feat's point of the face mesh"),
    (r"valence|arousal", "-1 to 1", "py-feat's estimate for the display"),
    (r"gaze_(pitch|yaw|angle)", "radians", "py-feat's direction of gaze"),
    (r"Frame(Width|Height)", "px", "size of the frame"),
    (r"input", "", "the file that this row comes from"),
)
_UNIT: Final = re.compile(r"(AU\d\d)_([cp])")
_SUFFIXES: Final = {
    "c": ("0 or 1", "presence"),
    "p": ("0 to 1", "probability of presence, no intensity"),
}


def explain(name: str, kind: pa.DataType) -> Column:
    """A further column with its unit and meaning, as far as they are known."""
    unit = _UNIT.fullmatch(name)
    if unit:
        scale, what = _SUFFIXES[unit[2]]
        meaning = ACTION_UNITS.get(unit[1], "")
        return Column(name, kind, scale, f"{unit[1]} {what}" + (f", {meaning}" if meaning else ""))
    for pattern, scale, meaning in _FAMILIES:
        if re.fullmatch(pattern, name):
            return Column(name, kind, scale, meaning)
    return Column(name, kind, "", "kept from the other program's table")
