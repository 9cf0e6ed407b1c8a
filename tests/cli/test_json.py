"""Every verb that has results prints them as JSON too: one document, and nothing beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest

from duchenne.cli import VERBS, duchenne
from duchenne.cli.saying import in_json, results_alone
from tests.cli.running import Runner
from tests.recording.ours import ours

# A page, a window and a shell script are no results.
WITHOUT = {"completion", "live", "serve"}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(monkeypatch, capsys)


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield name, command
        return
    for inner_name in command.list_commands(click.Context(command)):
        inner = command.get_command(click.Context(command), inner_name)
        assert inner is not None
        yield from _commands(inner, f"{name} {inner_name}".strip())


def _with_results() -> list[str]:
    names = [name for name, _ in _commands(duchenne, "")]
    return [name for name in names if name not in WITHOUT]


def test_no_verb_is_forgotten() -> None:
    assert {name.split()[0] for name in _with_results()} == set(VERBS) - WITHOUT


@pytest.mark.parametrize("name", _with_results())
def test_every_verb_with_results_takes_json(name: str) -> None:
    command = dict(_commands(duchenne, ""))[name]
    (option,) = [one for one in command.params if "--json" in one.opts]
    assert isinstance(option, click.Option)
    assert option.is_flag
    assert option.name == "as_json"


def _arguments(folder: Path) -> dict[str, tuple[object, ...]]:
    """What to call, of the verbs that need no data set and no training."""
    recording, out = folder / "recording", folder / "out"
    return {
        "convert": ("convert", recording, "--to", "csv", "--out", out / "a.csv"),
        "describe": ("describe", recording),
        "describe alone": ("describe",),
        "doctor": ("doctor",),
        "expressions": ("expressions", recording),
        "expressions --describe": ("expressions", "--describe"),
        "genuineness": ("genuineness", recording),
        "models list": ("models", "list"),
        "models fetch": ("models", "fetch"),
    }


@pytest.mark.parametrize("name", sorted(_arguments(Path())))
def test_standard_output_holds_one_object(run: Runner, tmp_path: Path, name: str) -> None:
    ours([1] * 4).save(tmp_path / "recording")
    done = run(*_arguments(tmp_path)[name], "--json")
    assert done.code == 0
    facts = json.loads(done.out, parse_constant=_refuse)
    assert isinstance(facts, dict)
    assert facts


@pytest.mark.parametrize("name", ["list", "table"])
def test_experiments_are_listed_in_json(run: Runner, tmp_path: Path, name: str) -> None:
    pytest.importorskip("lightning", reason="training needs the extra: train")
    out = ("--out", tmp_path) if name == "table" else ()
    assert json.loads(run("experiment", name, *out, "--json").out, parse_constant=_refuse)


def test_an_error_leaves_standard_output_empty(run: Runner, tmp_path: Path) -> None:
    done = run("expressions", tmp_path / "nothing.mp4", "--json")
    assert (done.code, done.out) == (2, "")
    assert "nothing.mp4" in done.err


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), "null"),
        (np.float32("inf"), "null"),
        (np.int64(3), "3"),
        ((1, [2.5, float("-inf")]), "[1, [2.5, null]]"),
        (Path("a") / "b", '"a/b"'),
        ({"ü": {1: None}}, '{"ü": {"1": null}}'),
        (True, "true"),
    ],
)
def test_json_is_what_the_standard_says(value: Any, text: str) -> None:
    assert in_json({"x": value}) == f'{{"x": {text}}}'


def test_a_library_that_prints_does_not_spoil_the_document(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with results_alone(True):
        print("epoch 1")
    with results_alone(False):
        print("in words")
    assert capsys.readouterr() == ("in words\n", "epoch 1\n")


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")
