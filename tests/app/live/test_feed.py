"""The newest picture of a source, and what is said when there are no more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from duchenne.app.live.feed import SILENT_S, Feed
from duchenne.errors import MediaError
from duchenne.media import Frame
from duchenne.media.info import MediaInfo

PIXELS = np.zeros((6, 8, 3), np.uint8)


class Stub:
    """A source that waits for a word before each picture, and ends as it is told to."""

    def __init__(self, kind: Any, count: int, error: Exception | None = None) -> None:
        self.info = MediaInfo("porch", "camera:0", kind, 8, 6)
        self.warnings: list[str] = []
        self.go, self.given = threading.Semaphore(0), 0
        self._count, self._error, self.closed = count, error, False

    def __iter__(self) -> Iterator[Frame]:
        for index in range(self._count):
            self.go.acquire()
            yield Frame(PIXELS, index, 0.0)
            self.given += 1
        if self._error is not None:
            raise self._error
        if self.info.kind == "camera":
            self.warnings.append("Camera 0 stopped giving pictures: is it still plugged in?")

    def close(self) -> None:
        self.closed = True


def feed_of(stub: Any, clock: Callable[[], float] = time.monotonic) -> Feed:
    """Of a stub, in a source's place."""
    return Feed(stub, clock)


def ended(feed: Feed) -> None:
    """Wait for the feed's thread, as closing does, but leave the feed open."""
    assert feed._thread is not None
    feed._thread.join(timeout=30)
    assert not feed._thread.is_alive()


def play(kind: str, count: int, error: Exception | None = None) -> tuple[Stub, Feed, Frame | None]:
    stub = Stub(kind, count, error)
    feed = feed_of(stub)
    assert feed.newest() is None
    stub.go.release(count)
    ended(feed)
    return stub, feed, feed.newest()


def test_only_the_newest_picture_is_kept() -> None:
    _, feed, newest = play("camera", 5)
    assert newest is not None
    assert newest.index == 4
    assert feed.newest() is None


def test_a_camera_that_is_unplugged_says_so() -> None:
    _, feed, _ = play("camera", 3)
    assert feed.failed
    assert feed.trouble == "Camera 0 stopped giving pictures: is it still plugged in?"


def test_a_file_may_end() -> None:
    _, feed, newest = play("video", 3)
    assert (feed.failed, feed.trouble) == (False, "porch has ended.")
    assert newest is not None
    assert newest.index == 2


@pytest.mark.parametrize("kind", ["camera", "video"])
def test_a_source_that_breaks_says_why(kind: str) -> None:
    _, feed, _ = play(kind, 1, MediaError("porch is broken: get it again."))
    assert (feed.failed, feed.trouble) == (True, "porch is broken: get it again.")


def test_a_silent_camera_is_noticed() -> None:
    now = [0.0]
    stub = Stub("camera", 1)
    feed = feed_of(stub, clock=lambda: now[0])
    feed.newest()
    now[0] = SILENT_S + 1
    assert feed.trouble == "No picture for 4 s: is the camera still plugged in?"
    assert not feed.failed
    stub.go.release()
    feed.close()


def test_a_held_file_waits_and_a_camera_does_not() -> None:
    for kind, comes in (("camera", True), ("video", False)):
        stub = Stub(kind, 1)
        feed = feed_of(stub)
        feed.newest()
        feed.pause(True)
        stub.go.release()
        if comes:
            ended(feed)
        assert (feed.newest() is not None) == comes
        feed.pause(False)
        ended(feed)
        feed.close()
        assert stub.closed


def test_closing_before_the_first_picture_gives_the_source_back() -> None:
    stub = Stub("camera", 1)
    feed_of(stub).close()
    assert stub.closed
