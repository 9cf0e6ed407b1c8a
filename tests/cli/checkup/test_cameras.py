"""Cameras that open, hang, are barred or hold no pictures, made up as files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from duchenne.cli.checkup import camera_try, cameras
from duchenne.cli.checkup.asking import Answer
from duchenne.cli.checkup.camera_try import look
from duchenne.media import MediaInfo

PICTURE = json.dumps({"number": 0, "width": 640, "height": 480, "fps": 30.0})
NO_PICTURE = json.dumps({"number": 0})


class Asked:
    """Stands for a question whose answer is known."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def answer(self) -> Answer:
        return self._answer


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(cameras, "_DEVICES", tmp_path / "dev")
    monkeypatch.setattr(cameras, "_NAMES", tmp_path / "names")
    monkeypatch.setattr(sys, "platform", "linux")
    (tmp_path / "dev").mkdir()
    for name in ("video0", "video10", "video2", "video-no"):
        (tmp_path / "dev" / name).touch()
    (tmp_path / "names" / "video0").mkdir(parents=True)
    (tmp_path / "names" / "video0" / "name").write_text("Webcam C920\n")
    (tmp_path / "names" / "video2").mkdir()
    (tmp_path / "names" / "video2" / "index").write_text("1\n")
    return tmp_path / "dev"


def test_each_device_is_told(monkeypatch: pytest.MonkeyPatch, devices: Path) -> None:
    answers = {
        "0": Answer((PICTURE,), True, 0),
        "2": Answer((NO_PICTURE,), True, 0),
        "10": Answer((), False, None),
    }
    monkeypatch.setattr(cameras, "_question", lambda numbers: Asked(answers[numbers[0]]))
    first, second, third = cameras.ask_cameras()()
    assert (first.name, first.state) == ("camera:0", "ok")
    assert first.detail == f"{devices / 'video0'} (Webcam C920): 640 x 480, 30 frames a second"
    assert (second.name, second.state) == ("camera:2", "absent")
    assert (third.name, third.state) == ("camera:10", "fault")
    assert "did not answer" in third.detail


def test_a_barred_device_comes_with_the_command(
    monkeypatch: pytest.MonkeyPatch, devices: Path
) -> None:
    monkeypatch.setattr(cameras, "_may_open", lambda path: False)
    found = cameras.ask_cameras()()
    assert {one.state for one in found} == {"fault"}
    assert "usermod -aG video" in found[0].remedy


def test_no_device_is_no_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cameras, "_DEVICES", tmp_path)
    monkeypatch.setattr(sys, "platform", "linux")
    (found,) = cameras.ask_cameras()()
    assert (found.state, found.prevents) == ("absent", False)


@pytest.mark.parametrize(
    ("answer", "states"),
    [
        (Answer((PICTURE, NO_PICTURE, NO_PICTURE, NO_PICTURE), True, 0), ["ok"]),
        (Answer((NO_PICTURE,) * 4, True, 0), ["absent"]),
        (Answer((PICTURE,), False, None), ["ok", "fault"]),
        (Answer((), False, None), ["fault"]),
    ],
)
def test_where_nothing_lists_them_four_are_tried(
    monkeypatch: pytest.MonkeyPatch, answer: Answer, states: list[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(cameras, "_question", lambda numbers: Asked(answer))
    assert [one.state for one in cameras.ask_cameras()()] == states


def test_a_camera_that_is_not_there_gives_its_number_alone() -> None:
    assert look(99) == {"number": 99}


def test_a_camera_that_opens_but_shows_nothing_is_a_fault() -> None:
    found = cameras._finding("camera:0", "", Answer((NO_PICTURE,), True, 0), NO_PICTURE)
    assert (found.state, "gives no picture" in found.detail) == ("fault", True)


def test_a_camera_is_looked_at_and_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = []

    class Opened:
        info = MediaInfo("camera:3", "camera:3", "camera", 640, 480, 30.0)

        def __init__(self, number: int) -> None:
            closed.append(f"opened {number}")

        def close(self) -> None:
            closed.append("closed")

    monkeypatch.setattr(camera_try, "Camera", Opened)
    assert look(3) == {"number": 3, "width": 640, "height": 480, "fps": 30.0}
    assert closed == ["opened 3", "closed"]
