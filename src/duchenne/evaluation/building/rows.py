"""From a recording to the rows of a data set: a row a frame, or the statistics of a clip."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import pandas as pd

from duchenne.errors import DataError
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.geometry import to_canonical
from duchenne.recording.columns import names_starting
from duchenne.recording.recording import Recording

Features = Literal["aus", "landmarks", "all"]
Per = Literal["frame", "clip"]

STATISTICS: Final = ("mean", "sd", "min", "max")
"""What a row a clip keeps of each feature over the frames with the face; sd divides by n."""

_GROUPS: Final = {"aus": ("AU",), "landmarks": (), "all": ("AU", "emotion_", "pose_", "bs_")}


def feature_rows(
    recording: Recording, features: Features, per: Per, head: CanonicalFace
) -> pd.DataFrame:
    """The features of the face that is seen longest, of several the largest.

    Landmarks are ``lm_0_x`` ... ``lm_477_z`` in cm on the canonical head, without the face's place,
    size and pose: these tell data sets apart, not displays (``faces.geometry.to_canonical``).

    Args:
        recording: of one source.
        features: Action Units; landmarks; or both with emotions, pose and blendshapes.
        per: a row for each frame with the face, beginning with ``frame``, ``timestamp`` and
            ``confidence``; or one row with ``frames``, the share of them with the face
            ``seen``, and each feature's ``STATISTICS`` (``AU12_r_mean`` ...).
        head: the canonical head.

    Raises:
        DataError: no face was found.
    """
    rows = recording.to_frame()
    mine = np.flatnonzero(rows["face_id"] == _chosen_face(recording, rows))
    values = rows.loc[mine, _scalar_names(features)].reset_index(drop=True)
    if features != "aus":
        points = to_canonical(recording.landmarks[mine], head).reshape(len(mine), -1)
        names = [f"lm_{i}_{axis}" for i in range(points.shape[1] // 3) for axis in "xyz"]
        values = pd.concat([values, pd.DataFrame(points, columns=names)], axis=1)
    if per == "frame":
        keys = rows.loc[mine, ["frame", "timestamp", "confidence"]].reset_index(drop=True)
        return pd.concat([keys, values], axis=1)
    frames = int(rows["frame"].nunique())
    return pd.concat(
        [pd.DataFrame({"frames": [frames], "seen": [len(mine) / frames]}), _statistics(values)],
        axis=1,
    )


def _chosen_face(recording: Recording, rows: pd.DataFrame) -> int:
    faces = recording.face_ids
    if not faces:
        raise DataError(f"{recording.metadata.source.name} shows no face that was found.")
    seen = rows[rows["success"] == 1].groupby("face_id")
    area = seen["face_width"].mean() * seen["face_height"].mean()
    counts = seen.size()
    return max(faces, key=lambda face: (int(counts[face]), float(area[face])))


def _scalar_names(features: Features) -> list[str]:
    return [name for prefix in _GROUPS[features] for name in names_starting(prefix)]


def _statistics(values: pd.DataFrame) -> pd.DataFrame:
    data = values.to_numpy(np.float64)
    found = np.stack([data.mean(axis=0), data.std(axis=0), data.min(axis=0), data.max(axis=0)])
    names = [f"{name}_{statistic}" for name in values.columns for statistic in STATISTICS]
    return pd.DataFrame(found.T.reshape(1, -1), columns=names)
