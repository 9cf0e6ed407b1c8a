"""The newest picture of a camera, or of a file played at its own speed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

from duchenne.errors import DuchenneError
from duchenne.media import Frame, Media

# A camera that says nothing for so long has a problem, even if its driver does not tell.
SILENT_S: Final = 3.0


class Pictures(Protocol):
    """Where a window takes its pictures from."""

    @property
    def trouble(self) -> str:
        """What the person should know, a sentence; "" where all is well."""

    @property
    def failed(self) -> bool:
        """Whether it ended although it should not have."""

    def newest(self) -> Frame | None:
        """The newest picture; None where there is none since the last call."""

    def pause(self, still: bool) -> None:
        """Hold a file; a camera goes on."""

    def close(self) -> None:
        """Give back the camera or the file."""


class Feed:
    """Takes pictures in a thread and keeps the newest only, so that a window never lags behind.

    It begins when it is first asked.

    Args:
        media: an open source; the feed closes it.
        clock: seconds that only grow.
    """

    def __init__(self, media: Media, clock: Callable[[], float] = time.monotonic) -> None:
        self._media, self._clock = media, clock
        self._camera = media.info.kind == "camera"
        self._newest: Frame | None = None
        self._lock = threading.Lock()
        self._stop, self._running = threading.Event(), threading.Event()
        self._running.set()
        self._ended = ""
        self._heard = clock()
        self.failed = False
        self._thread: threading.Thread | None = None

    @property
    def trouble(self) -> str:
        """What the person should know, a sentence; "" where all is well."""
        silent = self._clock() - self._heard
        if not self._ended and self._camera and silent > SILENT_S:
            return f"No picture for {silent:.0f} s: is the camera still plugged in?"
        return self._ended

    def newest(self) -> Frame | None:
        """The newest picture; None where there is none since the last call."""
        if self._thread is None:
            self._heard = self._clock()
            self._thread = threading.Thread(target=self._work, name="duchenne-feed", daemon=True)
            self._thread.start()
        with self._lock:
            frame, self._newest = self._newest, None
        return frame

    def pause(self, still: bool) -> None:
        """Hold a file; a camera goes on."""
        if still and not self._camera:
            self._running.clear()
        else:
            self._running.set()

    def close(self) -> None:
        """Give back the camera or the file."""
        self._stop.set()
        self._running.set()
        if self._thread is not None:
            # A camera that hangs in its driver must not keep the window from closing.
            self._thread.join(timeout=SILENT_S)
        if self._thread is None or not self._thread.is_alive():
            self._media.close()

    def _work(self) -> None:
        try:
            self._take()
        except DuchenneError as error:
            self._ended, self.failed = str(error), True
            return
        if self._camera:
            # The camera's own sentence about how it ended.
            said = self._media.warnings[-1:] or ["The camera stopped giving pictures."]
            self._ended, self.failed = said[0], True
        else:
            self._ended = f"{self._media.info.name} has ended."

    def _take(self) -> None:
        begun: float | None = None
        for frame in self._media:
            if self._stop.is_set():
                return
            held = self._clock()
            self._running.wait()
            now = self._clock()
            # A file's clock begins with its first picture, and stands still while it is held.
            begun = now - frame.time if begun is None else begun + (now - held)
            if not self._camera:
                self._stop.wait(max(0.0, begun + frame.time - now))
            with self._lock:
                self._newest = frame
            self._heard = self._clock()
