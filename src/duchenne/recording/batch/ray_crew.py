"""Workers on the machines of a Ray cluster (extra ``cluster``).

All of them must see the sources and the output under the same paths, as on a shared file system.
"""

from __future__ import annotations

import contextlib
import logging
import os
from typing import Any, Final

from duchenne.errors import DataError, MissingExtraError
from duchenne.recording.batch.crew import DIED
from duchenne.recording.batch.jobs import Settings
from duchenne.recording.batch.worker import Done, Failed, Task, Worker

LOCAL: Final = "local"


class RayCrew:
    """An actor of one core for each place, started when it gets its first task.

    Args:
        settings: how to analyse.
        address: of the cluster (``auto``, ``HOST:6379``, ``ray://HOST:10001``), or ``local`` for
            one of this machine alone.
        size: how many; None: as many as the cluster has cores.

    Raises:
        MissingExtraError: Ray is not installed.
        DataError: the cluster does not answer.
    """

    def __init__(self, settings: Settings, address: str, size: int | None = None) -> None:
        self._ray = _ray()
        _join_cluster(self._ray, address)
        self.size = size or max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        # One thread works, the other tells how far it is.
        self._actor = self._ray.remote(max_concurrency=2, num_cpus=1)(_RayWorker)
        self._settings = settings
        self._actors: dict[int, Any] = {}
        self._running: dict[Any, int] = {}
        self._asked: dict[int, Any] = {}
        self._frames: dict[int, tuple[int, int]] = {}

    def start(self, place: int, task: Task) -> None:
        """As ``Crew.start``."""
        self._frames[place] = (0, 0)
        if place not in self._actors:
            self._actors[place] = self._actor.remote(self._settings)
        self._running[self._actors[place].do.remote(task)] = place

    def ended(self, timeout: float) -> list[tuple[int, Done | Failed]]:
        """As ``Crew.ended``."""
        ready, _ = self._ray.wait(list(self._running), num_returns=1, timeout=timeout)
        return [(self._running[ref], self._answer(ref)) for ref in ready]

    def frames(self, place: int) -> tuple[int, int]:
        """As ``Crew.frames``; what the worker said last, never waited for."""
        asked = self._asked.get(place)
        if asked is not None:
            if not self._ray.wait([asked], timeout=0)[0]:
                return self._frames[place]
            # Where it has died, its task will tell.
            with contextlib.suppress(self._ray.exceptions.RayError):
                self._frames[place] = self._ray.get(asked)
        if place in self._actors:
            self._asked[place] = self._actors[place].frames.remote()
        return self._frames[place]

    def kill(self, place: int) -> None:
        """As ``Crew.kill``."""
        if place in self._actors:
            self._ray.kill(self._actors[place])

    def stop(self) -> None:
        """As ``Crew.stop``."""
        for place in list(self._actors):
            self.kill(place)
        self._ray.shutdown()

    def _answer(self, ref: Any) -> Done | Failed:
        place = self._running.pop(ref)
        try:
            answer: Done | Failed = self._ray.get(ref)
            return answer
        except self._ray.exceptions.RayError as error:
            self._actors.pop(place, None)
            self._asked.pop(place, None)
            if isinstance(error, self._ray.exceptions.RayActorError):
                return Failed(DIED)
            return Failed(f"Ray could not run it ({type(error).__name__}).")


class _RayWorker:
    """A ``Worker`` in a process of Ray's."""

    def __init__(self, settings: Settings) -> None:
        self._worker = Worker(settings)
        self._done = (0, 0)

    def do(self, task: Task) -> Done | Failed:
        self._done = (0, 0)
        return self._worker.do(task, self._tick)

    def frames(self) -> tuple[int, int]:
        return self._done

    def _tick(self, done: int, of: int) -> None:
        self._done = (done, of)


def _ray() -> Any:
    # Ray reports its usage to its makers unless told not to; a cluster's head has its own switch.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        import ray
    except ImportError as error:
        raise MissingExtraError(
            "Working on a cluster needs the extra `cluster`: pip install 'duchenne[cluster]'."
        ) from error
    return ray


def _join_cluster(ray: Any, address: str) -> None:
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    try:
        if address == LOCAL:
            ray.init(address=LOCAL, include_dashboard=False, **quiet)
        else:
            ray.init(address=address, **quiet)
    # Ray's errors of connecting have no class in common.
    except Exception as error:
        raise DataError(
            f"The Ray cluster {address} does not answer: check the address (auto, HOST:6379, "
            "ray://HOST:10001), or give local for this machine alone."
        ) from error
