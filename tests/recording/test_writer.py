"""Runs that are broken off go on, and end with the bytes of an unbroken run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.media import Media, open_media
from duchenne.media.frame import Frame
from duchenne.recording import Recording, storage
from duchenne.recording import analyzer as analyzer_module
from duchenne.recording.analyzer import Analyzer, Span
from duchenne.recording.metadata import Metadata
from duchenne.recording.writer import Checkpoint, RecordingWriter
from tests.recording.made_up import metadata, rows

FPS, SECONDS = 8, 34


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, astronaut: NDArray[np.uint8]) -> Path:
    """The astronaut drifting through 34 seconds, away for a moment about each fresh start."""
    path = tmp_path_factory.mktemp("media") / "film.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width = stream.height = 256
        stream.pix_fmt = "yuv420p"
        stream.gop_size = 20
        for i in range(FPS * SECONDS):
            x = 60 + round(30 * np.sin(i / 9))
            pixels = astronaut[0:256, x : x + 256].copy()
            if i % 80 in {77, 78, 79, 0, 1}:
                pixels[:] = 128
            picture = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def unbroken(film: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("unbroken")
    Analyzer().write(film, folder)
    return (folder / storage.TABLE).read_bytes()


def analyze(film: Path, out: Path) -> list[str]:
    code = "from duchenne.cli import main; main()"
    return [sys.executable, "-c", code, "analyze", str(film), "--out", str(out), "--no-report"]


def test_a_killed_run_goes_on_and_ends_with_the_same_bytes(
    film: Path, unbroken: bytes, tmp_path: Path
) -> None:
    run = subprocess.Popen(analyze(film, tmp_path), stdout=subprocess.DEVNULL)
    parts = tmp_path / "film" / storage.PARTS
    deadline = time.monotonic() + 60
    while not (parts / "000002.json").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    kept = sorted(path.name for path in parts.iterdir())
    assert "000002.json" in kept
    assert not (tmp_path / "film" / storage.TABLE).exists()
    assert len(Recording.load(tmp_path / "film")) > 0

    again = subprocess.run(analyze(film, tmp_path), capture_output=True, text=True, check=True)
    assert "frames with a face" in again.stdout
    assert (tmp_path / "film" / storage.TABLE).read_bytes() == unbroken
    assert Recording.load(tmp_path / "film").metadata.complete
    assert not parts.exists()


def test_the_analysis_is_not_done_twice(film: Path, tmp_path: Path) -> None:
    seen: list[int] = []
    analyzer = Analyzer()

    def stop_at_22_s(frame: Frame, _: object) -> None:
        seen.append(frame.index)
        if frame.time >= 22:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        analyzer.write(film, tmp_path, progress=stop_at_22_s)
    assert not Recording.load(tmp_path).metadata.complete
    resumed: list[int] = []
    analyzer.write(film, tmp_path, progress=lambda frame, _: resumed.append(frame.index))
    assert resumed[0] == 20 * FPS
    assert resumed[-1] == FPS * SECONDS - 1


def test_an_interrupted_run_ends_with_the_same_bytes(
    film: Path, unbroken: bytes, tmp_path: Path
) -> None:
    analyzer = Analyzer()

    def stop(frame: Frame, _: object) -> None:
        if frame.index == 13 * FPS:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        analyzer.write(film, tmp_path, progress=stop)
    analyzer.write(film, tmp_path)
    assert (tmp_path / storage.TABLE).read_bytes() == unbroken


def test_every_source_that_is_opened_is_closed(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Media] = []
    closed: list[Media] = []
    close = Media.close

    def watched(source: object, **options: Any) -> Media:
        opened.append(open_media(str(source), **options))
        return opened[-1]

    def closing(media: Media) -> None:
        closed.append(media)
        close(media)

    def stop(frame: Frame, _: object) -> None:
        if frame.time >= 11:
            raise KeyboardInterrupt

    monkeypatch.setattr(analyzer_module, "open_media", watched)
    monkeypatch.setattr(Media, "close", closing)
    analyzer = Analyzer()
    # The second run goes on at 10 s, from where it opens the source once more.
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            analyzer.write(film, tmp_path, progress=stop)
    assert len(opened) == 3
    assert all(any(media is one for one in closed) for media in opened)


def test_a_finished_recording_is_not_made_again(film: Path, tmp_path: Path) -> None:
    analyzer, seen = Analyzer(), []
    span = Span(end=1.0)
    analyzer.write(film, tmp_path, span)
    analyzer.write(film, tmp_path, span, progress=lambda frame, _: seen.append(frame.index))
    assert seen == []
    analyzer.write(film, tmp_path, Span(end=0.5), progress=lambda f, _: seen.append(f.index))
    assert seen == [0, 1, 2, 3]


def test_other_settings_start_afresh(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        break_off(tmp_path, replace(metadata(), version="0.0.1"))
    with RecordingWriter(tmp_path, metadata()) as writer:
        assert writer.resumed is None
        writer.append(rows([1]).take())
    assert len(Recording.load(tmp_path)) == 1


def break_off(folder: Path, settings: Metadata) -> None:
    with RecordingWriter(folder, settings) as writer:
        writer.append(rows([1, 1]).take())
        writer.finish_segment(Checkpoint(1, 2, {}))
        writer.append(rows([1]).take())
        raise KeyboardInterrupt


def test_what_follows_the_last_checkpoint_is_done_again(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        break_off(tmp_path, metadata())
    assert len(Recording.load(tmp_path)) == 3
    with RecordingWriter(tmp_path, metadata()) as writer:
        assert writer.resumed == Checkpoint(1, 2, {})
    assert len(Recording.load(tmp_path)) == 2


def test_a_damaged_checkpoint_starts_afresh(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        break_off(tmp_path, metadata())
    (tmp_path / storage.PARTS / "000001.json").write_text("{")
    with RecordingWriter(tmp_path, metadata()) as writer:
        assert writer.resumed is None


def test_a_second_run_into_one_output_says_so_and_stops(tmp_path: Path) -> None:
    with RecordingWriter(tmp_path, metadata()) as writer:
        writer.append(rows([1]).take())
        with pytest.raises(DataError, match="Another run"), RecordingWriter(tmp_path, metadata()):
            pytest.fail("two runs wrote to one place")
    # The first run is unharmed, and leaves no lock behind.
    assert len(Recording.load(tmp_path)) == 1
    with RecordingWriter(tmp_path, metadata()):
        pass
