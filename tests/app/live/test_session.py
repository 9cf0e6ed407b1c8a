"""Keys of the live window, without a window."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from duchenne.app.engine import Engine
from duchenne.app.live import saving
from duchenne.app.live import session as session_module
from duchenne.app.live.session import NOTICE_S, Session
from duchenne.app.recorder import Recorder
from duchenne.errors import ModelError
from duchenne.media import Frame
from duchenne.recording import Recording
from tests.app.streams import still_life
from tests.genuineness.standins import Standins


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(models=Standins())


@pytest.fixture
def session(engine: Engine, tmp_path: Path) -> Session:
    engine.reset()
    return Session(engine, tmp_path)


@pytest.fixture
def smiling(session: Session, astronaut: NDArray[np.uint8]) -> Session:
    for frame in still_life(astronaut, 0.4):
        session.see(frame)
    return session


def freeze(session: Session, key: str) -> None:
    session.press(key)
    session.wait()


def looked_at(session: Session) -> str | None:
    """What the frozen picture is judged from; None: the picture is not frozen."""
    return None if session.frozen is None else session.frozen.source


def test_a_key_too_early_is_answered_with_a_sentence(session: Session) -> None:
    for key in "alsr":
        session.press(key)
        assert session.notice is not None
        assert (session.notice.bad, session.is_frozen) == (True, False)
        assert "wait for the first picture" in session.notice.text


def test_a_and_l_ask_about_the_same_moment(smiling: Session) -> None:
    freeze(smiling, "a")
    assert looked_at(smiling) == "aus"
    moment = smiling.moment
    freeze(smiling, "l")
    assert (looked_at(smiling), smiling.moment is moment) == ("landmarks", True)
    smiling.press("l")
    assert (smiling.is_frozen, looked_at(smiling)) == (False, None)


@pytest.mark.parametrize("key", ["escape", "space"])
def test_back_to_the_live_picture(smiling: Session, key: str) -> None:
    freeze(smiling, "A")
    smiling.press(key)
    assert not smiling.is_frozen
    smiling.catch_up()
    assert smiling.frozen is None


def test_s_keeps_the_picture_the_seconds_and_the_verdict(
    smiling: Session, tmp_path: Path, astronaut: NDArray[np.uint8]
) -> None:
    freeze(smiling, "a")
    smiling.press("s")
    smiling.wait()
    (folder,) = tmp_path.iterdir()
    names = {path.name for path in folder.iterdir()}
    assert names == {
        *("frame.png", "annotated.png", "recording.parquet", "recording.json", "report.html"),
        "verdict.json",
    }
    assert np.array_equal(np.asarray(Image.open(folder / "frame.png")), astronaut)
    assert not np.array_equal(np.asarray(Image.open(folder / "annotated.png")), astronaut)
    assert len(Recording.load(folder)) == 4
    facts = json.loads((folder / "verdict.json").read_text())
    assert facts["faces"][0]["displayed"] == "happy"
    assert smiling.notice is not None
    assert str(folder) in smiling.notice.text


def test_s_without_a_freeze_keeps_the_newest_picture(smiling: Session, tmp_path: Path) -> None:
    for key in "ss":
        smiling.press(key)
    smiling.wait()
    folders = sorted(tmp_path.iterdir())
    assert len(folders) == 2
    assert all((folder / "frame.png").exists() for folder in folders)
    assert not any((folder / "verdict.json").exists() for folder in folders)


def test_r_records_until_r(smiling: Session, tmp_path: Path, astronaut: NDArray[np.uint8]) -> None:
    smiling.press("r")
    assert (smiling.recorded_s, smiling.may_pause) == (0.0, False)
    for frame in still_life(astronaut, 0.3, begin=1.0):
        smiling.see(frame)
    assert smiling.recorded_s == pytest.approx(0.2)
    freeze(smiling, "a")
    # A file that is being recorded goes on behind the frozen picture.
    while_recording = smiling.may_pause
    smiling.press("r")
    smiling.wait()
    assert (while_recording, smiling.may_pause) == (False, True)
    (folder,) = tmp_path.iterdir()
    rows = Recording.load(folder).to_frame()
    assert rows["timestamp"].tolist() == pytest.approx([0.0, 0.1, 0.2])


def test_closing_finishes_the_recording_and_says_where(
    smiling: Session, tmp_path: Path, astronaut: NDArray[np.uint8]
) -> None:
    smiling.press("r")
    smiling.see(Frame(astronaut, 9, 1.0))
    (said,) = smiling.close()
    (folder,) = tmp_path.iterdir()
    assert str(folder) in said
    assert Recording.load(folder).metadata.complete


def test_a_folder_that_cannot_be_written_is_told(smiling: Session, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    smiling._out = tmp_path / "file"
    for key in "sr":
        smiling.press(key)
        assert smiling.notice is not None
        assert smiling.notice.bad
        assert "choose another folder" in smiling.notice.text
    assert smiling.recorded_s is None


def test_a_missing_model_thaws_the_picture(
    smiling: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: Any, look: str) -> Any:
        raise ModelError(f"No model for {look}.")

    monkeypatch.setattr(Standins, "still", missing)
    freeze(smiling, "a")
    assert not smiling.is_frozen
    assert smiling.notice is not None
    assert smiling.notice.text == "No model for aus."


def test_a_picture_that_comes_twice_is_passed_over(session: Session) -> None:
    blank = np.zeros((60, 80, 3), np.uint8)
    for time in (0.0, 0.1, 0.1, 0.05, 0.2):
        session.see(Frame(blank, 0, time))
    assert session.shown is not None
    session.press("a")
    assert session.moment is not None
    times = session.moment.recording.to_frame()["timestamp"]
    assert times.tolist() == pytest.approx([0.0, 0.1, 0.2])


def test_other_keys(session: Session) -> None:
    states = []
    for key in ("m", "h", "f5", "h", "q"):
        session.press(key)
        states.append((session.mirrored, session.helping, session.running))
    assert states == [
        (True, False, True), (True, True, True), (True, True, True), (True, False, True),
        (True, False, False),
    ]  # fmt: skip


def test_a_notice_goes_after_a_while_and_the_rate_is_counted(
    engine: Engine, tmp_path: Path
) -> None:
    now = [0.0]
    engine.reset()
    session = Session(engine, tmp_path, clock=lambda: now[0])
    session.say("Hello.")
    said = session.notice
    assert said is not None
    now[0] = NOTICE_S
    assert session.notice is None
    assert session.fps == 0.0
    for frame in still_life(np.zeros((60, 80, 3), np.uint8), 1.0):
        now[0] += 0.05
        session.see(frame)
    assert session.fps == pytest.approx(20.0)


def test_a_disk_that_fills_up_ends_the_recording_not_the_window(
    smiling: Session, astronaut: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Recorder, "add", full)
    smiling.press("r")
    smiling.see(Frame(astronaut, 9, 1.0))
    assert smiling.recorded_s is None
    assert smiling.notice is not None
    assert smiling.notice.text == "The recording stopped: No space left on device."
    assert smiling.shown is not None
    assert smiling.shown.look.frame.time == 1.0


def test_what_could_not_be_saved_is_told(smiling: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(session_module, "save", full)
    smiling.press("s")
    smiling.wait()
    assert smiling.notice is not None
    assert smiling.notice.bad
    assert smiling.notice.text.startswith("The last ten seconds could not be saved: ")


def test_without_a_model_of_verdicts_the_report_is_saved_all_the_same(
    smiling: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any, **__: Any) -> Any:
        raise ModelError("No model for clips.")

    monkeypatch.setattr(saving, "judge", missing)
    smiling.press("s")
    smiling.wait()
    (folder,) = tmp_path.iterdir()
    assert (folder / "report.html").is_file()
    assert smiling.notice is not None
    assert not smiling.notice.bad


def test_the_rate_is_that_of_the_last_moments(engine: Engine, tmp_path: Path) -> None:
    now = [0.0]
    engine.reset()
    session = Session(engine, tmp_path, clock=lambda: now[0])
    for number, frame in enumerate(still_life(np.zeros((60, 80, 3), np.uint8), 4.0)):
        now[0] += 0.5 if number < 10 else 0.1
        session.see(frame)
    assert session.fps == pytest.approx(10.0)
