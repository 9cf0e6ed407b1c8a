"""Reads FER-2013 in every layout it is passed around in.

Goodfellow et al., "Challenges in Representation Learning", ICML 2013 workshop.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, cast, get_args

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray
from PIL import Image

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError, reason
from duchenne.evaluation.datasets.ferplus import VOTES, votes_beside, votes_of

Split = Literal["Training", "PublicTest", "PrivateTest"]
SPLITS: Final[tuple[Split, ...]] = get_args(Split)
SIDE: Final = 48

# Kaggle's folder edition has only "train" and "test"; see ``read_fer2013`` for what that means.
_FOLDER_SPLITS: Final[dict[str, Split]] = {
    "train": "Training",
    "training": "Training",
    "publictest": "PublicTest",
    "validation": "PublicTest",
    "val": "PublicTest",
    "valid": "PublicTest",
    "privatetest": "PrivateTest",
    "test": "PrivateTest",
}
_CLASS_SYNONYMS: Final = {
    "anger": "angry",
    "disgusted": "disgust",
    "fearful": "fear",
    "happiness": "happy",
    "sadness": "sad",
    "surprised": "surprise",
}
_MIXED: Final = (
    'the folder edition keeps PublicTest and PrivateTest together in "test", which is read as '
    "PrivateTest"
)
_PICTURE_SUFFIXES: Final = {".png", ".jpg", ".jpeg", ".webp", ".bmp"}


@dataclass(frozen=True)
class Fer2013:
    """FER-2013 in memory.

    Attributes:
        images: (N, 48, 48) uint8 grey pictures.
        labels: (N,) int64 class indices into ``EMOTIONS``.
        usage: (N,) official split of each row: Training, PublicTest or PrivateTest.
        warning: what a reader of numbers on this copy should know; empty for the original.
        votes: (N, 10) int64 FER+ votes in the order of ``ferplus.VOTES``; None where this copy
            holds none.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    usage: NDArray[np.str_]
    warning: str = ""
    votes: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        rows = len(self.labels)
        if self.images.shape != (rows, SIDE, SIDE) or self.usage.shape != (rows,):
            raise DataError(
                f"FER-2013 needs images ({rows}, {SIDE}, {SIDE}) and usage ({rows},), "
                f"got {self.images.shape} and {self.usage.shape}."
            )
        if self.votes is not None and self.votes.shape != (rows, len(VOTES)):
            raise DataError(f"FER+ votes are ({rows}, {len(VOTES)}), got {self.votes.shape}.")
        _check(self.labels, self.usage)

    def __len__(self) -> int:
        return len(self.labels)

    def split(self, name: str) -> Fer2013:
        """The rows of one official split.

        Raises:
            DataError: no such split, or the data set holds none of its rows.
        """
        if name not in SPLITS:
            raise DataError(f"FER-2013 has no split {name!r}; choose one of {', '.join(SPLITS)}.")
        chosen = self.usage == name
        if not chosen.any():
            why = f": {self.warning}; use fer2013.csv instead" if self.warning else ""
            raise DataError(f"This copy of FER-2013 holds no {name} rows{why}.")
        return self.rows(chosen)

    def rows(self, chosen: NDArray[np.bool_]) -> Fer2013:
        """Only the chosen rows; ``chosen`` is (N,) bool."""
        return replace(
            self,
            images=self.images[chosen],
            labels=self.labels[chosen],
            usage=self.usage[chosen],
            votes=None if self.votes is None else self.votes[chosen],
        )

    def copies_of(self, split: str) -> NDArray[np.bool_]:
        """Which rows stand, pixel for pixel, in ``split`` too: (N,) bool."""
        known = {image.tobytes() for image in self.split(split).images}
        return np.array([image.tobytes() in known for image in self.images], dtype=bool)


def read_fer2013(path: str | Path) -> Fer2013:
    """Read FER-2013 from ``fer2013.csv``, ``icml_face_data.csv``, Parquet, or class folders.

    Kaggle's folder edition has the folders ``train`` and ``test`` only; its 7,178 ``test``
    pictures are PublicTest and PrivateTest together and cannot be told apart. They are read as
    PrivateTest, with a ``warning``: numbers on them are not comparable with the literature, and
    with no PublicTest to choose epochs on, that copy does not serve to train either.

    FER+ votes come with the Parquet file (columns ``votes_neutral`` and on), or out of the official
    ``fer2013new.csv`` where it stands beside the file.

    Args:
        path: the file, or a folder that holds one of them or ``<split>/<class>/*.png``.

    Raises:
        DataError: nothing readable is there, or a row is malformed.
    """
    source = Path(path)
    if source.is_dir():
        return _read_folder(source)
    if not source.is_file():
        raise DataError(f"No FER-2013 at {source}: give the CSV, the Parquet file or its folder.")
    if source.suffix == ".parquet":
        return _read_parquet(source)
    if source.suffix == ".csv":
        return _read_csv(source)
    raise DataError(f"{source.name} is neither .csv nor .parquet, the two files FER-2013 comes in.")


def _read_folder(folder: Path) -> Fer2013:
    for name in ("fer2013.parquet", "fer2013.csv", "icml_face_data.csv"):
        if (folder / name).is_file():
            return read_fer2013(folder / name)
    return _read_class_folders(folder)


