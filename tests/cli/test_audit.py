from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from duchenne.cli import main
from tests.evaluation.audit.made_up_sets import write_pictures


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """The exit code of ``duchenne audit ...``."""
    monkeypatch.setattr(sys, "argv", ["duchenne", "audit", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_a_shortcut_is_told_and_strict_makes_it_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder, out = write_pictures(tmp_path / "set", "brightness", each=14), tmp_path / "deep" / "out"
    assert run(monkeypatch, folder, "--out", out, "--no-faces") == 0
    assert {p.name for p in out.iterdir()} == {
        "audit.html", "audit.json", "audit.csv", "measured.jsonl",
    }  # fmt: skip
    said = capsys.readouterr().out
    assert "this data set would teach your network the camera" in said
    assert f"-> {out / 'audit.html'}" in said
    assert run(monkeypatch, folder, "--out", out, "--no-faces", "--strict", "--json") == 1
    facts = json.loads(capsys.readouterr().out)
    assert facts == json.loads((out / "audit.json").read_text("utf-8"))
    assert facts["passed"] is False
    assert run(monkeypatch, folder, "--out", out, "--no-faces", "--strict", "--bar", "1") in {0, 1}


def test_a_clean_set_passes_strictly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = write_pictures(tmp_path / "set", each=14)
    assert run(monkeypatch, folder, "--out", tmp_path / "out", "--no-faces", "--strict") == 0


def test_a_mistake_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = write_pictures(tmp_path / "set", each=11)
    for arguments, message in [
        (("nowhere", "--out", tmp_path / "out"), "nowhere does not exist"),
        ((folder, "--out", tmp_path / "out", "--bar", "0.4"), "0.4 is not in the range"),
        ((folder,), "Missing option '--out'"),
        ((folder, "--out", tmp_path / "out", "--no-faces", "--model", "nobody"), "nobody"),
        ((folder, "--out", tmp_path / "out", "--no-faces", "--model", "smile"), "of the lips"),
    ]:
        assert run(monkeypatch, *arguments) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert message in err
        assert "Traceback" not in err


def test_the_help_names_the_verb(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--help") == 0
    assert "besides the expression" in capsys.readouterr().out
