"""Workers that die in the middle of their work."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from duchenne.recording import storage
from duchenne.recording.batch import Job, Outcome, Settings, run_batch
from duchenne.recording.batch.crew import DIED, ProcessCrew, _without_ctrl_c
from duchenne.recording.batch.worker import Task
from tests.recording.batch.films import FPS


class Killer:
    """Kills a worker when it has done so many frames, so many times."""

    def __init__(self, crew: ProcessCrew, frames: int, times: int) -> None:
        self._crew, self._frames, self._times = crew, frames, times
        self._dying = False
        self.finishes: list[str | None] = []

    def progress(self, place: int, task: Task | None, done: int, of: int) -> None:
        if task is None:
            self._dying = False  # its end has been noticed
        elif done >= self._frames and self._times and not self._dying:
            self._dying = True
            self._times -= 1
            self._crew.kill(place)

    def finished(self, job: Job, reason: str | None) -> None:
        self.finishes.append(reason)


def run(film: Path, folder: Path, *, frames: int, times: int) -> tuple[Outcome, Killer]:
    crew = ProcessCrew(Settings(), 1)
    killer, outcome = Killer(crew, frames, times), Outcome()
    try:
        run_batch([Job(str(film), folder)], crew, killer, outcome)
    finally:
        crew.stop()
    return outcome, killer


def test_another_takes_over_and_ends_with_the_same_bytes(
    crossing_film: Path, unbroken: bytes, tmp_path: Path
) -> None:
    # Behind the first fresh start, so that the second worker goes on from there.
    outcome, killer = run(crossing_film, tmp_path, frames=10 * FPS + 3, times=1)
    assert killer.finishes == [None]
    assert len(outcome.summaries) == 1
    assert (tmp_path / storage.TABLE).read_bytes() == unbroken


def test_a_source_that_kills_twice_is_left_out(crossing_film: Path, tmp_path: Path) -> None:
    outcome, killer = run(crossing_film, tmp_path, frames=1, times=2)
    assert killer.finishes == [DIED]
    assert [failure.reason for failure in outcome.failures] == [DIED]
    # What the two have written is kept for the next batch.
    assert not (tmp_path / storage.TABLE).exists()
    assert (tmp_path / storage.METADATA).exists()


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="needs signals for threads")
def test_ctrl_c_waits_for_a_starting_process_even_where_another_thread_gets_it() -> None:
    over = threading.Event()
    other = threading.Thread(target=over.wait, daemon=True)
    other.start()
    whole: list[bool] = []

    def begin() -> None:
        with _without_ctrl_c():
            signal.pthread_kill(other.ident or 0, signal.SIGINT)
            # Time for the other thread to get it.
            whole.append(not over.wait(0.2))

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            begin()
        assert whole == [True]
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
        over.set()
