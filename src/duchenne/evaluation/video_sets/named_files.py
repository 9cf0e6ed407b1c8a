"""Sets whose file names say everything: each layout is a pattern and the meaning of its parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from duchenne.evaluation.video_sets.clips import VideoClip, VideoSet, emotion_in
from duchenne.media.videos import VIDEO_SUFFIXES

Parts = dict[str, str]
Meaning = Callable[[Parts], tuple[str, str] | None]


@dataclass(frozen=True)
class NamedFiles:
    """A layout of video files.

    Attributes:
        name: of the set.
        source: where the layout is described.
        pattern: of the path below the set's folder without its suffix, with "/" between folders;
            matched at its end, whatever the case. Its group ``subject`` names the person.
        meaning: of the pattern's groups: emotion and kind; None for a file that does not count.
    """

    name: str
    source: str
    pattern: str
    meaning: Meaning

    def __call__(self, folder: Path) -> VideoSet:
        """The set's clips below a folder.

        Raises:
            DataError: there are none.
        """
        return VideoSet.from_clips(self.name, self.source, self._clips(folder))

    def _clips(self, folder: Path) -> Iterator[VideoClip]:
        expression = re.compile(rf"(?:^|.*/)(?:{self.pattern})$", re.IGNORECASE)
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() not in VIDEO_SUFFIXES or path.name.startswith("."):
                continue
            below = path.relative_to(folder).with_suffix("").as_posix()
            found = expression.match(below)
            if found is None:
                continue
            parts = {key: value for key, value in found.groupdict().items() if value}
            said = self.meaning(parts)
            if said is not None:
                code = parts.get("code", below).replace("/", "_")
                yield VideoClip(path, code, parts["subject"].lower(), *said)


_SASE: Final = {
    "a": "anger",
    "c": "contempt",
    "d": "disgust",
    "h": "happiness",
    "s": "sadness",
    "sur": "surprise",
}
# Italian initials: rabbia, tristezza; p is happiness.
_PEDFE: Final = {
    "r": "anger",
    "d": "disgust",
    "f": "fear",
    "p": "happiness",
    "t": "sadness",
    "s": "surprise",
}
_RAVDESS: Final = (
    "neutral",
    "calm",
    "happiness",
    "sadness",
    "anger",
    "fear",
    "disgust",
    "surprise",
)


def _sase_fe(parts: Parts) -> tuple[str, str]:
    return _SASE[parts["emotion"].lower()], "posed" if "film" in parts else "genuine"


def _pedfe(parts: Parts) -> tuple[str, str]:
    return _PEDFE[parts["emotion"].lower()], "genuine" if parts["kind"] in "gG" else "posed"


def _ravdess(parts: Parts) -> tuple[str, str] | None:
    # 01 and 02 are the same takes, with and without sound; 03 is sound alone.
    if parts["modality"] != "01":
        return None
    return _RAVDESS[int(parts["emotion"]) - 1], "posed"


def _crema_d(parts: Parts) -> tuple[str, str] | None:
    emotion = emotion_in([parts["emotion"]])
    return None if emotion is None else (emotion, "posed")


def _uva_nemo(parts: Parts) -> tuple[str, str]:
    return "happiness", "genuine" if parts["kind"].lower() == "spontaneous" else "posed"


NAMED_FILES: Final[dict[str, NamedFiles]] = {
    "sase-fe": NamedFiles(
        "SASE-FE",
        "<person>/N2A.MP4 (from neutral to anger, genuine) and <person>/H2N2A.MP4 (the same after "
        "a happy film, acted); Kulkarni et al. 2018, arXiv 1707.04061, and the ChaLearn 2017 "
        "challenge on real and fake expressions",
        r"(?P<subject>[^/]+)/(?:(?P<film>[a-z]+)2)?n2(?P<emotion>sur|[acdhs])",
        _sase_fe,
    ),
    "pedfe-videos": NamedFiles(
        "PEDFE",
        "<person>_<emotion letter><g genuine, s posed>_<number>.mp4; Miolla et al. 2023, Behavior "
        "Research Methods 55, and its table of clips",
        r"(?P<code>(?P<subject>\d+)_(?P<emotion>[dfprst])(?P<kind>[gs])_\d+)",
        _pedfe,
    ),
    "ravdess": NamedFiles(
        "RAVDESS",
        "01-01-06-01-02-01-12.mp4: modality, channel, emotion, intensity, statement, repetition, "
        "actor; Livingstone and Russo 2018, PLoS ONE 13, and zenodo.org/record/1188976",
        r"(?P<code>(?P<modality>0[123])-0[12]-(?P<emotion>0[1-8])-0[12]-0[12]-0[12]"
        r"-(?P<subject>\d\d))",
        _ravdess,
    ),
    "crema-d": NamedFiles(
        "CREMA-D",
        "1001_IEO_ANG_HI.flv: actor, sentence, emotion, level; Cao et al. 2014, IEEE Trans. "
        "Affective Computing 5, and github.com/CheyneyComputerScience/CREMA-D",
        r"(?P<code>(?P<subject>\d{4})_[a-z]{3}_(?P<emotion>ang|dis|fea|hap|neu|sad)_(?:lo|md|hi|xx))",
        _crema_d,
    ),
    "uva-nemo": NamedFiles(
        "UvA-NEMO",
        "001_deliberate_smile_2.mp4 and 001_spontaneous_smile_1.mp4; Dibeklioglu, Salah and Gevers "
        "2012, ECCV, and www.uva-nemo.org",
        r"(?P<code>(?P<subject>\d{3})_(?P<kind>deliberate|spontaneous)_smile_\d+)",
        _uva_nemo,
    ),
}
"""The layouts by name."""
