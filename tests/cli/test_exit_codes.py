"""The exit codes that docs/exit_codes.md promises."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from duchenne import cli
from duchenne.cli import models
from duchenne.cli.readings import exit_code
from duchenne.errors import DataError
from tests.cli.running import Runner

PAGE = Path(__file__).parents[2] / "docs" / "exit_codes.md"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(monkeypatch, capsys)


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (DataError("The table is empty."), 2, "duchenne: The table is empty.\n"),
        (FileNotFoundError(2, "No such file", "a.csv"), 2, "duchenne: a.csv cannot be used"),
        (OSError(28, "No space left"), 2, "duchenne: The system cannot go on: no space left.\n"),
        (OSError("half a sentence"), 2, "duchenne: half a sentence\n"),
        (click.UsageError("Give a SOURCE."), 2, "Error: Give a SOURCE.\n"),
        (KeyboardInterrupt(), 130, "duchenne: interrupted"),
        (ZeroDivisionError("a fault"), 70, "this is a fault of duchenne"),
    ],
)
def test_what_a_verb_raises_becomes_a_code(
    run: Runner, monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: int, said: str
) -> None:
    def fail(**options: object) -> None:
        raise raised

    monkeypatch.setattr(models.fetch, "callback", fail)
    done = run("models", "fetch")
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    # A traceback is for faults of ours alone.
    assert ("Traceback" in done.err) == (code == 70)


@pytest.mark.parametrize(
    "arguments", [("nothing-such",), ("describe", "--nothing-such"), ("analyze",)]
)
def test_bad_options_are_2(run: Runner, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).code == 2


@pytest.mark.parametrize(
    ("outcomes", "code"), [([], 0), ([True], 0), ([True, False], 1), ([False, False], 2)]
)
def test_of_several_sources(outcomes: list[bool], code: int) -> None:
    assert exit_code(outcomes) == code


def test_help_and_version_are_0(run: Runner) -> None:
    assert run("--help").code == run("--version").code == run("describe", "--help").code == 0


def test_a_reader_that_stops_hears_no_complaint() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    code = "from duchenne.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "describe"], stdout=theirs, stderr=subprocess.PIPE, check=False
    )
    os.close(theirs)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("closed", [">&-", "2>&-"])
def test_a_service_without_streams_is_served(closed: str) -> None:
    work = "lambda **_: sum(tqdm([0, 0], disable=None))"
    code = f"from tqdm import tqdm; from duchenne import cli; cli.duchenne = {work}; cli.main()"
    done = subprocess.run(
        ["sh", "-c", f'"$0" -c "$1" {closed}', sys.executable, code],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")
    assert "Traceback" not in done.stderr


def test_help_and_page_name_the_same_codes() -> None:
    text = cli.duchenne.help or ""
    in_help = set(re.findall(r"^\s+(\d+) ", text, re.MULTILINE))
    in_page = set(re.findall(r"^\| `(\d+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert in_help == in_page == {"0", "1", "2", "70", "130"}
