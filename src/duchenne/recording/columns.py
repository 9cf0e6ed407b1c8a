"""The columns of a recording: name, type, unit and meaning, in one list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from duchenne.action_units.names import INTENSITIES, describe
from duchenne.emotion.labels import EMOTIONS
from duchenne.faces.blendshapes import BLENDSHAPES, DEAD_BLENDSHAPES
from duchenne.faces.faces import LANDMARKS, POSE

NO_FACE: Final = -1


@dataclass(frozen=True)
class Column:
    """One column: its name, Arrow type, unit ("" where it has none) and meaning."""

    name: str
    type: pa.DataType
    unit: str
    meaning: str


_FRAME = [
    Column("frame", pa.int32(), "", "place in the source, counted from 0 over all its frames"),
    Column("timestamp", pa.float64(), "s", "time since the source's first frame"),
    Column("face_id", pa.int32(), "", "the same number for the same face; -1: no face here"),
    Column("confidence", pa.float32(), "0 to 1", "probability that the landmarks sit on a face"),
    Column("success", pa.int8(), "0 or 1", "1 where a face was found; 0 rows hold no values"),
]
_BOX = [
    Column("face_x", pa.float32(), "px", "left edge of the face, from the left of the frame"),
    Column("face_y", pa.float32(), "px", "upper edge of the face, from the top of the frame"),
    Column("face_width", pa.float32(), "px", "width of the face"),
    Column("face_height", pa.float32(), "px", "height of the face"),
]
_POSE_MEANINGS = {
    "pitch": ("degrees", "nodding; positive: the face looks down"),
    "yaw": ("degrees", "turning; positive: the face looks towards the right of the picture"),
    "roll": ("degrees", "tilting; positive: anticlockwise in the picture"),
    "tx": ("cm", "head position; positive: right of the picture's centre"),
    "ty": ("cm", "head position; positive: above the picture's centre"),
    "tz": (
        "cm",
        "head position towards the camera, so negative (average head, 63 degree camera assumed)",
    ),
}
_POSE = [Column(f"pose_{name}", pa.float32(), *_POSE_MEANINGS[name]) for name in POSE]
_EMOTIONS = [
    Column(f"emotion_{name}", pa.float32(), "0 to 1", f"probability that the display is {name}")
    for name in EMOTIONS
]
_AUS = [Column(name, pa.float32(), "0 to 5", describe(name)) for name in INTENSITIES]
_BLENDSHAPES = [
    Column(
        f"bs_{name}",
        pa.float32(),
        "0 to 1",
        f"blendshape {name}"
        + (" (near zero on real photographs: do not use)" if name in DEAD_BLENDSHAPES else ""),
    )
    for name in BLENDSHAPES
]
_LANDMARKS = Column(
    "landmarks",
    pa.list_(pa.float32(), LANDMARKS * 3),
    "px",
    "478 points, x0 y0 z0 x1 y1 z1 ..., in 1/32 pixel steps; x right, y down, z away from the "
    "camera; points 468 to 477 are the irises",
)

COLUMNS: Final[tuple[Column, ...]] = (
    *_FRAME, *_BOX, *_POSE, *_EMOTIONS, *_AUS, *_BLENDSHAPES, _LANDMARKS,
)  # fmt: skip
SCHEMA: Final[pa.Schema] = pa.schema([pa.field(c.name, c.type) for c in COLUMNS])
# Arrow builds its list of names again each time it is asked.
_OURS: Final = frozenset(SCHEMA.names)
SCALARS: Final[tuple[str, ...]] = tuple(c.name for c in COLUMNS if c.name != "landmarks")


def further_names(names: Sequence[str]) -> list[str]:
    """Those columns that come from another program and have no place in ``COLUMNS``."""
    return [name for name in names if name not in _OURS]


def names_starting(prefix: str, names: Sequence[str] = SCALARS) -> list[str]:
    """The columns of one group, for example ``emotion_`` or ``AU``."""
    return [name for name in names if name.startswith(prefix)]
