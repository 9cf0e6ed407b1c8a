"""Sets whose clips are folders of pictures, or whose folders' names say what is displayed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from duchenne.errors import DataError
from duchenne.evaluation.video_sets.clips import VideoClip, VideoSet, emotion_in
from duchenne.media.folders import picture_files
from duchenne.media.videos import VIDEO_SUFFIXES

_CK_SOURCE: Final = (
    "cohn-kanade-images/S005/001/*.png and Emotion/S005/001/*_emotion.txt; Lucey et al. 2010, "
    "CVPR workshops, and the set's ReadMe"
)
_CK_EMOTIONS: Final = (
    *("neutral", "anger", "contempt", "disgust", "fear", "happiness", "sadness", "surprise"),
)

_BP4D_SOURCE: Final = (
    "F001/T1/*.jpg (or F001/T1.mp4), the task for the emotion; Zhang et al. 2014, Image and Vision "
    "Computing 32, table 2"
)
_BP4D_TASKS: Final = (
    *("happiness", "sadness", "surprise", "embarrassment", "fear", "pain", "anger", "disgust"),
)

_SPOS_SOURCE: Final = (
    "paths that name person, posed or spontaneous, and emotion, such as 1/spontaneous/happy/*.png; "
    "Pfister et al. 2011, ICCV workshops (its files' names are not published)"
)
_FACEXP_SOURCE: Final = (
    "paths that name person and emotion, such as actor_3/fear_12.mp4; an in-house set of repeated "
    "acted expressions (Medusa tracking), whose files' names are not published"
)

_KIND_WORDS: Final = {
    "posed": "posed",
    "deliberate": "posed",
    "acted": "posed",
    "fake": "posed",
    "spontaneous": "genuine",
    "genuine": "genuine",
    "real": "genuine",
}


def read_ck_plus(folder: Path) -> VideoSet:
    """CK+: sequences from neutral to the apex of an emotion; those without a label are left out.

    Raises:
        DataError: there are none, or a label is no number from 0 to 7.
    """
    return VideoSet.from_clips("CK+", _CK_SOURCE, _ck_plus(folder))


def read_bp4d(folder: Path) -> VideoSet:
    """BP4D and sets laid out alike: eight tasks a person, each eliciting an emotion.

    Raises:
        DataError: there are none.
    """
    return VideoSet.from_clips("BP4D", _BP4D_SOURCE, _bp4d(folder))


def read_spos(folder: Path) -> VideoSet:
    """SPOS, by the words of its paths.

    Raises:
        DataError: there are none.
    """
    return VideoSet.from_clips("SPOS", _SPOS_SOURCE, _by_words(folder, None))


def read_facexp(folder: Path) -> VideoSet:
    """FACEXP, by the words of its paths; all of it is acted.

    Raises:
        DataError: there are none.
    """
    return VideoSet.from_clips("FACEXP", _FACEXP_SOURCE, _by_words(folder, "posed"))


def _ck_plus(folder: Path) -> Iterator[VideoClip]:
    for label in sorted(folder.glob("Emotion/S*/*/*_emotion.txt")):
        subject, take = label.parts[-3:-1]
        pictures = folder / "cohn-kanade-images" / subject / take
        if pictures.is_dir():
            yield VideoClip(pictures, f"{subject}_{take}", subject, _ck_emotion(label), "posed")


def _ck_emotion(label: Path) -> str:
    try:
        number = float(label.read_text(encoding="ascii"))
        if number not in range(len(_CK_EMOTIONS)):
            raise ValueError
    except ValueError as error:
        raise DataError(f"{label} should hold one number from 0 to 7.") from error
    return _CK_EMOTIONS[int(number)]


def _bp4d(folder: Path) -> Iterator[VideoClip]:
    for path in _clips_below(folder):
        found = re.search(r"([FM]\d{3})[/_]T([1-8])$", _below(path, folder), re.IGNORECASE)
        if found is not None:
            subject, task = found[1].upper(), int(found[2])
            code = f"{subject}_T{task}"
            yield VideoClip(path, code, subject, _BP4D_TASKS[task - 1], "genuine")


def _by_words(folder: Path, kind: str | None) -> Iterator[VideoClip]:
    for path in _clips_below(folder):
        below = _below(path, folder)
        words = [word for word in re.split(r"[/_\-. ]+", below.lower()) if word]
        said = kind or next((_KIND_WORDS[word] for word in words if word in _KIND_WORDS), None)
        emotion, subject = emotion_in(words), _subject(below)
        if said is not None and emotion is not None and subject is not None:
            yield VideoClip(path, below.replace("/", "_"), subject, emotion, said)


def _subject(below: str) -> str | None:
    """The first part of a path that carries a number: s01, actor_3, 7."""
    numbered = re.search(r"(?:^|[/_\-. ])([a-z]*_?\d+)", below, re.IGNORECASE)
    return numbered[1].lower() if numbered else None


def _clips_below(folder: Path) -> Iterator[Path]:
    """Videos, and the folders that hold pictures themselves."""
    for path in sorted(folder.rglob("*")):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if picture_files(path):
                yield path
        elif path.suffix.lower() in VIDEO_SUFFIXES:
            yield path


def _below(path: Path, folder: Path) -> str:
    inside = path.relative_to(folder)
    return (inside if path.is_dir() else inside.with_suffix("")).as_posix()
