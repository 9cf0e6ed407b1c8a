"""Reads UTKFace: faces whose file names tell age, gender and race.

Zhang, Song and Qi, "Age Progression/Regression by Conditional Adversarial Autoencoder", CVPR 2017.
For research that is not commercial; nothing of it is part of this package.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.evaluation.datasets.face_attributes import (
    SIDE,
    UNKNOWN,
    FaceAttributes,
    check_side,
    from_table,
    grey_crop,
    share_of,
)
from duchenne.faces.geometry import aligned_crop
from duchenne.faces.tracker import FaceTracker
from duchenne.media.pictures import read_picture

SOURCE: Final = "UTKFace"
SOURCE_LEVELLED: Final = "UTKFace with eyes levelled"
OLDEST: Final = 116

ETHNICITY_OF_RACE: Final = (0, 1, 2, UNKNOWN, UNKNOWN)
"""UTKFace's White, Black, Asian, Indian, Others as Caucasian, African-American, Asian of ``HEADS``.

RAF-DB does not say where its raters put the last two, so that they are left unknown."""

_AGES: Final = (3, 19, 39, 69)
"""The last year of each of RAF-DB's ranges but the open one."""

_NAME: Final = re.compile(r"(\d{1,3})_([01])_([0-4])_\d{8,}")
_WITHOUT_ONE: Final = re.compile(r"(\d{1,3})_(?:\d|_\d)_\d{8,}")
_USAGE_OF_TENTH: Final = {0: "Validation", 1: "Test"}


def read_utkface(
    folder: str | Path,
    side: int = SIDE,
    tracker: FaceTracker | None = None,
    on_progress: Callable[[int], object] | None = None,
) -> FaceAttributes:
    """Read every ``[age]_[gender]_[race]_[date].jpg`` below a folder, without emotions.

    The layout is that of the authors' page (susanqq.github.io/UTKFace): age 0 to 116; gender
    0 male, 1 female; race 0 White, 1 Black, 2 Asian, 3 Indian, 4 Others. Ages become RAF-DB's five
    ranges, races its three (``ETHNICITY_OF_RACE``); nobody is "unsure". A few of the published
    names lack gender or race, and not all say which of the two: those keep their age alone.

    UTKFace has no splits: by the CRC-32 of their names, a tenth of the files is Validation and
    another Test. Several pictures may show one person, which nobody labelled, so that figures on
    the held-out tenths can be too good.

    Args:
        folder: of the pictures, at any depth.
        side: of the crops, in pixels.
        tracker: finds each face, to cut it out with level eyes as our own crops are; pictures in
            which it finds none are left out. Without one, the pictures are scaled as a whole,
            which suits the published aligned and cropped faces.
        on_progress: told how many more pictures are read.

    Raises:
        DataError: there are no pictures, a name is not UTKFace's, or no face is found at all.
        MediaError: a picture is broken.
    """
    check_side(side)
    files = picture_files(Path(folder))
    images, labels, usage = [], [], []
    for file in files:
        gender, age, ethnicity = parse_name(file.name)
        crop = _crop(read_picture(file), side, tracker)
        if on_progress is not None:
            on_progress(1)
        if crop is None:
            continue
        images.append(crop)
        labels.append((UNKNOWN, gender, age, ethnicity))
        usage.append(_USAGE_OF_TENTH.get(share_of(file.name), "Training"))
    if not images:
        raise DataError(f"No face is found in the {len(files)} pictures of {folder}.")
    without = len(files) - len(images)
    warning = f"no face found in {without} of UTKFace's {len(files)} pictures" if without else ""
    name = SOURCE if tracker is None else SOURCE_LEVELLED
    return from_table(images, labels, usage, name, warning)


def picture_files(folder: Path) -> list[Path]:
    """The JPEG files below a folder, hidden ones left out, ordered by their place.

    Raises:
        DataError: there is no such folder, or it holds none.
    """
    if not folder.is_dir():
        raise DataError(f"No UTKFace at {folder}: give the folder of its pictures.")
    files = sorted(
        file
        for file in folder.rglob("*")
        if file.suffix.lower() in {".jpg", ".jpeg"} and not file.name.startswith(".")
    )
    if not files:
        raise DataError(f"{folder} holds no pictures like 25_1_0_20170116174525125.jpg.")
    return files


def parse_name(name: str) -> tuple[int, int, int]:
    """Gender, age and ethnicity of a file name, as classes of ``HEADS``; -1 where unknown.

    Raises:
        DataError: the name is not UTKFace's, or its age lies outside 0 to 116.
    """
    whole, partly = _NAME.match(name), _WITHOUT_ONE.match(name)
    found = whole or partly
    if found is None:
        raise DataError(
            f"{name} is not named like UTKFace's pictures, [age]_[gender]_[race]_[date].jpg with "
            "gender 0 or 1 and race 0 to 4."
        )
    years = int(found[1])
    if years > OLDEST:
        raise DataError(f"{name} tells an age of {years}; UTKFace's are 0 to {OLDEST}.")
    age = int(np.searchsorted(_AGES, years))
    if whole is None:
        return UNKNOWN, age, UNKNOWN
    return int(whole[2]), age, ETHNICITY_OF_RACE[int(whole[3])]


def _crop(
    pixels: NDArray[np.uint8], side: int, tracker: FaceTracker | None
) -> NDArray[np.uint8] | None:
    if tracker is None:
        return grey_crop(pixels, side)
    faces = tracker.still(pixels)
    if not len(faces):
        return None
    crop = aligned_crop(pixels, faces.landmarks[0], side)
    return np.asarray(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), np.uint8)
