"""Who does what next: hands out tasks until every source is done or has failed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from duchenne.errors import DataError
from duchenne.recording.batch.crew import Crew
from duchenne.recording.batch.jobs import Job
from duchenne.recording.batch.worker import Done, Failed, Task

_TRIES: Final = 2
# A worker that has shown no sign of life for so long hangs: opening and joining take minutes.
_PATIENCE_S: Final = 1800.0
_LOOK_EVERY_S: Final = 0.2


@dataclass(frozen=True)
class Failure:
    """A source that could not be analysed, and why."""

    job: Job
    reason: str


@dataclass
class Outcome:
    """What came of a batch.

    Attributes:
        summaries: by job, see ``duchenne.recording.summary``.
        failures: the sources that failed twice.
        unjudged: the sources that are analysed, but whose verdicts failed twice.
    """

    summaries: dict[Job, dict[str, Any]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    unjudged: list[Failure] = field(default_factory=list)


class Listener(Protocol):
    """Is told how a batch goes on."""

    def progress(self, place: int, task: Task | None, done: int, of: int) -> None:
        """A worker has done so many frames of its task; None: it has none."""

    def finished(self, job: Job, reason: str | None) -> None:
        """A source is done, or has failed for this reason."""


@dataclass
class _State:
    """How far a split source is."""

    waiting: int = 0
    in_one_go: bool = False


class _Hand:
    """What a worker holds, and when it last moved."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.frames = -1
        self.moved = time.monotonic()

    def hangs(self, frames: int) -> bool:
        if frames != self.frames:
            self.frames, self.moved = frames, time.monotonic()
        return time.monotonic() - self.moved > _PATIENCE_S


def run_batch(jobs: Iterable[Job], crew: Crew, listener: Listener, outcome: Outcome) -> None:
    """Analyse every source; one that fails is tried once more, at the end, and then left out.

    Nothing depends on how many workers there are but the time it takes. What is done already is
    found done; what was broken off goes on where it stopped.

    Args:
        jobs: the sources.
        crew: the workers.
        listener: told of everything.
        outcome: filled as sources end, so that it holds them also after an interruption.

    Raises:
        DataError: the disk is full, or no longer to be written to.
    """
    _Batch(jobs, crew, listener, outcome).run()


class _Batch:
    def __init__(
        self, jobs: Iterable[Job], crew: Crew, listener: Listener, outcome: Outcome
    ) -> None:
        self._crew, self._listener, self._outcome = crew, listener, outcome
        self._tasks = deque(Task(job) for job in jobs)
        self._states: dict[Job, _State] = {}
        self._tries: dict[Task, int] = {}
        self._hands: dict[int, _Hand] = {}

    def run(self) -> None:
        while self._tasks or self._hands:
            for place in range(self._crew.size):
                if place not in self._hands and self._tasks:
                    task = self._tasks.popleft()
                    self._hands[place] = _Hand(task)
                    self._crew.start(place, task)
            for place, answer in self._crew.ended(_LOOK_EVERY_S):
                self._take(self._hands.pop(place).task, answer)
                self._listener.progress(place, None, 0, 0)
            self._look()

    def _look(self) -> None:
        for place, hand in self._hands.items():
            done, of = self._crew.frames(place)
            self._listener.progress(place, hand.task, done, of)
            if hand.hangs(done):
                self._crew.kill(place)

    def _take(self, task: Task, answer: Done | Failed) -> None:
        if isinstance(answer, Failed):
            self._fail(task, answer)
        elif answer.summary is not None:
            self._states.pop(task.job, None)
            self._outcome.summaries[task.job] = answer.summary
            if answer.to_judge:
                # In front: the rows that it reads are still in the system's cache.
                self._tasks.appendleft(Task(task.job, "judge"))
            else:
                self._listener.finished(task.job, None)
        elif task.step == "judge":
            self._outcome.summaries[task.job]["counts"] = answer.counts
            self._listener.finished(task.job, None)
        elif answer.stretches:
            self._states[task.job] = _State(waiting=len(answer.stretches))
            # In front: few sources are open at a time, and little waits to be joined.
            self._tasks.extendleft(
                Task(task.job, "stretch", stretch) for stretch in reversed(answer.stretches)
            )
        else:
            self._step(task, answer.in_one_go)

    def _step(self, task: Task, in_one_go: bool) -> None:
        """A stretch is done, or something was found that only a whole run gets right."""
        state = self._states.get(task.job)
        if state is None:
            return
        state.waiting -= task.step == "stretch"
        if in_one_go:
            state.in_one_go = True
            state.waiting -= self._drop(task.job)
        # Only when no other worker is at it any more.
        if state.waiting == 0:
            self._tasks.appendleft(Task(task.job, "whole" if state.in_one_go else "join"))

    def _drop(self, job: Job) -> int:
        """Take back the tasks of a source that nobody has begun; returns how many."""
        kept = [task for task in self._tasks if task.job != job]
        dropped = len(self._tasks) - len(kept)
        self._tasks = deque(kept)
        return dropped

    def _fail(self, task: Task, failed: Failed) -> None:
        if failed.hopeless:
            raise DataError(
                f"{failed.reason} Nothing is lost: make room, then give the same command again."
            )
        if any(failure.job == task.job for failure in self._outcome.failures):
            return  # another stretch of it has failed before
        self._tries[task] = self._tries.get(task, 0) + 1
        if self._tries[task] < _TRIES:
            self._tasks.append(task)
            return
        if task.step == "judge":
            self._outcome.unjudged.append(Failure(task.job, failed.reason))
            self._outcome.summaries[task.job]["warnings"].append(f"no verdicts: {failed.reason}")
            self._listener.finished(task.job, None)
            return
        self._drop(task.job)
        self._states.pop(task.job, None)
        self._outcome.failures.append(Failure(task.job, failed.reason))
        self._listener.finished(task.job, failed.reason)
