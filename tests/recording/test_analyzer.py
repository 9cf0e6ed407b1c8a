"""The whole pipeline on real input."""

from __future__ import annotations

import socket
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import duchenne
from duchenne.errors import DataError, MediaError
from duchenne.recording.analyzer import Analyzer, Span
from duchenne.recording.summary import summarize
from tests.media.videos import write_video


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory, astronaut: NDArray[np.uint8]) -> Path:
    path = tmp_path_factory.mktemp("media") / "astronaut.png"
    Image.fromarray(astronaut).save(path)
    return path


def test_the_astronaut_displays_happiness(analyzer: Analyzer, picture: Path) -> None:
    recording = analyzer.run(picture)
    (row,) = recording.to_frame().itertuples()
    assert (row.success, row.face_id, row.timestamp) == (1, 0, 0.0)
    assert recording.emotions.iloc[0].idxmax() == "emotion_happy"
    assert recording.emotions.iloc[0].sum() == pytest.approx(1.0, abs=1e-5)
    assert recording.action_units["AU12_r"].iloc[0] > 3
    assert recording.landmarks.shape == (1, 478, 3)
    assert recording.metadata.complete
    assert {model.name for model in recording.metadata.models} >= {"face_landmarker"}


def test_in_memory_and_on_disk_agree(analyzer: Analyzer, carphone: Path, tmp_path: Path) -> None:
    span = Span(every=3, end=2.0)
    memory, disk = analyzer.run(carphone, span), analyzer.write(carphone, tmp_path, span)
    assert disk.to_frame().equals(memory.to_frame())
    assert np.array_equal(disk.landmarks, memory.landmarks, equal_nan=True)
    assert disk.metadata == memory.metadata
    frames = disk.to_frame()["frame"]
    assert (frames % 3 == 0).all()
    assert disk.to_frame()["timestamp"].max() < 2.0


def test_two_runs_give_the_same_bytes(analyzer: Analyzer, carphone: Path, tmp_path: Path) -> None:
    span = Span(end=1.0)
    for name in ("a", "b"):
        analyzer.write(carphone, tmp_path / name, span)
    first, second = ((tmp_path / n / "recording.parquet").read_bytes() for n in ("a", "b"))
    assert first == second


def test_a_video_without_faces_keeps_its_rows(analyzer: Analyzer, tmp_path: Path) -> None:
    clip = write_video(tmp_path / "grey.mp4", range(0, 400, 40))
    recording = analyzer.run(clip)
    assert len(recording) == 10
    assert recording.face_ids == []
    assert summarize(recording)["frames_with_face"] == 0


def test_rows_are_kept_when_interrupted(analyzer: Analyzer, carphone: Path, tmp_path: Path) -> None:
    def stop_at_20(frame: duchenne.Frame, _: object) -> None:
        if frame.index == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        analyzer.write(carphone, tmp_path, progress=stop_at_20)
    recording = duchenne.Recording.load(tmp_path)
    assert recording.to_frame()["frame"].max() == 20
    assert not recording.metadata.complete


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.usefixtures("no_sockets")
def test_analysing_opens_no_socket(picture: Path) -> None:
    assert len(duchenne.analyze(picture)) == 1


def test_the_facade_writes_where_it_is_told(picture: Path, tmp_path: Path) -> None:
    recording = duchenne.analyze(picture, out=tmp_path / "o", detector="haar")
    assert (tmp_path / "o" / "recording.parquet").exists()
    assert recording.metadata.options["detector"] == "haar"
    assert list(recording.to_frame()["success"]) == [1]


def test_bad_options_and_sources_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="detector"):
        duchenne.analyze(tmp_path, detector="magic")
    with pytest.raises(MediaError, match="does not exist"):
        duchenne.analyze(tmp_path / "nothing.mp4")


def test_a_real_smile_stands_out(analyzer: Analyzer, shared_media: Path) -> None:
    recording = analyzer.run(shared_media / "neutral_smile_neutral.mov")
    table = recording.to_frame()
    assert len(table) == 126
    assert table["success"].sum() >= 120
    assert table["face_id"].nunique() == 1
    neutral, smile = table[table["frame"] <= 50], table[table["frame"].between(70, 100)]
    assert smile["AU12_r"].mean() > neutral["AU12_r"].mean() + 2
    assert smile["emotion_happy"].mean() > neutral["emotion_happy"].mean() + 0.3


def test_a_clip_without_faces(analyzer: Analyzer, shared_media: Path) -> None:
    table = analyzer.run(shared_media / "no_face.mp4").to_frame()
    assert len(table) == 95
    assert table["success"].sum() == 0
