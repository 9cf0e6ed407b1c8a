"""``duchenne live``, on files, with keys that are posted to it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from duchenne.cli import duchenne
from duchenne.errors import DataError, DuchenneError, MediaError, MissingExtraError
from duchenne.recording import Recording
from tests.genuineness.standins import Standins


def live(*args: str) -> Result:
    return CliRunner().invoke(duchenne, ["live", *args], catch_exceptions=True)


@pytest.fixture
def unseen_screen(monkeypatch: pytest.MonkeyPatch) -> Any:
    pygame = pytest.importorskip("pygame", reason="needs the extra live")
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr("duchenne.app.engine.shipped", Standins)
    yield pygame
    pygame.quit()


def test_a_file_is_watched_frozen_saved_and_left(
    unseen_screen: Any, carphone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from duchenne.app.live.window import Window

    pygame, states = unseen_screen, []

    def person(window: Window) -> None:
        session = window._session
        while session.shown is None or not len(session.shown.look.faces):
            window.tick()
        for key in (pygame.K_r, pygame.K_a, pygame.K_s, pygame.K_q):
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key))
            window.tick()
            if key == pygame.K_a:
                session.wait()
            states.append((session.recorded_s is not None, session.is_frozen, session.running))

    monkeypatch.setattr(Window, "run", person)
    result = live("--source", str(carphone), "--out", str(tmp_path), "--size", "640x480")
    assert (result.exit_code, result.exception) == (0, None), result.output
    assert states == [
        (True, False, True), (True, True, True), (True, True, True), (True, True, False),
    ]  # fmt: skip
    kinds = {path.name.split("-")[0]: path for path in tmp_path.iterdir()}
    assert set(kinds) == {"moment", "recording"}
    for folder in kinds.values():
        assert str(folder) in result.output
        assert Recording.load(folder).metadata.complete
    assert (kinds["moment"] / "verdict.json").exists()


def test_a_camera_that_fails_in_the_middle_is_exit_code_1(
    unseen_screen: Any, carphone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from duchenne.app.live.feed import Feed
    from duchenne.app.live.window import Window

    monkeypatch.setattr(Window, "run", lambda window: None)
    monkeypatch.setattr(Feed, "trouble", "Camera 0 stopped giving pictures.")
    monkeypatch.setattr(Feed, "close", lambda feed: setattr(feed, "failed", True))
    result = CliRunner().invoke(
        duchenne,
        ["live", "--source", str(carphone), "--out", str(tmp_path)],
        standalone_mode=False,
    )
    assert result.return_value == 1
    assert "duchenne: Camera 0 stopped giving pictures." in result.output


@pytest.mark.parametrize(
    ("args", "error", "words"),
    [
        (["--source", "nowhere.mp4"], MediaError, "does not exist"),
        (["--camera", "97"], MediaError, "Camera 97 gives no picture"),
        (["--size", "10x10"], DataError, "--size"),
        (["--size", "large"], DataError, "--size"),
        (["--size", "99999x400"], DataError, "--size"),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(
    unseen_screen: Any, args: list[str], error: type[DuchenneError], words: str
) -> None:
    result = live(*args)
    assert isinstance(result.exception, error)
    assert words in str(result.exception)
    assert str(result.exception).count("\n") == 0


def test_bad_models_and_numbers_are_told(unseen_screen: Any, carphone: Path) -> None:
    for option, value in (("--faces", "0"), ("--detector", "eyes"), ("--emotion-model", "mood")):
        result = live("--source", str(carphone), option, value)
        assert isinstance(result.exception, DuchenneError), option


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygame", None)
    result = live()
    assert isinstance(result.exception, MissingExtraError)
    assert "duchenne[live]" in str(result.exception)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_a_machine_without_a_screen_is_told_about_serve(carphone: Path) -> None:
    pytest.importorskip("pygame", reason="needs the extra live")
    screens = {"DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"}
    bare = {name: value for name, value in os.environ.items() if name not in screens}
    call = [sys.executable, "-c", "from duchenne.cli import main; main()", "live"]
    done = subprocess.run(
        [*call, "--source", str(carphone)], capture_output=True, text=True, env=bare, check=False
    )
    assert done.returncode == 2
    assert "`duchenne serve`" in done.stderr
    assert "Traceback" not in done.stderr
