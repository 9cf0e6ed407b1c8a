from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from duchenne.cli import main


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """The exit code of ``duchenne explore ...``."""
    monkeypatch.setattr(sys, "argv", ["duchenne", "explore", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_a_page_and_a_description_are_written(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_fer_csv: Path,
    tmp_path: Path,
) -> None:
    out = tmp_path / "deep" / "out"
    assert run(monkeypatch, tiny_fer_csv, "--out", out) == 0
    assert {path.name for path in out.iterdir()} == {"explore.html", "explore.json"}
    said = capsys.readouterr().out
    assert "FER-2013 has 182 pictures. Each of 7 classes has 26 pictures." in said.replace(
        "\n", " "
    )
    assert "Of the 21 pictures of PrivateTest, 1 stands pixel for pixel in Training" in said
    assert f"-> {out / 'explore.html'}" in said
    facts = json.loads((out / "explore.json").read_text("utf-8"))
    assert facts["copies"]["groups"] == [[0, 161]]


def test_json_is_one_object_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_fer_csv: Path,
    tmp_path: Path,
) -> None:
    arguments = (tiny_fer_csv, "--out", tmp_path / "out", "--split", "PrivateTest", "--json")
    assert run(monkeypatch, *arguments) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["split"] == "PrivateTest"
    assert facts == json.loads((tmp_path / "out" / "explore.json").read_text("utf-8"))


def test_a_mistake_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_fer_csv: Path,
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("")
    for arguments, message in [
        (("nowhere", "--out", tmp_path / "out"), "No FER-2013 at nowhere"),
        ((tiny_fer_csv, "--out", tmp_path / "out", "--split", "Test"), "'Test' is not one of"),
        ((tiny_fer_csv,), "Missing option '--out'"),
        ((tiny_fer_csv, "--out", tmp_path / "file"), "cannot be used"),
    ]:
        assert run(monkeypatch, *arguments) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert message in err
        assert "Traceback" not in err
    assert not (tmp_path / "out").exists()


def test_the_help_names_the_verb(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--help") == 0
    assert "average faces" in capsys.readouterr().out
