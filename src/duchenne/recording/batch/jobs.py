"""What is to be done: sources, the folders of their recordings, and one set of settings."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from duchenne.emotion.classifier import DEFAULT
from duchenne.faces.tracker import MAX_FACES
from duchenne.media.folders import natural_key
from duchenne.media.pictures import PICTURE_SUFFIXES
from duchenne.media.stream import find_sources
from duchenne.media.videos import VIDEO_SUFFIXES
from duchenne.recording.analyzer import Span
from duchenne.recording.manifest import Entry
from duchenne.recording.neutral import AUTO
from duchenne.recording.recording import Recording

RECORDINGS: Final = "recordings"
KEY: Final = "source"
"""Name of the partitions: ``recordings/source=<name>/recording.parquet``."""

# File systems allow 255 bytes; the hash and the key take up to 24 of them.
_LONGEST_STEM: Final = 180


@dataclass(frozen=True)
class Settings:
    """How every source of a batch is analysed; the arguments of ``Analyzer`` and the span.

    Attributes:
        detector: ``blazeface`` or ``haar``.
        max_faces: follow at most this many faces.
        emotion_model: name of a shipped emotion network, or an ``.onnx`` file beside its card.
        neutral: ``auto``, ``none`` or a picture of the person at rest.
        span: which frames of each source.
        judge: makes verdicts of each finished recording; None for none.
    """

    detector: str = "blazeface"
    max_faces: int = MAX_FACES
    emotion_model: str | Path = DEFAULT
    neutral: str | Path = AUTO
    span: Span = field(default_factory=Span)
    judge: Judge | None = None


@dataclass(frozen=True)
class Job:
    """One source and where its recording goes.

    Attributes:
        source: a picture, a video or a numbered folder.
        folder: of the recording.
        person: who is seen, by a name that holds across sources; None where nobody said.
    """

    source: str
    folder: Path
    person: str | None = None

    @property
    def name(self) -> str:
        """Of its partition, ``<stem>-<hash of the path>``."""
        return self.folder.name.removeprefix(f"{KEY}=")


Counts = dict[int, dict[str, int]]
"""How many of each of ``COUNTS``, by face id; faces without any may be missing."""

COUNTS: Final = ("expressions", "genuine", "posed", "undecided")

Judge = Callable[[Recording, Job], Counts | None]
"""Given from outside, because this room knows nothing of verdicts: a function of a module, which
workers find by its name. It leaves its tables where it likes; None: nothing was judged."""


def jobs_for(entries: Iterable[Entry], out: Path) -> list[Job]:
    """A job for each entry, sources named twice only once (the first entry counts).

    Names depend on nothing but the source's path, so that the same source finds its recording
    again, whatever else is in the batch.
    """
    jobs: dict[str, Job] = {}
    for entry in entries:
        name = partition_name(entry.source)
        jobs.setdefault(name, Job(entry.source, out / RECORDINGS / f"{KEY}={name}", entry.person))
    return list(jobs.values())


def partition_name(source: str) -> str:
    """A name for a source that every file system and every reader of partitions can hold."""
    path = os.path.abspath(source)
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:8]
    # Readers take `=` and `%` apart; newlines and leading dots or dashes nobody can type.
    stem = re.sub(r"[^\w.()+@,-]", "-", Path(path).stem).strip(".-")
    short = stem.encode("utf-8")[:_LONGEST_STEM].decode("utf-8", "ignore")
    return f"{short or 'source'}-{digest}"


def find_all(folder: Path) -> list[str]:
    """Every source in a folder and the folders inside it, in natural order.

    A folder that holds a video stands for each of its media files, one that holds pictures alone
    for one sequence of frames; hidden folders and links to folders are left out.
    """
    found: list[str] = []
    for place, folders, files in os.walk(folder):
        folders[:] = sorted((f for f in folders if f[0] != "."), key=natural_key)
        kinds = {Path(file).suffix.lower() for file in files if file[0] != "."}
        if kinds & (VIDEO_SUFFIXES | PICTURE_SUFFIXES):
            found += find_sources(place)
    return found
