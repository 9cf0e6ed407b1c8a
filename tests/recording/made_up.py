"""Makes recordings without a camera."""

from __future__ import annotations

from typing import Any

import numpy as np

from duchenne.action_units.names import INTENSITIES
from duchenne.faces.faces import Faces
from duchenne.media.frame import Frame
from duchenne.recording.metadata import Metadata, Model, Source
from duchenne.recording.rows import Rows

PIXELS = np.zeros((4, 4, 3), np.uint8)


def faces(count: int, seed: int = 0) -> Faces:
    random = np.random.default_rng(seed)
    return Faces(
        boxes=random.uniform(0, 100, (count, 4)).astype(np.float32),
        scores=random.uniform(0.5, 1, count).astype(np.float32),
        landmarks=random.uniform(0, 640, (count, 478, 3)).astype(np.float32),
        poses=random.normal(0, 10, (count, 6)).astype(np.float32),
        blendshapes=random.uniform(0, 1, (count, 52)).astype(np.float32),
        track_ids=np.arange(count, dtype=np.int64),
    )


def rows(counts: list[int], fps: float = 10.0) -> Rows:
    """Rows of frames that hold so many faces each."""
    gathered = Rows()
    for i, count in enumerate(counts):
        random = np.random.default_rng(i)
        emotions = random.dirichlet(np.ones(7), count).astype(np.float32)
        units = random.uniform(0, 5, (count, len(INTENSITIES))).astype(np.float32)
        gathered.add(Frame(PIXELS, i, i / fps), faces(count, i), emotions, units)
    return gathered


def metadata(**changes: Any) -> Metadata:
    source = Source("clip.mp4", "/videos/clip.mp4", "video", 640, 480, 10.0, 3, 0.3)
    values: dict[str, Any] = {
        "source": source,
        "options": {"detector": "blazeface", "faces": 10},
        "models": (Model("m", "m.onnx", "00", "MIT"),),
        "version": "0.1.0",
    }
    return Metadata(**(values | changes))
