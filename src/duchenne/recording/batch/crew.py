"""Workers as processes of this machine."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import resource_tracker
from multiprocessing.connection import wait as wait_for_sentinel
from typing import Any, Final, Protocol

from duchenne.recording.batch.jobs import Settings
from duchenne.recording.batch.worker import Done, Failed, Task, Worker

DIED: Final = "The worker was killed, or crashed on it."

# Of the numbers that a worker shares: frames done, frames in all, process id.
_NUMBERS: Final = 3
# By then a process has reported its id, even on a busy machine.
_STARTING_S: Final = 30.0


class Crew(Protocol):
    """Workers, each with one task at a time at its place.

    Attributes:
        size: how many places there are.
    """

    size: int

    def start(self, place: int, task: Task) -> None:
        """Give the free worker at a place a task."""

    def ended(self, timeout: float) -> list[tuple[int, Done | Failed]]:
        """The places whose tasks have ended, after at most so many seconds."""

    def frames(self, place: int) -> tuple[int, int]:
        """How many frames of its task a worker has done, and of how many (0: nobody knows)."""

    def kill(self, place: int) -> None:
        """End a worker that hangs; its task ends as failed."""

    def stop(self) -> None:
        """End all workers, wherever they are."""


class ProcessCrew:
    """A process for each place, started when it gets its first task.

    A worker that dies takes nothing with it but its task, and another takes its place. Workers
    end with this process, also where it is killed.

    Args:
        settings: how to analyse.
        size: how many.
    """

    def __init__(self, settings: Settings, size: int) -> None:
        self.size = size
        self._settings = settings
        self._context = multiprocessing.get_context("spawn")
        # Without a lock: a worker that is killed while it holds one would stop all the others.
        self._shared = self._context.RawArray("q", _NUMBERS * size)
        self._pools: dict[int, ProcessPoolExecutor] = {}
        self._running: dict[Future[Done | Failed], int] = {}

    def start(self, place: int, task: Task) -> None:
        """As ``Crew.start``."""
        self._shared[_NUMBERS * place] = self._shared[_NUMBERS * place + 1] = 0
        with _without_ctrl_c():
            # Kept inside this block: an interruption may come as soon as it ends.
            self._running[self._submit(place, task)] = place

    def ended(self, timeout: float) -> list[tuple[int, Done | Failed]]:
        """As ``Crew.ended``."""
        ready, _ = wait(self._running, timeout, return_when=FIRST_COMPLETED)
        return [(self._running[future], self._answer(future)) for future in ready]

    def frames(self, place: int) -> tuple[int, int]:
        """As ``Crew.frames``."""
        return self._shared[_NUMBERS * place], self._shared[_NUMBERS * place + 1]

    def kill(self, place: int) -> None:
        """As ``Crew.kill``."""
        pid = self._shared[_NUMBERS * place + 2]
        if pid:
            with contextlib.suppress(OSError):
                os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    def stop(self) -> None:
        """As ``Crew.stop``."""
        deadline = time.monotonic() + _STARTING_S
        for place in self._running.values():
            while not self._shared[_NUMBERS * place + 2] and time.monotonic() < deadline:
                time.sleep(0.05)
            self.kill(place)
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)
        self._pools.clear()

    def _submit(self, place: int, task: Task) -> Future[Done | Failed]:
        if place not in self._pools:
            self._pools[place] = self._new_pool(place)
        try:
            return self._pools[place].submit(_do, task)
        except BrokenProcessPool:
            # It died between two tasks.
            self._discard(place)
            self._pools[place] = self._new_pool(place)
            return self._pools[place].submit(_do, task)

    def _answer(self, future: Future[Done | Failed]) -> Done | Failed:
        place = self._running.pop(future)
        try:
            return future.result()
        except BrokenProcessPool:
            self._discard(place)
            return Failed(DIED)

    def _discard(self, place: int) -> None:
        self._pools.pop(place).shutdown(wait=False)
        # Its number may soon be that of another process.
        self._shared[_NUMBERS * place + 2] = 0

    def _new_pool(self, place: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, self._context, _begin, (self._settings, self._shared, place))


@contextlib.contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Processes that begin in here take no notice of Ctrl-C, which reaches the whole group.

    A Ctrl-C that comes meanwhile waits until this ends; where signals cannot wait (Windows) it is
    lost.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    if not hasattr(signal, "pthread_sigmask"):
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, handler)
        return
    # Started before signals are blocked, as starting it unblocks them.
    resource_tracker.ensure_running()
    came: list[int] = []
    # The system may hand the signal to any other thread, and Python then interrupts this one.
    handler = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, handler)
        if came:
            signal.raise_signal(signal.SIGINT)


# ---- in the worker's process --------------------------------------------------------------

_worker: Worker
_numbers: Any
_place: int


def _begin(settings: Settings, shared: Any, place: int) -> None:
    global _worker, _numbers, _place
    _worker, _numbers, _place = Worker(settings), shared, place
    shared[_NUMBERS * place + 2] = os.getpid()
    # Not every system passes this on to child processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _keep_to_one_core()


def _do(task: Task) -> Done | Failed:
    return _worker.do(task, _tick)


def _tick(done: int, of: int) -> None:
    _numbers[_NUMBERS * _place] = done
    _numbers[_NUMBERS * _place + 1] = of


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for its next task forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for_sentinel([parent.sentinel])
        os._exit(1)


def _keep_to_one_core() -> None:
    import cv2

    cv2.setNumThreads(1)
