"""PEDFE's frames for Action Units: points without head pose, by person, clip and emotion.

Padova Emotional Dataset of Facial Expressions (Miolla, Cardaioli and Scarpazza 2023, Behavior
Research Methods 55, 2559): ``clips.csv`` and ``frames.parquet`` of the shared data. Every other
person, counted in the order of their numbers, is in the half that formulas are chosen by; results
are reported on the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from duchenne.action_units.points import POINTS
from duchenne.action_units.readings import features_of
from duchenne.errors import DataError, reason
from duchenne.evaluation.datasets.pedfe import SCORE_SCALE, STEPS_A_PIXEL
from duchenne.faces.blendshapes import BLENDSHAPES
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.faces import LANDMARKS
from duchenne.faces.geometry import to_canonical

EVERY: Final = 3
"""One frame in three: neighbours hardly differ at 24 to 36 frames a second."""

_CLIPS: Final = ("code", "subject", "type", "emotion")


@dataclass(frozen=True, eq=False)
class PedfeFrames:
    """Frames with a face.

    Attributes:
        features: (n, 709) as ``duchenne.action_units.readings`` takes them.
        turned: (n,) degrees of yaw and pitch together.
        times: (n,) s since the clip's first frame.
        clip: (n,) place in ``clips``.
        clips: a row each, with subject, type and emotion.
    """

    features: NDArray[np.float32]
    turned: NDArray[np.float32]
    times: NDArray[np.float64]
    clip: NDArray[np.intp]
    clips: pd.DataFrame

    @property
    def subject(self) -> NDArray[np.int64]:
        """(n,) whose frame it is."""
        return np.asarray(self.clips["subject"].to_numpy(np.int64)[self.clip])

    @property
    def chosen_by(self) -> NDArray[np.bool_]:
        """(clips,) those of the people by whom formulas were chosen."""
        return np.isin(self.clips["subject"], np.unique(self.clips["subject"])[::2])


def read_pedfe(folder: Path, face: CanonicalFace) -> PedfeFrames:
    """Read PEDFE's clips and every third frame.

    Raises:
        DataError: a file is missing, or lacks a column.
    """
    try:
        clips = pd.read_csv(folder / "clips.csv")[list(_CLIPS)]
        with pq.ParquetFile(folder / "frames.parquet") as file:
            rows = file.read(["code", "success", "time", "pitch", "yaw"]).to_pandas()
            kept = (np.arange(len(rows)) % EVERY == 0) & (rows["success"] == 1).to_numpy()
            features = _features(file, kept, face)
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"{folder} does not hold PEDFE's tables: {reason(error)}.") from error
    rows = rows[kept]
    place = pd.Index(clips["code"]).get_indexer(rows["code"])
    if (place < 0).any():
        raise DataError(f"{folder}/frames.parquet has clips that clips.csv does not name.")
    turned = np.hypot(rows["pitch"], rows["yaw"]).to_numpy(np.float32)
    return PedfeFrames(features, turned, rows["time"].to_numpy(float), place, clips)


def _features(file: Any, kept: NDArray[np.bool_], face: CanonicalFace) -> NDArray[np.float32]:
    count = int(kept.sum())
    names = {axis: f"{axis}_" for axis in "xyz"}
    landmarks = np.zeros((count, LANDMARKS, 3), np.float32)
    for point in (*POINTS, *(int(anchor) for anchor in face.anchors)):
        columns = [f"{prefix}{point}" for prefix in names.values()]
        table = file.read(columns)
        for axis, column in enumerate(columns):
            landmarks[:, point, axis] = table[column].to_numpy()[kept] / STEPS_A_PIXEL
    scores = file.read([f"bs_{name}" for name in BLENDSHAPES]).to_pandas().to_numpy(np.float32)
    placed = to_canonical(landmarks, face)[:, list(POINTS)]
    return features_of(placed, scores[kept] / SCORE_SCALE)
