from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from duchenne.expressions.track import canonical_face
from tests.cli.running import Runner
from tests.pedfe_clips import clip_table, write_clips


@pytest.fixture
def duchenne(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(monkeypatch, capsys)


def test_a_folder_laid_out_like_pedfe_is_studied(duchenne: Runner, tmp_path: Path) -> None:
    data, out = tmp_path / "pedfe", tmp_path / "out"
    data.mkdir()
    write_clips(data, clip_table(3), canonical_face(), frames=6)
    call = ("evaluate", "distances", "--data", data, "--target", "genuine", "--out", out)
    done = duchenne(*call, "--points", "expressive", "--json")
    assert done.code == 0
    found = json.loads(done.out)
    # Genuine smiles rise slowly here and posed ones at once, the same on everybody.
    assert found["result"]["reports"]["loso"]["accuracy"]["value"] > 0.9
    assert found["protocol"] == "loso"
    files = {path.name for path in out.iterdir()}
    assert files == {"metrics.json", "predictions.csv", "distances.html", "parts"}
    again = duchenne(*call, "--points", "expressive", "--folds", "kfold")
    assert again.code == 0
    assert "1-nearest, correlation, mean-range, person's mean removed" in again.out


def test_mistakes_are_one_sentence(duchenne: Runner, tmp_path: Path) -> None:
    done = duchenne("evaluate", "distances", "--data", tmp_path)
    assert done.code == 2
    assert "No PEDFE at" in done.err
    done = duchenne("evaluate", "distances", "--data", tmp_path, "--metric", "dtw")
    assert done.code == 2
    assert "resampled" in done.err
    assert np.char.count(done.err.strip(), "\n") == 0
