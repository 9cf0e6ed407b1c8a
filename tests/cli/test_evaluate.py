from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from duchenne.cli import main
from duchenne.weights.card import ModelCard, load_card


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """The exit code of ``duchenne evaluate emotion ...``."""
    monkeypatch.setattr(sys, "argv", ["duchenne", "evaluate", "emotion", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_the_table_says_how_good_and_how_sure(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_model: ModelCard,
    tiny_fer_csv: Path,
) -> None:
    assert run(monkeypatch, "--data", tiny_fer_csv, "--model", tiny_model.path) == 0
    out, _ = capsys.readouterr()
    assert "tiny on FER-2013 PrivateTest, 21 rows" in out
    assert "accuracy  100.00 % (95 % interval 84.54 to 100.00)" in out
    assert "Copies of Training rows: 1" in out
    assert "Without them, 20 rows" in out


def test_json_is_one_object_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_model: ModelCard,
    tiny_fer_csv: Path,
) -> None:
    arguments = ("--data", tiny_fer_csv, "--model", tiny_model.path, "--split", "PublicTest")
    assert run(monkeypatch, *arguments, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["data"], answer["rows"]) == ("FER-2013 PublicTest", 21)
    assert answer["accuracy"]["value"] == 1.0
    assert answer["sha256"] == tiny_model.sha256


def test_files_are_written_and_the_card_updated_only_when_asked(
    monkeypatch: pytest.MonkeyPatch, tiny_model: ModelCard, tiny_fer_csv: Path, tmp_path: Path
) -> None:
    arguments = ("--data", tiny_fer_csv, "--model", tiny_model.path)
    assert run(monkeypatch, *arguments, "--out", tmp_path / "out") == 0
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {"metrics.json", "classes.csv", "confusion.csv", "confusion.png"}
    assert load_card(tiny_model.path) == tiny_model
    assert run(monkeypatch, *arguments, "--update-card") == 0
    data = [result.data for result in load_card(tiny_model.path).numbers]
    assert "FER-2013 PrivateTest" in data


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--data", "nowhere"), "No FER-2013 at nowhere"),
        (("--model", "nobody"), "No model 'nobody'"),
        (("--model", "x.onnx"), "x.onnx comes without its card"),
        (("--split", "Test"), "'Test' is not one of"),
    ],
)
def test_a_mistake_is_one_sentence(
    arguments: tuple[str, ...],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_model: ModelCard,
    tiny_fer_csv: Path,
) -> None:
    usual = ("--data", tiny_fer_csv, "--model", tiny_model.path)
    assert run(monkeypatch, *usual, *arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert "Traceback" not in err
