"""PEDFE's clips as recordings. Its videos are not passed on, only landmarks and blendshapes."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from duchenne import Faces, Frame, Recording
from duchenne.action_units.names import INTENSITIES
from duchenne.evaluation.datasets.pedfe_frames import FRAME_SIZE, ClipFrames, read_clip_frames
from duchenne.expressions.track import canonical_face
from duchenne.recording.metadata import Metadata, Source
from duchenne.recording.rows import Rows

_NO_PIXELS = np.zeros((1, 1, 3), np.uint8)


def recordings(folder: Path, clips: pd.DataFrame) -> Iterator[Recording]:
    """A recording of each clip of a table, in its order; emotions are not in PEDFE's tables."""
    for clip in read_clip_frames(folder, clips, canonical_face()):
        yield _recording(clip)


def _recording(clip: ClipFrames) -> Recording:
    rows, points, units = Rows(), clip.landmarks(), clip.intensities()
    low, high = np.nanmin(points[..., :2], axis=1), np.nanmax(points[..., :2], axis=1)
    poses = np.full((len(clip), 6), np.nan, np.float32)
    poses[:, :3] = clip.pose
    for k, time in enumerate(clip.times):
        one = slice(k, k + 1)
        faces = Faces(
            boxes=np.concatenate([low[one], high[one] - low[one]], axis=1),
            scores=np.ones(1, np.float32),
            landmarks=points[one],
            poses=poses[one],
            blendshapes=clip.blendshapes[one],
            track_ids=np.zeros(1, np.int64),
        )
        unknown = np.full((1, 7), np.nan, np.float32)
        rows.add(Frame(_NO_PIXELS, k, float(time)), faces, unknown, units[one])
    width, height = FRAME_SIZE
    source = Source(f"PEDFE {clip.code}", clip.code, "video", width, height)
    metadata = Metadata(
        source, {}, (), version("duchenne"), clip.code.split("_")[0], len(clip), True
    )
    assert units.shape[1] == len(INTENSITIES)
    return Recording.from_rows(rows.take(), metadata)
