"""PEDFE's clips for the audit: how each was filmed, from its table, its frames and its crops."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from duchenne.errors import DataError, reason
from duchenne.evaluation.audit.faces import movement
from duchenne.evaluation.audit.items import THUMBNAIL, AuditSet, Names, nobody, texts
from duchenne.evaluation.audit.listing import said
from duchenne.evaluation.audit.measuring import pixel_key
from duchenne.evaluation.audit.pixels import merged, picture_nuisances, thumbnail
from duchenne.evaluation.datasets.pedfe import (
    SCORE_SCALE,
    SIDE,
    STEPS_A_PIXEL,
    decode_crop,
    fer_crop,
    read_clips,
)
from duchenne.evaluation.datasets.pedfe_frames import FRAME_SIZE, STORED
from duchenne.faces import BLENDSHAPES

Matrix = NDArray[np.float64]

_CHEEKS: Final = (234, 454)
_LABELS: Final = ("type", "emotion")
_PICTURE: Final = (
    "brightness", "contrast", "dark", "bright", "sharpness", "noise", "compression", "vignette",
)  # fmt: skip


def pedfe_set(folder: Path, label: str = "type") -> AuditSet:
    """The clips of PEDFE, labelled by type (genuine or posed) or by emotion.

    Raises:
        DataError: a table is not there or lacks columns, or the label is neither.
    """
    if label not in _LABELS:
        raise DataError(f"PEDFE's clips are labelled by {' or '.join(_LABELS)}, not by {label!r}.")
    clips = read_clips(folder)
    posed, strength, neutral, content = _faces(folder, clips["code"].tolist())
    looks, thumbnails, keys, crops = _crops(folder, clips["code"].tolist())
    filmed = {
        name: clips[column].to_numpy(np.float64)
        for name, column in (("duration", "duration_s"), ("frame rate", "fps"))
        if column in clips.columns
    }
    other = next(name for name in _LABELS if name != label)
    groups = {other: texts(clips[other])}
    if "gender" in clips.columns:
        groups["gender"] = said(clips["gender"])
    return AuditSet(
        name="PEDFE" if label == "type" else "PEDFE, emotions",
        kind="clips",
        names=texts(clips["code"]),
        label=texts(clips[label]),
        subject=said(clips["subject"]),
        source=nobody(len(clips)),
        split=nobody(len(clips)),
        categories=groups,
        nuisances=filmed | posed | looks,
        intensity={"strength": strength},
        neutral=neutral,
        content=content,
        thumbnails=thumbnails,
        keys=keys,
        notes=(
            "Brightness, contrast and the like are those of crops of the face: medians of a clip.",
        ),
        content_name="mean and highest blendshape scores",
        pictures=crops,
    )


def _faces(folder: Path, codes: list[str]) -> tuple[dict[str, Matrix], Matrix, Matrix, Matrix]:
    """Nuisances, strength, quietest frames (N, 55) and content (N, 104) from the table of frames.

    What is not known of a clip is NaN in the nuisances, the mean of the others elsewhere.
    """
    path = folder / "frames.parquet"
    scores = [f"bs_{name}" for name in BLENDSHAPES]
    ends = [f"{axis}_{point}" for axis in "xy" for point in _CHEEKS if point in STORED]
    wanted = ["code", "success", "pitch", "yaw", "roll", "tz", *ends, *scores]
    try:
        table = pq.read_table(path, columns=wanted).to_pandas()
    except Exception as error:  # whatever Arrow lets out
        raise DataError(f"{path} is not PEDFE's table of frames: {reason(error)}.") from error
    seen = table["success"].astype(bool)
    share = seen.groupby(table["code"]).mean().reindex(codes).to_numpy(np.float64)
    groups = dict(iter(table[seen].groupby("code")))
    if not any(code in groups for code in codes):
        raise DataError(f"{path} shows a face in none of the clips.")
    rows = [_clip(groups.get(code), scores) for code in codes]
    nuisances = {"face seen": share} | merged([row[0] for row in rows])
    strength = _together([row[1] for row in rows])[:, 0]
    neutral, content = _together([row[2] for row in rows]), _together([row[3] for row in rows])
    return nuisances, strength, neutral, content


def _clip(
    frames: pd.DataFrame | None, scores: list[str]
) -> tuple[dict[str, float], Matrix | None, Matrix | None, Matrix | None]:
    if frames is None:
        return {}, None, None, None
    about = {name: float(frames[name].median()) for name in ("pitch", "yaw", "roll")}
    about["distance"] = float(frames["tz"].median())
    x = frames[[name for name in frames.columns if name.startswith("x_")]].to_numpy(np.float64)
    y = frames[[name for name in frames.columns if name.startswith("y_")]].to_numpy(np.float64)
    if x.shape[1] == len(_CHEEKS):
        width, height = (side * STEPS_A_PIXEL for side in FRAME_SIZE)
        about["face width"] = float(
            np.median(np.hypot(*(np.ptp(v, axis=1) for v in (x, y)))) / width
        )
        about["face x"] = float(np.median(x.mean(axis=1)) / width)
        about["face y"] = float(np.median(y.mean(axis=1)) / height)
    values = frames[scores].to_numpy(np.float64) / SCORE_SCALE
    poses = frames[["pitch", "yaw", "roll"]].to_numpy(np.float64)
    strength, neutral, content = movement(values, poses)
    return about, np.array([strength]), neutral, content


def _crops(
    folder: Path, codes: list[str]
) -> tuple[dict[str, Matrix], NDArray[np.uint8] | None, Names | None, NDArray[np.object_] | None]:
    """Looks, small pictures, keys and loaders of the middle crops; nothing without the file."""
    path = folder / "crops.parquet"
    if not path.is_file():
        return {}, None, None, None
    try:
        table = pq.read_table(path, columns=["code", "image"]).to_pandas()
    except Exception as error:  # whatever Arrow lets out
        raise DataError(f"{path} is not PEDFE's table of crops: {reason(error)}.") from error
    groups = {code: rows["image"].tolist() for code, rows in table.groupby("code")}
    looks: list[dict[str, float]] = []
    pictures = np.empty(len(codes), np.object_)
    small, keys = np.zeros((len(codes), THUMBNAIL, THUMBNAIL), np.uint8), [""] * len(codes)
    for place, code in enumerate(codes):
        blobs = groups.get(code, [])
        crops = [decode_crop(blob, path) for blob in blobs[:: max(1, len(blobs) // 4)]]
        each = [picture_nuisances(crop) for crop in crops]
        looks.append({n: float(np.median([one[n] for one in each])) for n in _PICTURE if each})
        if crops:
            middle = crops[len(crops) // 2]
            small[place], keys[place] = thumbnail(middle), pixel_key(middle)
        else:
            middle = np.zeros((SIDE, SIDE), np.uint8)
        pictures[place] = partial(fer_crop, middle)
    return merged(looks), small, np.array(keys), pictures


def _together(rows: list[Matrix | None]) -> Matrix:
    middle = np.mean([row for row in rows if row is not None], axis=0)
    return np.stack([middle if row is None else row for row in rows])
