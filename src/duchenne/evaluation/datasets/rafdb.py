"""Reads RAF-DB's basic emotions with the gender, race and age that its raters noted.

Li, Deng and Du, "Reliable Crowdsourcing and Deep Locality-Preserving Learning for Expression
Recognition in the Wild", CVPR 2017. For research use, on request from its authors; nothing of it
is part of this package.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError, reason
from duchenne.evaluation.datasets.face_attributes import (
    HEADS,
    SIDE,
    UNKNOWN,
    FaceAttributes,
    check_side,
    from_table,
    grey_crop,
    share_of,
)
from duchenne.media.pictures import read_picture

EMOTION_CODES: Final = {
    1: "surprise",
    2: "fear",
    3: "disgust",
    4: "happy",
    5: "sad",
    6: "angry",
    7: "neutral",
}
"""RAF-DB's numbers and FER-2013's names for them."""

LIST: Final = Path("EmoLabel/list_patition_label.txt")
PICTURES: Final = Path("Image/aligned")
ATTRIBUTES: Final = Path("Annotation/manual")

_LANDMARK_LINES: Final = 5
_USAGE_OF_TENTH: Final = {0: "Validation"}


def read_rafdb(
    folder: str | Path, side: int = SIDE, on_progress: Callable[[int], object] | None = None
) -> FaceAttributes:
    """Read RAF-DB's folder ``basic`` (or the folder that holds it), as its README.txt lays it out.

    - ``EmoLabel/list_patition_label.txt``: a line a picture, ``train_00001.jpg 5``; 1 surprise,
      2 fear, 3 disgust, 4 happiness, 5 sadness, 6 anger, 7 neutral.
    - ``Image/aligned/train_00001_aligned.jpg``: the face, its eyes levelled by the authors.
    - ``Annotation/manual/train_00001_manu_attri.txt``: five lines of landmarks, then gender
      (0 male, 1 female, 2 unsure), race (0 Caucasian, 1 African-American, 2 Asian) and age
      (0: 0-3, 1: 4-19, 2: 20-39, 3: 40-69, 4: 70 and more), a line each.

    A picture without an attribute file keeps its emotion only. The ``test`` pictures are Test; of
    the ``train`` pictures, a tenth by the CRC-32 of their names is held out as Validation, for
    RAF-DB has no split of its own for choices.

    Args:
        folder: ``basic``, or the folder around it.
        side: of the crops, in pixels; the authors' are 100.
        on_progress: told how many more pictures are read.

    Raises:
        DataError: the list is missing or empty, or a line, label or attribute is not RAF-DB's.
        MediaError: a picture is missing or broken.
    """
    check_side(side)
    top = _basic(Path(folder))
    images, labels, usage = [], [], []
    for name, emotion in read_list(top / LIST):
        stem = name.removesuffix(".jpg")
        images.append(grey_crop(read_picture(top / PICTURES / f"{stem}_aligned.jpg"), side))
        attributes = read_attributes(top / ATTRIBUTES / f"{stem}_manu_attri.txt")
        labels.append((emotion, *attributes))
        usage.append(_usage(name))
        if on_progress is not None:
            on_progress(1)
    return from_table(images, labels, usage, "RAF-DB")


def read_list(path: Path) -> list[tuple[str, int]]:
    """File names and emotions (indices into ``EMOTIONS``) of ``list_patition_label.txt``.

    Raises:
        DataError: the file is missing, empty, or holds something else.
    """
    rows = []
    for number, line in enumerate(_lines(path), start=1):
        name, _, code = line.strip().partition(" ")
        known = code.strip().isdecimal() and int(code) in EMOTION_CODES
        named = name.endswith(".jpg") and name.startswith(("train_", "test_")) and "/" not in name
        if not known or not named:
            raise DataError(
                f"{path}, line {number}, should be like 'train_00001.jpg 5' with an emotion from "
                f"1 to 7, not {line.strip()!r}."
            )
        rows.append((name, EMOTIONS.index(EMOTION_CODES[int(code)])))
    if not rows:
        raise DataError(f"{path} names no pictures.")
    if len({name for name, _ in rows}) < len(rows):
        raise DataError(f"{path} names a picture twice.")
    return rows


def read_attributes(path: Path) -> tuple[int, int, int]:
    """Gender, age and ethnicity of one picture, as classes of ``HEADS``; unknown without a file.

    Raises:
        DataError: the file holds something else than RAF-DB's attributes.
    """
    if not path.is_file():
        return UNKNOWN, UNKNOWN, UNKNOWN
    # The file's own order is gender, race, age.
    values = [line.strip() for line in _lines(path)][_LANDMARK_LINES:]
    wanted = ("gender", "ethnicity", "age")
    fits = len(values) == len(wanted) and all(
        value.isdecimal() and int(value) < len(HEADS[name])
        for name, value in zip(wanted, values, strict=True)
    )
    if not fits:
        raise DataError(
            f"{path} should hold five lines of landmarks, then gender (0 to 2), race (0 to 2) and "
            f"age (0 to 4), not {', '.join(values) or 'nothing'}."
        )
    gender, race, age = (int(value) for value in values)
    return gender, age, race


def _basic(folder: Path) -> Path:
    for top in (folder, folder / "basic"):
        if (top / LIST).is_file():
            return top
    raise DataError(f"No RAF-DB at {folder}: its folder `basic` holds {LIST}.")


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read as a text of RAF-DB: {reason(error)}.") from error


def _usage(name: str) -> str:
    if name.startswith("test_"):
        return "Test"
    return _USAGE_OF_TENTH.get(share_of(name), "Training")
