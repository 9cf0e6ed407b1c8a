"""Reads PEDFE's clips and face crops: people filmed in genuine and in posed expressions.

Miolla, Cardaioli and Scarpazza, "Padova Emotional Dataset of Facial Expressions", Behavior Research
Methods 55, 2023. For research use; nothing of it is part of this package.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from duchenne.errors import DataError, reason
from duchenne.faces.faces import LANDMARKS
from duchenne.faces.geometry import CROP, LEFT_EYE, RIGHT_EYE, aligned_crop

PEDFE_EMOTIONS: Final[dict[str, str]] = {
    "anger": "angry",
    "disgust": "disgust",
    "fear": "fear",
    "happiness": "happy",
    "sadness": "sad",
    "surprise": "surprise",
}
"""PEDFE's six emotions and FER-2013's names for them."""

KINDS: Final = ("genuine", "posed")
SIDE: Final = 112
STEPS_A_PIXEL: Final = 16
"""PEDFE's table of frames holds landmarks in sixteenths of a pixel."""

SCORE_SCALE: Final = 65535
"""What a blendshape score of 1 is in PEDFE's table of frames."""

EYES: Final = ((0.32 * SIDE, 0.38 * SIDE), (0.68 * SIDE, 0.38 * SIDE))
"""Where the eyes lie in PEDFE's crops, in pixels from the corner, the person's right eye first."""

_COLUMNS: Final = ("code", "subject", "type", "emotion", "hit_rate_emotion")
_AT_A_TIME: Final = 256


def read_clips(folder: str | Path) -> pd.DataFrame:
    """The table of clips: at least code, subject, type, emotion, hit_rate_emotion (percent).

    Raises:
        DataError: it is not there, lacks a column, or holds values that are not PEDFE's.
    """
    path = Path(folder) / "clips.csv"
    if not path.is_file():
        raise DataError(f"No PEDFE at {folder}: its folder holds clips.csv and crops.parquet.")
    try:
        clips = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise DataError(f"{path} is not a CSV table: {reason(error)}.") from error
    missing = [name for name in _COLUMNS if name not in clips.columns]
    if missing:
        raise DataError(f"{path} lacks the column(s) {', '.join(missing)}.")
    for column, known in (("emotion", list(PEDFE_EMOTIONS)), ("type", list(KINDS))):
        strange = clips.loc[~clips[column].isin(known), column]
        if not strange.empty:
            raise DataError(f"{path} has {column} {strange.iloc[0]!r}; known: {', '.join(known)}.")
    rates = pd.to_numeric(clips["hit_rate_emotion"], errors="coerce")
    if not rates.between(0, 100).all():
        raise DataError(f"{path} has a hit_rate_emotion outside 0 to 100 percent.")
    if clips.empty or clips["code"].duplicated().any():
        raise DataError(f"{path} should have a row a clip, each code once.")
    return clips.assign(hit_rate_emotion=rates)


def read_crops(folder: str | Path) -> Iterator[tuple[NDArray[np.str_], NDArray[np.uint8]]]:
    """The crops as the emotion networks know faces, some at a time so that memory stays flat.

    Yields:
        (n,) codes of the clips and (n, 48, 48) uint8 grey crops.

    Raises:
        DataError: the file is not there, or is not PEDFE's.
    """
    path = Path(folder) / "crops.parquet"
    if not path.is_file():
        raise DataError(f"No PEDFE crops at {path}.")
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_AT_A_TIME, columns=["code", "image"]):
                codes = np.array(batch["code"].to_pylist(), np.str_)
                crops = [decode_crop(blob, path) for blob in batch["image"].to_pylist()]
                yield codes, np.stack([fer_crop(crop) for crop in crops])
    except (pa.ArrowException, KeyError, OSError) as error:
        raise DataError(f"{path} is not PEDFE's table of crops: {reason(error)}.") from error


def fer_crop(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One of PEDFE's crops, (112, 112) grey, brought to FER-2013's place and size: (48, 48).

    By the pipeline's own ``aligned_crop``, so sampling and border rule are the same: beyond the
    crop (a strip of 1.3 pixels at the top) its edge repeats. Two things differ and stay so: pixels
    outside the face, black at the source, stay black where our own crops show the surroundings;
    and the eyes of a turned face were brought to one distance on the picture, not in space.
    """
    landmarks = np.zeros((LANDMARKS, 3), np.float32)
    for corners, eye in zip((RIGHT_EYE, LEFT_EYE), EYES, strict=True):
        landmarks[list(corners), :2] = eye
    return aligned_crop(crop, landmarks, CROP)


def decode_crop(blob: bytes | None, table: Path) -> NDArray[np.uint8]:
    """One of PEDFE's crops as it lies in the table: (112, 112) grey.

    Args:
        blob: of the column ``image``.
        table: where it comes from, for the message.

    Raises:
        DataError: it is no picture, or has another size.
    """
    # OpenCV raises an error of its own where there is nothing to decode.
    picture = cv2.imdecode(np.frombuffer(blob, np.uint8), cv2.IMREAD_GRAYSCALE) if blob else None
    if picture is None or picture.shape != (SIDE, SIDE):
        raise DataError(f"{table} has a crop that is no picture of {SIDE} x {SIDE} pixels.")
    return np.asarray(picture, np.uint8)
