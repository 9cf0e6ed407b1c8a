"""A stream that is recorded, and a disk that is full."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from duchenne.app.recorder import Recorder
from duchenne.expressions.track import canonical_face
from duchenne.recording.writer import RecordingWriter
from tests.recording.made_up import metadata


def test_a_recording_that_cannot_be_written_gives_its_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    first = Recorder(tmp_path, metadata(), canonical_face())
    with monkeypatch.context() as broken:
        broken.setattr(RecordingWriter, "append", full)
        with pytest.raises(OSError, match="No space left"):
            first.close()
    second = Recorder(tmp_path, metadata(), canonical_face())
    assert len(second.close()) == 0
