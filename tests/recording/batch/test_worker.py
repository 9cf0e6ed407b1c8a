"""What a worker answers."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from duchenne.errors import DuchenneError
from duchenne.media import MediaInfo
from duchenne.recording.analyzer import Span
from duchenne.recording.batch import Job, Settings
from duchenne.recording.batch.stretches import InOneGoError, Stretch, StretchAnalyzer
from duchenne.recording.batch.worker import Done, Failed, Task, Worker, frames_ahead


def ignore(done: int, of: int) -> None: ...


def answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception) -> Done | Failed:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(StretchAnalyzer, "stretches", fail)
    return Worker(Settings()).do(Task(Job("a.mp4", tmp_path / "a")), ignore)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (InOneGoError("damage"), Done(in_one_go=True)),
        (DuchenneError("It is empty."), Failed("It is empty.")),
        (OSError(errno.EIO, "Input/output error", "x.mp4"),
         Failed("x.mp4 cannot be used: input/output error.")),
        (OSError(errno.ENOSPC, "No space left on device"),
         Failed("Nothing can be written: No space left on device.", hopeless=True)),
        (MemoryError(), Failed("There is not enough memory for it: use fewer workers.")),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception, expected: object
) -> None:
    assert answer(monkeypatch, tmp_path, error) == expected


def test_a_fault_of_ours_says_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = answer(monkeypatch, tmp_path, ZeroDivisionError("by\nzero"))
    assert isinstance(found, Failed)
    assert "ZeroDivisionError at test_worker.py:" in found.reason
    assert "\n" not in found.reason


VIDEO = MediaInfo("a.mp4", "/a.mp4", "video", 64, 48, 25.0, 1000, 40.0)
NAMELESS = MediaInfo("a.h264", "/a.h264", "video", 64, 48, None, None, None)


@pytest.mark.parametrize(
    ("info", "span", "stretch", "frames"),
    [
        (VIDEO, Span(), None, 1000),
        (VIDEO, Span(every=5), None, 200),
        (VIDEO, Span(start=10, end=12), None, 50),
        (VIDEO, Span(end=99), None, 1000),
        (VIDEO, Span(), Stretch(1, 3), 500),
        (VIDEO, Span(start=15), Stretch(1, None), 625),
        (NAMELESS, Span(), None, 0),
        (NAMELESS, Span(end=3), Stretch(0, 1), 0),
    ],
)
def test_the_bar_knows_how_much_is_ahead(
    info: MediaInfo, span: Span, stretch: Stretch | None, frames: int
) -> None:
    assert frames_ahead(info, span, stretch) == frames
