"""Labelled clips of a set, whatever its folders look like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from duchenne.errors import DataError
from duchenne.evaluation.building.sources import sources_of_manifest
from duchenne.evaluation.datasets.pedfe import KINDS
from duchenne.media.folders import natural_key

EMOTIONS: Final = (
    *("anger", "contempt", "disgust", "fear", "happiness", "sadness", "surprise"),
    *("neutral", "calm", "embarrassment", "pain"),
)
"""What clips display, in our words for all sets."""

_WORDS: Final[dict[str, str]] = {
    **{name: name for name in EMOTIONS},
    "angry": "anger",
    "ang": "anger",
    "disgusted": "disgust",
    "dis": "disgust",
    "fearful": "fear",
    "fea": "fear",
    "scared": "fear",
    "afraid": "fear",
    "happy": "happiness",
    "hap": "happiness",
    "joy": "happiness",
    "smile": "happiness",
    "sad": "sadness",
    "surprised": "surprise",
    "sur": "surprise",
    "neu": "neutral",
    "contemptuous": "contempt",
}


@dataclass(frozen=True)
class VideoClip:
    """One clip.

    Attributes:
        path: a video, or a folder of numbered pictures.
        code: its name within the set.
        subject: who is seen, by a name that holds across clips.
        emotion: what is displayed, one of ``EMOTIONS``.
        kind: ``genuine`` (elicited) or ``posed`` (acted).
    """

    path: Path
    code: str
    subject: str
    emotion: str
    kind: str


@dataclass(frozen=True)
class VideoSet:
    """The clips of one set, in the natural order of their codes.

    Attributes:
        name: of the set.
        source: where its layout is described.
        clips: one at least, each code once.
    """

    name: str
    source: str
    clips: tuple[VideoClip, ...]

    @classmethod
    def from_clips(cls, name: str, source: str, clips: Iterable[VideoClip]) -> VideoSet:
        """Put clips in order.

        Raises:
            DataError: there are none, a code stands twice, or a clip has no subject, an unknown
                emotion or an unknown kind.
        """
        ordered = tuple(sorted(clips, key=lambda clip: natural_key(clip.code)))
        if not ordered:
            raise DataError(f"There is no clip of {name} here; its layout: {source}.")
        [(code, times)] = Counter(clip.code for clip in ordered).most_common(1)
        if times > 1:
            raise DataError(f"Two clips of {name} have the name {code}: give each its own.")
        for clip in ordered:
            _check(clip)
        return cls(name, source, ordered)

    @classmethod
    def from_manifest(cls, path: Path) -> VideoSet:
        """From a CSV with the columns path, label (genuine or posed), subject and emotion.

        Raises:
            DataError: as ``sources_of_manifest``; or a line lacks the subject or the emotion.
        """
        clips = []
        for source in sources_of_manifest(path):
            if not source.subject or not source.emotion:
                raise DataError(
                    f"{path}: {source.path.name} needs a subject and an emotion, so that people "
                    "can be kept apart and answers compared."
                )
            code = str(source.path.with_suffix("").relative_to(source.path.parents[1]))
            clips.append(
                VideoClip(
                    source.path,
                    code.replace("\\", "/").replace("/", "_"),
                    source.subject,
                    plain_emotion(source.emotion),
                    source.label,
                )
            )
        return cls.from_clips(path.stem, "a manifest", clips)

    def __len__(self) -> int:
        return len(self.clips)

    def only(self, emotions: Iterable[str]) -> VideoSet:
        """The clips that display one of some emotions.

        Raises:
            DataError: none does.
        """
        wanted = set(emotions)
        kept = [clip for clip in self.clips if clip.emotion in wanted]
        return self.from_clips(self.name, self.source, kept)

    def to_frame(self) -> pd.DataFrame:
        """A row a clip: code, subject, type, emotion, path."""
        rows = [(c.code, c.subject, c.kind, c.emotion, str(c.path)) for c in self.clips]
        return pd.DataFrame(rows, columns=["code", "subject", "type", "emotion", "path"])


def plain_emotion(word: str) -> str:
    """Our word for what a set calls an emotion.

    Raises:
        DataError: it is none that we know.
    """
    found = _WORDS.get(word.strip().lower())
    if found is None:
        raise DataError(f"No emotion {word!r} is known; there are: {', '.join(EMOTIONS)}.")
    return found


def emotion_in(words: Iterable[str]) -> str | None:
    """The first of some words that is an emotion, as our word; None where none is."""
    return next((_WORDS[word.lower()] for word in words if word.lower() in _WORDS), None)


def _check(clip: VideoClip) -> None:
    if not clip.subject:
        raise DataError(f"The clip {clip.code} names no subject: nobody could be kept apart.")
    if clip.emotion not in EMOTIONS:
        raise DataError(f"The clip {clip.code} has an unknown emotion, {clip.emotion!r}.")
    if clip.kind not in KINDS:
        raise DataError(f"The clip {clip.code} is {clip.kind!r}, neither {' nor '.join(KINDS)}.")
