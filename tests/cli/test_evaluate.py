from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from duchenne.cli import main
from duchenne.weights.card import ModelCard, load_card
from tests.evaluation.made_up_faces import write_pedfe


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object, verb: str = "emotion") -> int:
    """The exit code of ``duchenne evaluate VERB ...``."""
    monkeypatch.setattr(sys, "argv", ["duchenne", "evaluate", verb, *map(str, arguments)])
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
    pictures = {"confusion.png", "reliability.png"}
    assert written == {"metrics.json", "classes.csv", "confusion.csv"} | pictures
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


def test_networks_are_compared_on_one_page(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_model: ModelCard,
    tiny_fer_csv: Path,
    tmp_path: Path,
) -> None:
    arguments = ("--data", tiny_fer_csv, "--model", tiny_model.path, "--repeats", 1)
    assert run(monkeypatch, *arguments, "--out", tmp_path / "out", verb="emotion-networks") == 0
    out, err = capsys.readouterr()
    assert "tiny" in out
    assert "VGGFace" in out
    assert f"Written to {tmp_path / 'out'}." in err
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {"networks.csv", "networks.html", "networks.json", "talk.csv"}
    assert run(monkeypatch, *arguments, "--json", verb="emotion-networks") == 0
    assert json.loads(capsys.readouterr().out)["networks"][0]["network"] == "tiny"


def test_a_network_twice_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_model: ModelCard,
    tiny_fer_csv: Path,
) -> None:
    arguments = ("--data", tiny_fer_csv, *("--model", tiny_model.path) * 2)
    assert run(monkeypatch, *arguments, verb="emotion-networks") == 2
    assert "each once and under a name of its own" in capsys.readouterr().err


def test_transfer_to_other_faces(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny_model: ModelCard,
    tmp_path: Path,
) -> None:
    write_pedfe(tmp_path)
    arguments = ("--pedfe", tmp_path, "--model", tiny_model.path)
    out = tmp_path / "out"
    assert run(monkeypatch, *arguments, "--out", out, verb="emotion-transfer") == 0
    assert "tiny on PEDFE, 36 clips" in capsys.readouterr().out
    assert {path.name for path in out.iterdir()} == {"metrics.json", "pedfe.csv"}
    assert run(monkeypatch, *arguments, "--json", verb="emotion-transfer") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == json.loads((out / "metrics.json").read_text())
    assert answer["pedfe"]["clips"] == 36
    assert run(monkeypatch, *arguments, "--update-card", verb="emotion-transfer") == 0
    results = {result.data: result for result in load_card(tiny_model.path).numbers}
    assert results["PEDFE"].rows == 36
    assert {"accuracy", "macro_F1", "found_happy"} <= {f.name for f in results["PEDFE"].figures}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Give --pedfe, --london, or both."),
        (("--pedfe", "nowhere"), "No PEDFE at nowhere"),
        (("--london", "nowhere"), "No London faces at nowhere"),
    ],
)
def test_transfer_without_data_is_one_sentence(
    arguments: tuple[str, ...],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(monkeypatch, *arguments, verb="emotion-transfer") == 2
    assert message in capsys.readouterr().err
