"""Faces labelled with emotion, gender, age and ethnicity, where any of the labels may be missing.

The four questions and their classes are those of Saroop et al. 2021 ("Facial Emotion Recognition:
A multi-task approach using deep learning", arXiv 2110.15028), who took them from RAF-DB. The
labels are what raters saw in a face, not what the person would say about themselves.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.evaluation.datasets.fer2013 import Fer2013

Usage = Literal["Training", "Validation", "Test"]
USAGES: Final[tuple[Usage, ...]] = get_args(Usage)

HEADS: Final[dict[str, tuple[str, ...]]] = {
    "emotion": EMOTIONS,
    "gender": ("male", "female", "unsure"),
    "age": ("0-3", "4-19", "20-39", "40-69", "70+"),
    "ethnicity": ("Caucasian", "African-American", "Asian"),
}
"""The questions in the order of every array and output, with RAF-DB's classes in its own words
(emotions in FER-2013's words and order)."""

UNKNOWN: Final = -1
SIDE: Final = 48

_FER_USAGE: Final[dict[str, Usage]] = {
    "Training": "Training",
    "PublicTest": "Validation",
    "PrivateTest": "Test",
}
_HELD_OUT_OF: Final = 10


@dataclass(frozen=True, eq=False)
class FaceAttributes:
    """Face crops with up to four labels each.

    Attributes:
        images: (N, side, side) uint8 grey crops, eyes level.
        emotion: (N,) int64 class of ``HEADS["emotion"]``, -1 where unknown.
        gender: the same for ``HEADS["gender"]``.
        age: the same for ``HEADS["age"]``.
        ethnicity: the same for ``HEADS["ethnicity"]``.
        usage: (N,) Training, Validation (for every choice) or Test (for nothing but reporting).
        sources: names of the data sets that the rows come from.
        warning: what a reader of numbers on this copy should know; empty where there is nothing.
    """

    images: NDArray[np.uint8]
    emotion: NDArray[np.int64]
    gender: NDArray[np.int64]
    age: NDArray[np.int64]
    ethnicity: NDArray[np.int64]
    usage: NDArray[np.str_]
    sources: tuple[str, ...]
    warning: str = ""

    def __post_init__(self) -> None:
        rows = len(self.usage)
        if self.images.dtype != np.uint8 or self.images.ndim != 3 or len(self.images) != rows:
            raise DataError(
                f"Face crops are ({rows}, side, side) uint8, got {self.images.shape} "
                f"{self.images.dtype}."
            )
        if self.images.shape[1] != self.images.shape[2]:
            raise DataError(f"Face crops are square, got {self.images.shape[1:]}.")
        for name, classes in HEADS.items():
            _check_labels(getattr(self, name), name, len(classes), rows)
        strange = sorted(set(self.usage.tolist()) - set(USAGES))
        if strange:
            raise DataError(f"No usage {strange[0]!r}; there are {', '.join(USAGES)}.")

    def __len__(self) -> int:
        return len(self.usage)

    @property
    def side(self) -> int:
        """Pixels of a crop, down or across."""
        return int(self.images.shape[1])

    @property
    def labels(self) -> NDArray[np.int64]:
        """(N, 4) the labels in the order of ``HEADS``, -1 where unknown."""
        return np.stack([getattr(self, name) for name in HEADS], axis=1)

    def rows(self, chosen: NDArray[np.bool_]) -> FaceAttributes:
        """Only the chosen rows; ``chosen`` is (N,) bool."""
        arrays = ("images", *HEADS, "usage")
        return replace(self, **{name: getattr(self, name)[chosen] for name in arrays})

    def split(self, name: str) -> FaceAttributes:
        """The rows of one usage.

        Raises:
            DataError: no such usage, or the data set holds none of its rows.
        """
        if name not in USAGES:
            raise DataError(f"There is no split {name!r}; choose one of {', '.join(USAGES)}.")
        chosen = self.usage == name
        if not chosen.any():
            why = f": {self.warning}" if self.warning else ""
            raise DataError(f"{' and '.join(self.sources)} holds no {name} rows{why}.")
        return self.rows(chosen)


def join(parts: Sequence[FaceAttributes]) -> FaceAttributes:
    """Several data sets as one, in their order.

    Raises:
        DataError: there are none, or their crops differ in size.
    """
    if not parts:
        raise DataError("There is no data set to learn from: name one at least.")
    sides = {part.side for part in parts}
    if len(sides) > 1:
        sizes = " and ".join(str(side) for side in sorted(sides))
        raise DataError(f"The crops have sides of {sizes} pixels: read them all at one size.")
    arrays = ("images", *HEADS, "usage")
    return FaceAttributes(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in arrays},
        sources=tuple(dict.fromkeys(name for part in parts for name in part.sources)),
        warning="; ".join(part.warning for part in parts if part.warning),
    )


def from_fer2013(data: Fer2013) -> FaceAttributes:
    """FER-2013 as a source of emotions only; PublicTest validates, PrivateTest tests.

    Its crops are what the other sets' are made like, but for their eyes, which are not levelled.
    """
    unknown = np.full(len(data), UNKNOWN, np.int64)
    return FaceAttributes(
        images=data.images,
        emotion=data.labels,
        gender=unknown,
        age=unknown,
        ethnicity=unknown,
        usage=np.array([_FER_USAGE[str(name)] for name in data.usage], np.str_),
        sources=("FER-2013",),
        warning=data.warning,
    )


def from_table(
    images: list[NDArray[np.uint8]],
    labels: Sequence[tuple[int, int, int, int]],
    usage: Sequence[str],
    source: str,
    warning: str = "",
) -> FaceAttributes:
    """What a reader gathered row by row; labels in the order of ``HEADS``."""
    columns = np.array(labels, np.int64).reshape(-1, len(HEADS)).T
    named = dict(zip(HEADS, columns, strict=True))
    faces = np.stack(images)
    return FaceAttributes(faces, **named, usage=np.array(usage), sources=(source,), warning=warning)


def share_of(name: str) -> int:
    """A number from 0 to 9 that depends on a file's name alone (CRC-32).

    So the same file is held out on every machine, in whatever order a folder lists its files.
    """
    return zlib.crc32(name.encode()) % _HELD_OUT_OF


def grey_crop(pixels: NDArray[np.uint8], side: int = SIDE) -> NDArray[np.uint8]:
    """An RGB picture (H, W, 3) of one face as a grey crop (side, side), scaled as a whole."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    shrinks = min(grey.shape) >= side
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, (side, side), interpolation=how), np.uint8)


def check_side(side: int) -> None:
    """Raise a DataError where ``side`` is no size for a crop."""
    if not 16 <= side <= 1024:
        raise DataError(f"A crop's side is 16 to 1024 pixels, not {side}.")


def _check_labels(labels: NDArray[np.int64], name: str, classes: int, rows: int) -> None:
    if labels.shape != (rows,):
        raise DataError(f"Labels of {name} are ({rows},), got {labels.shape}.")
    if rows and not (labels.min() >= UNKNOWN and labels.max() < classes):
        raise DataError(f"Labels of {name} are 0 to {classes - 1}, or -1 where unknown.")
