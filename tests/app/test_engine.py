"""A stream by its frames: the numbers of a file's analysis, and verdicts about its last second."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from duchenne.action_units.intensities import to_intensities
from duchenne.app.engine import Engine
from duchenne.app.moment import Moment
from duchenne.app.recorder import Recorder
from duchenne.errors import DataError
from duchenne.genuineness.judging import From
from duchenne.media import Frame, open_media
from duchenne.recording import Recording
from duchenne.recording.analyzer import Analyzer, Span
from tests.app.streams import still_life
from tests.genuineness.standins import Standins

SOURCES = ("aus", "landmarks", "clip")


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(models=Standins())


@pytest.fixture(scope="module")
def smiling(engine: Engine, astronaut: NDArray[np.uint8]) -> Moment:
    """1.5 s of the astronaut's smile."""
    engine.reset()
    for frame in still_life(astronaut, 1.5, begin=100.0):
        engine.look(frame)
    return engine.moment()


def test_a_stream_gives_the_numbers_of_a_file(
    engine: Engine, carphone: Path, tmp_path: Path
) -> None:
    engine.reset()
    recorder, looks = None, []
    with open_media(carphone, end=0.4) as media:
        for frame in media:
            looks.append(engine.look(frame))
            recorder = recorder or Recorder(tmp_path / "r", engine.metadata(), engine.canonical)
            recorder.add(looks[-1])
    plain = Analyzer(neutral="none").run(carphone, Span(end=0.4))
    seen = np.concatenate([look.emotions for look in looks])
    assert np.array_equal(seen, plain.emotions.to_numpy(np.float32))
    units = np.concatenate([to_intensities(look.readings) for look in looks])
    assert np.array_equal(units, plain.action_units.to_numpy(np.float32))

    assert recorder is not None
    recorded = recorder.close()
    whole = Analyzer().run(carphone, Span(end=0.4))
    assert recorded.to_frame().equals(whole.to_frame())
    assert np.array_equal(recorded.landmarks, whole.landmarks)
    assert recorded.metadata.complete
    assert recorded.metadata.frames == len(looks)
    assert {m.name for m in recorded.metadata.models} == {m.name for m in whole.metadata.models}


def test_the_last_seconds_are_a_recording_from_0_on(smiling: Moment, tmp_path: Path) -> None:
    saved = Recording.load(smiling.recording.save(tmp_path))
    assert saved.to_frame()["timestamp"].tolist() == pytest.approx(np.arange(15) / 10)
    assert saved.to_frame()["frame"].tolist() == list(range(15))
    assert saved.emotions.idxmax(axis=1).eq("emotion_happy").all()
    assert saved.metadata.source.kind == "camera"
    assert (saved.metadata.source.width, saved.metadata.source.height) == (512, 512)


@pytest.mark.parametrize("source", SOURCES)
def test_a_freeze_says_what_is_displayed(smiling: Moment, source: From) -> None:
    frozen = smiling.judge(source)
    (face,) = frozen.faces
    assert (face.emotion, frozen.look.faces.track_ids.tolist()) == ("happy", [face.face_id])
    assert face.probability > 0.5
    # The picture that is shown still has its pixels, and is one of the last second.
    assert frozen.look.frame.width == 512
    assert frozen.look.frame.time >= 100.4
    facts = json.loads(json.dumps(frozen.to_dict()))
    assert facts["faces"][0]["displayed"] == "happy"
    assert facts["faces"][0]["reasons"]


def test_one_frame_is_judged_by_what_was_asked_for(smiling: Moment) -> None:
    models = {s: smiling.judge(s).faces[0].genuineness.model for s in ("aus", "landmarks")}
    assert models == {"aus": "genuineness_aus", "landmarks": "genuineness_landmarks"}


def test_a_smile_that_does_not_move_is_no_clip(smiling: Moment) -> None:
    (face,) = smiling.judge("clip").faces
    assert face.genuineness.verdict == "undecided"
    assert "last ten seconds" in face.genuineness.why[0]


def test_a_moment_stays_what_it_was(engine: Engine, astronaut: NDArray[np.uint8]) -> None:
    engine.reset()
    engine.look(Frame(astronaut, 0, 0.0))
    moment = engine.moment()
    engine.look(Frame(np.zeros_like(astronaut), 1, 0.1))
    assert [len(look.faces) for look in moment.looks] == [1]
    assert len(moment.judge().faces) == 1
    assert len(moment.recording) == 1


def test_nobody_is_judged_where_nobody_is(engine: Engine) -> None:
    engine.reset()
    for frame in still_life(np.zeros((120, 160, 3), np.uint8), 0.3):
        engine.look(frame)
    frozen = engine.freeze()
    assert frozen.faces == ()
    assert frozen.to_dict() == {"source": "aus", "faces": []}
    assert len(frozen.recording) == 3


def test_what_cannot_be_done_is_said(engine: Engine) -> None:
    engine.reset()
    for ask in (engine.freeze, engine.recording, engine.metadata):
        with pytest.raises(DataError, match="Nothing was seen yet"):
            ask()
    blank = np.zeros((120, 160, 3), np.uint8)
    engine.look(Frame(blank, 0, 5.0))
    with pytest.raises(DataError, match="not from 'mouth'"):
        engine.freeze("mouth")  # type: ignore[arg-type]  # no source
    for time in (5.0, 4.0, float("nan"), float("inf")):
        with pytest.raises(DataError, match="order of their times"):
            engine.look(Frame(blank, 1, time))


def test_what_a_killed_window_recorded_can_be_loaded(engine: Engine, tmp_path: Path) -> None:
    engine.reset()
    blank = np.zeros((120, 160, 3), np.uint8)
    recorder = None
    for frame in still_life(blank, 12.0, rate=1.0):
        look = engine.look(frame)
        recorder = recorder or Recorder(tmp_path, engine.metadata(), engine.canonical)
        recorder.add(look)
    left = Recording.load(tmp_path)
    assert len(left) == 11
    assert not left.metadata.complete
    assert recorder is not None
    assert len(recorder.close()) == 12


def test_the_last_seconds_are_a_recording_of_their_own(
    engine: Engine, astronaut: NDArray[np.uint8]
) -> None:
    engine.reset()
    with pytest.raises(DataError, match="Nothing was seen yet"):
        engine.recording()
    for frame in still_life(astronaut, 0.6, begin=100.0):
        engine.look(frame)
    assert len(engine.recording()) == 6
    times = engine.recording(0.25).to_frame()["timestamp"]
    assert times.tolist() == pytest.approx([0.0, 0.1, 0.2])
