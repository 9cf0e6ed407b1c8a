from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from types import SimpleNamespace

import pytest

from duchenne.cli.checkup import screens


@pytest.mark.parametrize(
    ("platform", "display", "said"),
    [
        ("linux", "", "none seen, and not tried without the extra `live`"),
        ("linux", ":0", "not tried without the extra `live`"),
        ("darwin", "", "not tried without the extra `live`"),
    ],
)
def test_without_the_extra_no_window_is_tried(
    monkeypatch: pytest.MonkeyPatch, platform: str, display: str, said: str
) -> None:
    monkeypatch.setattr(screens, "find_spec", lambda name: None)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    found = screens._screen()
    assert (found.state, found.detail) == ("absent", said)


def test_a_window_that_opens_is_closed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    pygame = pytest.importorskip("pygame", reason="needs the extra live")
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("DISPLAY", ":0")
    assert screens._screen().state == "ok"
    assert not pygame.display.get_init()


def test_a_browser_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: SimpleNamespace(name="firefox"))
    assert screens._browser().detail == "firefox"


def test_a_place_named_for_openface_that_holds_none_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DUCHENNE_OPENFACE", str(tmp_path))
    assert {one.state for one in screens.find_openface()} == {"fault"}
