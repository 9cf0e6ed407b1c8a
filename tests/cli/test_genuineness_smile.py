from __future__ import annotations

import json
from pathlib import Path

import pytest

from duchenne.cli import genuineness_smile
from duchenne.evaluation.genuineness.smile_scores import SmileEvaluation, SmileScores
from duchenne.evaluation.statistics.intervals import Estimate
from duchenne.weights.card import ModelCard, load_card
from tests.cli.running import Runner
from tests.conftest import SHARED
from tests.smiles import write_smiles


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(monkeypatch, capsys)


SMILE = ("genuineness", "--model", "smile")


def test_training_writes_both_models(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    smile = pytest.importorskip("duchenne.learning.smile")
    monkeypatch.setattr(smile, "TREES_TO_CHOOSE", 2)
    monkeypatch.setattr(smile.trees, "__defaults__", (4,))
    monkeypatch.setattr("duchenne.evaluation.datasets.uva_nemo.REPEATS", 1)
    monkeypatch.setattr("duchenne.learning.evaluate_smile.validate_smile.__defaults__", (1, None))
    done = run("train", *SMILE, "--data", write_smiles(tmp_path), "--out", tmp_path / "out")
    assert done.code == 0, done.err
    assert "logistic regression, eyelids" in done.out
    for name in ("smile", "smile_onset"):
        card = json.loads((tmp_path / "out" / f"{name}.json").read_text())
        assert len(card["numbers"]) == 3
        assert (tmp_path / "out" / f"{name}.onnx").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("evaluate", *SMILE, "--data", "{}"), "neither smile_dynamics.csv"),
        (("train", *SMILE, "--data", "{}", "--out", "{}"), "No UvA-NEMO smiles"),
        (("train", *SMILE, "--data", "{}"), "Give --out DIR"),
    ],
)
def test_a_mistake_is_one_sentence(
    arguments: tuple[str, ...], message: str, run: Runner, tmp_path: Path
) -> None:
    done = run(*(a.format(tmp_path) for a in arguments))
    assert done.code == 2
    assert message in done.err


def test_pedfe_is_measured_with_the_shipped_models(run: Runner, tmp_path: Path) -> None:
    if not (SHARED / "pedfe").is_dir():
        pytest.skip(f"no PEDFE at {SHARED}: set DUCHENNE_SHARED_DATA")
    done = run("evaluate", *SMILE, "--data", SHARED / "pedfe", "--json")
    assert done.code == 0, done.err
    whole, onset = json.loads(done.out)["scores"]
    assert whole["rows"] == onset["rows"] == 281
    assert 0.55 < whole["auc"]["value"] < onset["auc"]["value"] < 0.75


HALF = Estimate(0.5, 0.4, 0.6)
MEASURED = SmileEvaluation(
    (SmileScores("smile", "PEDFE, happiness", 281, 1, HALF, HALF, 0.5, 0.5, 0.1, 0.25),)
)


def test_figures_on_pedfe_go_into_the_card(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "clips.csv").write_text("code")
    saved: list[ModelCard] = []
    monkeypatch.setattr(genuineness_smile, "_on_pedfe", lambda _: MEASURED)

    def save(card: ModelCard) -> Path:
        saved.append(card)
        return tmp_path / "smile"

    monkeypatch.setattr(ModelCard, "save", save)
    arguments = ("--data", tmp_path, "--out", tmp_path / "out", "--update-card")
    done = run("evaluate", *SMILE, *arguments)
    assert done.code == 0, done.err
    assert f"Updated {tmp_path / 'smile'}." in done.err
    (card,) = saved
    assert card.name == "smile"
    (fresh,) = [one for one in card.numbers if one.data == "PEDFE, happiness: smile"]
    assert (fresh.rows, fresh.figures[0].value) == (281, 0.5)
    assert {one.data for one in load_card("smile").numbers} <= {one.data for one in card.numbers}
    assert (tmp_path / "out" / "metrics.json").is_file()


def test_uva_nemo_is_measured_but_does_not_go_into_the_card(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("duchenne.learning.smile")
    from duchenne.learning.evaluate_smile import SmileValidation

    monkeypatch.setattr(genuineness_smile, "_validate", lambda _: SmileValidation(MEASURED, {}))
    data = write_smiles(tmp_path)
    done = run("evaluate", *SMILE, "--data", data, "--json")
    assert json.loads(done.out)["scores"][0]["rows"] == 281
    refused = run("evaluate", *SMILE, "--data", data, "--update-card")
    assert (refused.code, "from duchenne train genuineness" in refused.err) == (2, True)
