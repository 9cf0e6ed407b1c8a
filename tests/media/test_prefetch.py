"""Decoding ahead changes nothing but the time it takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import MediaError
from duchenne.media import open_media
from duchenne.media.frame import Frame
from duchenne.media.prefetch import prefetched
from tests.media.videos import write_video

PIXELS = np.zeros((2, 2, 3), np.uint8)


def stream(count: int) -> Iterator[Frame]:
    for i in range(count):
        yield Frame(PIXELS, i, i / 10)


@given(st.integers(0, 30), st.integers(1, 5))
def test_every_frame_comes_once_in_order(count: int, ahead: int) -> None:
    assert [f.index for f in prefetched(stream(count), ahead)] == list(range(count))


def test_a_video_comes_out_the_same(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", range(0, 1200, 40))
    plain, ahead = list(open_media(path)), list(prefetched(open_media(path)))
    assert [(f.index, f.time) for f in ahead] == [(f.index, f.time) for f in plain]
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(ahead, plain, strict=True))


def test_an_error_comes_after_the_frames_before_it() -> None:
    def broken() -> Iterator[Frame]:
        yield from stream(3)
        raise MediaError("the cable was pulled")

    seen: list[int] = []
    with pytest.raises(MediaError, match="cable"):
        seen += (frame.index for frame in prefetched(broken()))
    frames = prefetched(broken())
    assert [next(frames).index for _ in range(3)] == [0, 1, 2]


def decoders() -> int:
    return sum(thread.name == "duchenne-decoder" for thread in threading.enumerate())


def test_stopping_early_ends_the_thread() -> None:
    frames = prefetched(stream(1_000_000))
    next(frames)
    assert decoders() == 1
    assert isinstance(frames, Generator)
    frames.close()
    assert decoders() == 0


def test_it_runs_ahead_by_so_much_and_no_more() -> None:
    made: list[int] = []

    def counted() -> Iterator[Frame]:
        for frame in stream(100):
            made.append(frame.index)
            yield frame

    frames = prefetched(counted(), ahead=3)
    next(frames)
    deadline = time.monotonic() + 5
    while len(made) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.05)
    # One taken, three waiting, one in the decoder's hand.
    assert len(made) == 5
    assert isinstance(frames, Generator)
    frames.close()


def test_a_source_closed_in_the_middle_of_decoding_ahead_ends_the_thread_first(
    tmp_path: Path,
) -> None:
    media = open_media(write_video(tmp_path / "long.mp4", range(0, 16_000, 40)))
    for _ in range(20):
        frames = media.ahead()
        next(frames)
        # What Ctrl-C comes down to: the decoder's thread is in the middle of a frame.
        media.close()
        assert decoders() == 0
    assert len(list(media.ahead())) == 400
    media.close()