def _read_parquet(path: Path) -> Fer2013:
    needed = ["image", "usage", "emotion"]
    try:
        stored = set(pq.read_schema(path).names)
        voted = [f"votes_{vote}" for vote in VOTES if f"votes_{vote}" in stored]
        table = pd.read_parquet(path, columns=needed + voted)
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{path.name} is not FER-2013 as Parquet: {reason(error)}.") from error
    _refuse_empty(table, path)
    images = np.stack([_decode(blob) for blob in table["image"]])
    usage = _usage(table["usage"])
    if voted:
        named = {f"votes_{vote}": vote for vote in VOTES}
        votes: NDArray[np.int64] | None = votes_of(table.rename(columns=named), path.name)
    else:
        votes = votes_beside(path, usage)
    return Fer2013(images, _labels(table["emotion"], path), usage, votes=votes)


def _read_csv(path: Path) -> Fer2013:
    try:
        # icml_face_data.csv is the same table with blanks in front of its column names.
        table = pd.read_csv(path, skipinitialspace=True)
    except (OSError, ValueError) as error:
        raise DataError(f"{path.name} is not a CSV table: {reason(error)}.") from error
    table.columns = [str(name).strip() for name in table.columns]
    missing = {"emotion", "pixels", "Usage"} - set(table.columns)
    if missing:
        raise DataError(f"{path.name} lacks the column(s) {', '.join(sorted(missing))}.")
    _refuse_empty(table, path)
    images = np.stack([_parse_pixels(text, row) for row, text in enumerate(table["pixels"])])
    usage = _usage(table["Usage"])
    labels = _labels(table["emotion"], path)
    return Fer2013(images, labels, usage, votes=votes_beside(path, usage))


def _refuse_empty(table: pd.DataFrame, path: Path) -> None:
    if table.empty:
        raise DataError(f"{path.name} holds no rows.")


def _labels(column: pd.Series, path: Path) -> NDArray[np.int64]:
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    wrong = np.flatnonzero(~np.isin(numbers, np.arange(len(EMOTIONS))))
    if wrong.size:
        raise DataError(
            f"Row {wrong[0]} of {path.name} has emotion {column.iloc[wrong[0]]!r}; FER-2013's "
            f"labels are 0 to {len(EMOTIONS) - 1}."
        )
    return np.asarray(numbers, np.int64)


def _usage(column: pd.Series) -> NDArray[np.str_]:
    return np.asarray(column.astype(str).str.strip().to_list(), dtype=np.str_)


def _check(labels: NDArray[np.int64], usage: NDArray[np.str_]) -> None:
    if labels.size and not (labels.min() >= 0 and labels.max() < len(EMOTIONS)):
        raise DataError(f"FER-2013's labels are 0 to {len(EMOTIONS) - 1}.")
    unknown = sorted(set(usage.tolist()) - set(SPLITS))
    if unknown:
        raise DataError(f"FER-2013 has no usage {unknown[0]!r}; it has {', '.join(SPLITS)}.")


def _parse_pixels(text: object, row: int) -> NDArray[np.uint8]:
    try:
        values = np.array([int(value) for value in str(text).split()])
    except ValueError as error:
        raise DataError(f"Row {row} has pixels that are not whole numbers.") from error
    if values.size != SIDE * SIDE:
        raise DataError(f"Row {row} has {values.size} pixels where FER-2013 has {SIDE * SIDE}.")
    if values.min() < 0 or values.max() > 255:
        raise DataError(f"Row {row} has pixels outside 0 to 255.")
    return values.astype(np.uint8).reshape(SIDE, SIDE)


def _read_class_folders(folder: Path) -> Fer2013:
    images, labels, usage = [], [], []
    for picture, split, label in _class_folder_files(folder):
        images.append(_decode(picture.read_bytes()))
        labels.append(label)
        usage.append(split)
    if not images:
        raise DataError(
            f"{folder} holds neither fer2013.csv, icml_face_data.csv, fer2013.parquet "
            "nor folders like train/happy/*.png."
        )
    mixed = any(p.name.lower() == "test" for p in folder.iterdir()) and "PublicTest" not in usage
    return Fer2013(
        np.stack(images),
        np.array(labels, np.int64),
        np.array(usage, np.str_),
        _MIXED if mixed else "",
    )


def _class_folder_files(folder: Path) -> Iterator[tuple[Path, Split, int]]:
    for split_folder in sorted(p for p in folder.iterdir() if p.is_dir()):
        split = _FOLDER_SPLITS.get(split_folder.name.lower())
        if split is None:
            continue
        for class_folder in sorted(p for p in split_folder.iterdir() if p.is_dir()):
            name = class_folder.name.lower()
            name = _CLASS_SYNONYMS.get(name, name)
            if name not in EMOTIONS:
                raise DataError(f"{class_folder} is not one of {', '.join(EMOTIONS)}.")
            for picture in sorted(class_folder.iterdir()):
                if picture.suffix.lower() in _PICTURE_SUFFIXES:
                    yield picture, split, EMOTIONS.index(name)


def _decode(blob: bytes) -> NDArray[np.uint8]:
    try:
        # Pillow, because OpenCV fails on FER-2013's constant pictures as lossless WebP.
        picture = Image.open(io.BytesIO(blob)).convert("L")
    except (OSError, TypeError) as error:
        raise DataError(f"A picture of the data set cannot be decoded: {reason(error)}.") from error
    if picture.size != (SIDE, SIDE):
        picture = picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    return cast("NDArray[np.uint8]", np.asarray(picture, dtype=np.uint8))
