"""Decodes ahead in a second thread, so that networks and decoder work at the same time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable
from typing import Final

from duchenne.media.frame import Frame

# At 640 x 480 a frame is 0.9 MB, at 8k 100 MB: enough to bridge a key frame, not to fill memory.
_AHEAD: Final = 4


def prefetched(frames: Iterable[Frame], ahead: int = _AHEAD) -> Generator[Frame, None, None]:
    """The same frames in the same order, decoded up to ``ahead`` frames before they are asked for.

    An error of the source is raised where its frame would have come. The thread ends when the
    source does, or when this iterator is closed.
    """
    line: queue.Queue[Frame | BaseException | None] = queue.Queue(maxsize=ahead)
    stop = threading.Event()

    def put(item: Frame | BaseException | None) -> None:
        while not stop.is_set():
            try:
                line.put(item, timeout=0.1)
                return
            except queue.Full:
                continue

    def work() -> None:
        try:
            for frame in frames:
                put(frame)
                if stop.is_set():
                    return
            put(None)
        except BaseException as error:
            put(error)

    worker = threading.Thread(target=work, name="duchenne-decoder", daemon=True)
    worker.start()
    try:
        while (item := line.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        worker.join()
