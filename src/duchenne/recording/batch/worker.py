"""What a worker does, and what it answers: never an exception, always a sentence."""

from __future__ import annotations

import errno
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from duchenne.errors import DuchenneError, in_a_sentence
from duchenne.faces.tracker import RESTART_S
from duchenne.media import Frame, MediaInfo
from duchenne.recording.analyzer import Span
from duchenne.recording.batch.jobs import Counts, Job, Settings
from duchenne.recording.batch.staging import Staging
from duchenne.recording.batch.stretches import InOneGoError, Stretch, StretchAnalyzer
from duchenne.recording.recording import Recording
from duchenne.recording.summary import summarize

Step = Literal["begin", "stretch", "join", "whole", "judge"]

Tick = Callable[[int, int], None]
"""Told how many frames are done, and of how many (0: nobody knows)."""

# Every further source would fail like this one.
_HOPELESS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


@dataclass(frozen=True)
class Task:
    """One thing to do.

    Attributes:
        job: the source.
        step: begin (do it, or say into which stretches it splits), stretch, join, whole, or judge,
            a step of its own so that whatever happens in it leaves the recording alone.
        stretch: which, where the step is a stretch.
    """

    job: Job
    step: Step = "begin"
    stretch: Stretch | None = None


@dataclass(frozen=True)
class Done:
    """A task that went well.

    Attributes:
        summary: of the whole recording, where it is complete now.
        stretches: into which the source splits, where it does.
        in_one_go: the stretches would not come out the same: the source is to be analysed whole.
        to_judge: the step ``judge`` is still to come.
        counts: of the verdicts, after that step; None where nothing was judged.
    """

    summary: dict[str, Any] | None = None
    stretches: tuple[Stretch, ...] = ()
    in_one_go: bool = False
    to_judge: bool = False
    counts: Counts | None = None


@dataclass(frozen=True)
class Failed:
    """A task that did not.

    Attributes:
        reason: one sentence.
        hopeless: every other source will fail in the same way.
    """

    reason: str
    hopeless: bool = False


class Worker:
    """Does one task after another.

    Args:
        settings: for all of them.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._analyzer: StretchAnalyzer | None = None

    def do(self, task: Task, tick: Tick) -> Done | Failed:
        """Do a task; whatever goes wrong becomes an answer."""
        try:
            return self._do(task, tick)
        except InOneGoError:
            return Done(in_one_go=True)
        except Exception as error:
            return _failed(error)

    def _do(self, task: Task, tick: Tick) -> Done:
        if task.step == "judge":
            return self._judge(task.job)
        if self._analyzer is None:
            self._analyzer = analyzer_for(self._settings)
        analyzer, job, span = self._analyzer, task.job, self._settings.span
        if task.step == "stretch" and task.stretch is not None:
            progress = _progress(tick, span, task.stretch)
            analyzer.analyze_stretch(job.source, job.folder, span, task.stretch, progress)
            return Done()
        if task.step == "join":
            return self._whole(analyzer.join(job.source, job.folder, span, job.person))
        staging = Staging(job.folder)
        if task.step == "whole":
            staging.refuse()
        else:
            parts = analyzer.stretches(job.source, job.folder, span, job.person)
            if parts:
                return Done(stretches=tuple(parts))
        recording = analyzer.write(job.source, job.folder, span, _progress(tick, span), job.person)
        staging.remove()
        return self._whole(recording)

    def _whole(self, recording: Recording) -> Done:
        return Done(summarize(recording), to_judge=self._settings.judge is not None)

    def _judge(self, job: Job) -> Done:
        judge = self._settings.judge
        return Done(counts=judge(Recording.load(job.folder), job) if judge else None)


def analyzer_for(settings: Settings) -> StretchAnalyzer:
    """The analyzer of these settings.

    Raises:
        DataError: a setting makes no sense.
        ModelError: a model file is missing or damaged.
    """
    return StretchAnalyzer(
        detector=settings.detector,
        max_faces=settings.max_faces,
        emotion_model=settings.emotion_model,
        neutral=settings.neutral,
    )


def _progress(
    tick: Tick, span: Span, stretch: Stretch | None = None
) -> Callable[[Frame, MediaInfo], None]:
    done = 0

    def progress(_: Frame, info: MediaInfo) -> None:
        nonlocal done
        done += 1
        tick(done, frames_ahead(info, span, stretch))

    return progress


def frames_ahead(info: MediaInfo, span: Span, stretch: Stretch | None = None) -> int:
    """About how many frames there are to look at; 0 where nobody knows."""
    ends = [info.duration, span.end]
    begin = span.start or 0.0
    if stretch is not None:
        begin = max(begin, stretch.first * RESTART_S)
        ends.append(None if stretch.last is None else stretch.last * RESTART_S)
    known = [end for end in ends if end is not None]
    if not known or info.fps is None:
        return info.frames or 0
    return max(round((min(known) - begin) * info.fps / span.every), 0)


def _failed(error: Exception) -> Failed:
    if isinstance(error, OSError) and error.errno in _HOPELESS:
        return Failed(f"Nothing can be written: {os.strerror(error.errno)}.", hopeless=True)
    if isinstance(error, (DuchenneError, OSError)):
        return Failed(in_a_sentence(error))
    if isinstance(error, MemoryError):
        return Failed("There is not enough memory for it: use fewer workers.")
    return Failed(f"A fault of duchenne's own ({_place(error)}): please report it.")


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    text = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}{where}: {text}" if text else f"{type(error).__name__}{where}"
