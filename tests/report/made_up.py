"""Makes recordings in which faces come to smile and go, without a camera."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from duchenne.action_units.names import ACTION_UNITS, PAIRED, SIDES
from duchenne.emotion.labels import EMOTIONS
from duchenne.media.frame import Frame
from duchenne.recording.columns import NO_FACE, SCALARS, SCHEMA
from duchenne.recording.metadata import Metadata, Model, Source
from duchenne.recording.recording import Recording

WIDTH, HEIGHT, FPS = 640, 480, 25.0
_SCALARS = pa.schema([SCHEMA.field(name) for name in SCALARS])


def table(frames: int = 50, faces: int = 1, without: Collection[int] = ()) -> pd.DataFrame:
    """Rows of a video: face i smiles in the i-th part; no face in the frames ``without``."""
    rows = []
    for frame in range(frames):
        seen = 0 if frame in without else faces
        key = {"frame": frame, "timestamp": frame / FPS}
        rows += [key | _face(i, faces, frame / max(1, frames - 1)) for i in range(seen)]
        if not seen:
            rows.append(key | {"face_id": NO_FACE, "success": 0})
    return pd.DataFrame(rows, columns=list(SCALARS))


def _face(face_id: int, faces: int, when: float) -> dict[str, float]:
    middle = (face_id + 0.5) / faces
    smile = float(np.exp(-(((when - middle) * 6) ** 2)))
    happy = 0.05 + 0.9 * smile
    emotions = dict.fromkeys(EMOTIONS, (1 - happy) * 0.05) | {"happy": happy}
    emotions["neutral"] += 1 - sum(emotions.values())
    units = dict.fromkeys(ACTION_UNITS, 0.3) | {"AU12": 4.5 * smile, "AU06": 3 * smile}
    return (
        {"face_id": face_id, "success": 1, "confidence": 0.99}
        | {"face_x": 40.0 + 150 * face_id, "face_y": 120.0, "face_width": 120.0}
        | {"face_height": 150.0, "pose_yaw": 5.0, "pose_pitch": -3.0, "pose_roll": 1.0}
        | {f"emotion_{name}": value for name, value in emotions.items()}
        | {f"{name}_r": value for name, value in units.items()}
        | {f"{name}_{side}_r": units[name] for name in PAIRED for side in SIDES}
    )


def recording(
    rows: pd.DataFrame | None = None, kind: str = "video", name: str = "clip.mp4", **changes: Any
) -> Recording:
    """A recording of these rows, or of ``table()``."""
    rows = table() if rows is None else rows
    frames = int(rows["frame"].nunique())
    still = kind == "picture"
    source = Source(
        name,
        f"/videos/{name}",
        kind,
        WIDTH,
        HEIGHT,
        None if still else FPS,
        frames,
        None if still else frames / FPS,
    )
    values: dict[str, Any] = {
        "source": source,
        "options": {"detector": "blazeface", "faces": 10, "every": 1, "start": None},
        "models": (Model("emotion_cnn", "emotion_cnn.onnx", "0123456789abcdef" * 4, "MIT"),),
        "version": "0.1.0",
        "frames": frames,
        "complete": True,
    }
    arrow = pa.Table.from_pandas(rows, schema=_SCALARS, preserve_index=False)
    return Recording(arrow, Metadata(**(values | changes)))


def frame(index: int = 0, size: tuple[int, int] = (HEIGHT, WIDTH)) -> Frame:
    """A grey frame."""
    return Frame(np.full((*size, 3), 128, np.uint8), index, index / FPS)
