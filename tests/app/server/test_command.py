from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

pytest.importorskip("fastapi", reason="the web page needs the extra: app")

from duchenne.app.server.settings import Settings
from duchenne.cli.serve import command
from duchenne.errors import DataError, MissingExtraError


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "0.0.0.0"], "give a token"),
        (["--host", "lab.example.org"], "give a token"),
        (["--host", "0.0.0.0", "--token", "short"], "A token needs 16"),
        (["--port", "70000"], "65535"),
        (["--max-upload", "0"], "at least 1"),
        (["--host", "192.0.2.1", "--token", "a-token-of-some-length"], "choose another --port"),
    ],
)
def test_what_cannot_be_served_is_one_sentence(
    tmp_path: Path, options: list[str], said: str
) -> None:
    outcome = CliRunner().invoke(command, [*options, "--library", str(tmp_path)])
    assert isinstance(outcome.exception, DataError)
    assert said in str(outcome.exception)
    assert "\n" not in str(outcome.exception)


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        outcome = CliRunner().invoke(command, ["--port", port, "--library", str(tmp_path)])
    assert isinstance(outcome.exception, DataError)
    assert "choose another --port" in str(outcome.exception)


def test_the_address_is_that_of_the_port_which_was_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import uvicorn

    ports = []

    def run(_: object, sockets: list[socket.socket]) -> None:
        ports.append(sockets[0].getsockname()[1])

    monkeypatch.setattr(uvicorn.Server, "run", run)
    outcome = CliRunner().invoke(command, ["--port", "0", "--library", str(tmp_path)])
    assert outcome.exit_code == 0, outcome.exception
    assert f"duchenne: open http://127.0.0.1:{ports[0]}" in outcome.stdout


def test_without_the_extra_its_name_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    outcome = CliRunner().invoke(command, ["--library", str(tmp_path)])
    assert isinstance(outcome.exception, MissingExtraError)
    assert "duchenne[app]" in str(outcome.exception)


def test_time_limits_are_longer_than_nothing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="longer than 0 s"):
        Settings(tmp_path, stall=0)
