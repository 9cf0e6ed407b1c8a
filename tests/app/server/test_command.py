from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

pytest.importorskip("fastapi", reason="the web page needs the extra: app")

from duchenne.cli.serve import command
from duchenne.errors import DataError


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "0.0.0.0"], "give a token"),
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
