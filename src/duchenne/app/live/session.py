"""What the live window does when keys are pressed; it draws nothing and needs no screen."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.app.engine import Engine
from duchenne.app.live.saving import fresh_folder, save
from duchenne.app.live.smoothing import Smoothed
from duchenne.app.memory import Look
from duchenne.app.moment import Frozen, Moment
from duchenne.app.recorder import Recorder
from duchenne.errors import DuchenneError, in_a_sentence
from duchenne.genuineness.judging import From
from duchenne.media import Frame

KEYS: Final[dict[str, str]] = {
    "A": "freeze the last second: emotion, and verdict from Action Units",
    "L": "the same, verdict from landmarks",
    "S": "save the picture and the last ten seconds",
    "R": "record, and stop recording",
    "M": "mirror the picture",
    "H": "this help",
    "Q": "quit",
}
"""What each key does."""

NOTICE_S: Final = 6.0
_RATE_S: Final = 2.0


@dataclass(frozen=True)
class Notice:
    """A sentence for the person.

    Attributes:
        text: the sentence.
        until: when it goes, by the session's clock.
        bad: something went wrong.
    """

    text: str
    until: float
    bad: bool = False


@dataclass(frozen=True, eq=False)
class Shown:
    """The newest look with its numbers calmed for the eye: (n, 7) and (n, 45)."""

    look: Look
    emotions: NDArray[np.float32]
    units: NDArray[np.float32]


class Session:
    """The state of a live window.

    Args:
        engine: what looks.
        out: folder of everything that is saved.
        mirrored: show the picture as a mirror does.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        engine: Engine,
        out: Path,
        *,
        mirrored: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._out, self._clock = engine, out, clock
        self._worker = ThreadPoolExecutor(1, "duchenne-live")
        self._smoothed = Smoothed()
        self._arrivals: deque[float] = deque()
        self._recorder: Recorder | None = None
        self._notice: Notice | None = None
        self._jobs: list[tuple[str, Future[str]]] = []
        self._judging: Future[Frozen] | None = None
        self.mirrored, self.helping, self.running = mirrored, False, True
        self.shown: Shown | None = None
        self.moment: Moment | None = None
        self.frozen: Frozen | None = None

    # ---- what the window asks ------------------------------------------------------------

    @property
    def is_frozen(self) -> bool:
        """Whether a moment is held still, judged or not yet."""
        return self.moment is not None

    @property
    def may_pause(self) -> bool:
        """Whether nothing is lost if a file is held."""
        return self.is_frozen and self._recorder is None

    @property
    def fps(self) -> float:
        """Pictures looked at in a second, over the last two."""
        times = self._arrivals
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0

    @property
    def recorded_s(self) -> float | None:
        """How long the recording is by now; None where nothing is recorded."""
        return None if self._recorder is None else self._recorder.seconds

    @property
    def notice(self) -> Notice | None:
        """What there is to say at the moment."""
        if self._notice is not None and self._clock() >= self._notice.until:
            self._notice = None
        return self._notice

    # ---- what happens --------------------------------------------------------------------

    def see(self, frame: Frame) -> None:
        """Look at the next picture; one of an earlier time is passed over (files may stall)."""
        if self.shown is not None and frame.time <= self.shown.look.frame.time:
            return
        look = self._engine.look(frame)
        self.shown = Shown(look, *self._smoothed.add(look))
        self._arrivals.append(self._clock())
        while self._arrivals[-1] - self._arrivals[0] > _RATE_S:
            self._arrivals.popleft()
        if self._recorder is not None:
            try:
                self._recorder.add(look)
            except OSError as error:
                self._recorder = None
                self.say(f"The recording stopped: {error.strerror}.", bad=True)

    def press(self, key: str) -> None:
        """What a key does: a letter of ``KEYS``, ``escape`` or ``space``."""
        letter = key.upper()
        try:
            if letter in {"A", "L"}:
                self._freeze("aus" if letter == "A" else "landmarks")
            elif letter == "S":
                self._save()
            elif letter == "R":
                self._record()
        except (DuchenneError, OSError) as error:
            self.say(in_a_sentence(error), bad=True)
        if letter == "M":
            self.mirrored = not self.mirrored
        elif letter == "H":
            self.helping = not self.helping
        elif letter == "Q":
            self.running = False
        elif letter in {"ESCAPE", "SPACE"}:
            self._back()

    def catch_up(self) -> None:
        """Take what was judged and saved meanwhile."""
        if self._judging is not None and self._judging.done():
            judging, self._judging = self._judging, None
            try:
                frozen = judging.result()
            except DuchenneError as error:
                self.moment = None
                self.say(str(error), bad=True)
            else:
                if frozen.moment is self.moment:
                    self.frozen = frozen
        for job in [job for job in self._jobs if job[1].done()]:
            self._jobs.remove(job)
            self._tell(*job)

    def wait(self) -> None:
        """Wait until all that was asked for is judged and saved."""
        while self._jobs or self._judging is not None:
            waiting = [future for _, future in self._jobs]
            if self._judging is not None:
                self._judging.exception()
            for future in waiting:
                future.exception()
            self.catch_up()

    def close(self) -> list[str]:
        """Finish what is being written; sentences about what was saved since the last notice."""
        if self._recorder is not None:
            self._record()
        said = []
        self._judging = None
        for name, future in self._jobs:
            self._tell(name, future)
            said.append(self._notice.text if self._notice is not None else "")
        self._jobs.clear()
        self._worker.shutdown()
        return said

    def say(self, text: str, *, bad: bool = False) -> None:
        """Show a sentence for some seconds."""
        self._notice = Notice(text, self._clock() + NOTICE_S, bad)

    def _freeze(self, source: From) -> None:
        known = self.frozen
        if self.moment is not None and known is not None and known.source == source:
            self._back()
            return
        # While a moment is held, the other key asks about the same one.
        moment = self.moment or self._engine.moment()
        self.moment, self.frozen = moment, None
        self._judging = self._worker.submit(moment.judge, source)

    def _back(self) -> None:
        self.helping = False
        self.moment = self.frozen = None

    def _save(self) -> None:
        moment = self.moment or self._engine.moment()
        folder = fresh_folder(self._out, "moment")
        self._jobs.append(("save", self._worker.submit(save, folder, moment, self.frozen)))
        self.say(f"Saving the last ten seconds into {folder} …")

    def _record(self) -> None:
        if self._recorder is None:
            folder = fresh_folder(self._out, "recording")
            self._recorder = Recorder(folder, self._engine.metadata(), self._engine.canonical)
            self.say(f"Recording into {folder}; R stops it.")
            return
        recorder, self._recorder = self._recorder, None
        self._jobs.append(("record", self._worker.submit(_closed, recorder)))

    def _tell(self, name: str, future: Future[str]) -> None:
        try:
            self.say(future.result())
        except (DuchenneError, OSError) as error:
            what = "The recording" if name == "record" else "The last ten seconds"
            self.say(f"{what} could not be saved: {in_a_sentence(error)}", bad=True)


def _closed(recorder: Recorder) -> str:
    recording = recorder.close()
    return f"Recorded {recorder.seconds:.1f} s, {len(recording)} rows: {recorder.folder}"
