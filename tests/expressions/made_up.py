"""Makes recordings of faces that do what they are told."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from duchenne.expressions.track import canonical_face
from duchenne.recording import Recording
from duchenne.recording.columns import NO_FACE, SCALARS, SCHEMA
from tests.recording.made_up import metadata

Vector = NDArray[np.float64]

REST = {
    **{name: 0.0 for name in SCALARS if name.endswith("_r")},
    **{name: 0.0 for name in SCALARS if name.startswith(("emotion_", "pose_"))},
    "emotion_neutral": 1.0,
    "face_width": 200.0,
    "confidence": 1.0,
}


def clock(seconds: float, fps: float) -> Vector:
    return np.arange(round(seconds * fps)) / fps


def bump(
    times: Vector, onset: float, offset: float, height: float = 4.0, ramp: float = 0.3
) -> Vector:
    """From 0 up to a height between onset and offset, along half a cosine of ``ramp`` seconds."""
    up = np.clip((times - onset) / ramp, 0, 1)
    down = np.clip((offset - times) / ramp, 0, 1)
    return height * (0.5 - 0.5 * np.cos(np.pi * np.minimum(up, down)))


def smile(times: Vector, onset: float, offset: float, height: float = 4.0) -> dict[str, Vector]:
    """AU12, AU06 a little later, and the network's happiness."""
    happy = bump(times, onset, offset, 0.9)
    return {
        "AU12_r": bump(times, onset, offset, height),
        "AU06_r": bump(times, onset + 0.1, offset, height / 2),
        "emotion_happy": happy,
        "emotion_neutral": 1 - happy,
    }


def rows(
    times: Vector,
    columns: Mapping[str, Vector],
    face_id: int = 0,
    seen: NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """A row for each time; ``seen`` False: the frame has no face."""
    table = pd.DataFrame({"timestamp": times, "frame": np.arange(len(times))})
    table = table.assign(**{name: np.full(len(times), value) for name, value in REST.items()})
    table = table.assign(**columns)
    there = np.ones(len(times), bool) if seen is None else seen
    table.loc[~there, list(dict.fromkeys([*REST, *columns]))] = np.nan
    table["success"] = there.astype(np.int8)
    table["face_id"] = np.where(there, face_id, NO_FACE)
    return table


def recording_of(*tables: pd.DataFrame, landmarks: NDArray[np.float32] | None = None) -> Recording:
    whole = pd.concat(tables).sort_values(["frame", "face_id"], kind="stable", ignore_index=True)
    schema = pa.schema([SCHEMA.field(name) for name in SCALARS])
    table = pa.Table.from_pandas(
        whole.reindex(columns=list(SCALARS)), schema=schema, preserve_index=False, safe=False
    ).replace_schema_metadata(None)
    return Recording(table, metadata(frames=int(whole["frame"].nunique())), None, landmarks)


@lru_cache(maxsize=1)
def head() -> NDArray[np.float32]:
    """(478, 3) landmarks in pixels of the canonical head, 20 pixels a cm, looking at the camera."""
    points = np.zeros((478, 3))
    points[:468] = canonical_face().points
    points[468:] = points[[468 - 1]]
    return (points * [20, -20, -20] + [320, 240, 0]).astype(np.float32)


def smiling_heads(strength: Vector, uneven: float = 0.0) -> NDArray[np.float32]:
    """(n, 478, 3): lip corners pulled outwards and up by up to 30 pixels.

    ``uneven`` 0.5: the person's left corner moves half as much again, the right half as much.
    """
    heads = np.repeat(head()[None], len(strength), axis=0)
    pull = (strength / max(float(strength.max()), 1e-9))[:, None]
    # The person's left corner lies on the right of the picture.
    heads[:, 291, :2] += (1 + uneven) * pull * [20, -20]
    heads[:, 61, :2] += (1 - uneven) * pull * [-20, -20]
    return heads
