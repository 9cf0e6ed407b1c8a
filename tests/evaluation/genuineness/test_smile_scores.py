from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from duchenne.errors import DataError
from duchenne.evaluation.genuineness.smile_scores import SmileEvaluation, SmileScores, result_of

KIND = np.array([True, True, False, False])
GROUPS = np.arange(4)


def scores_of(*repeats: list[float]) -> SmileScores:
    return SmileScores.from_repeats(("m", "d"), np.array(repeats), KIND, GROUPS)


def test_figures_are_means_over_repeats() -> None:
    found = scores_of([0.9, 0.8, 0.1, 0.2], [0.9, 0.4, 0.1, 0.2])
    assert (found.accuracy.value, found.lowest, found.highest) == (0.875, 0.75, 1.0)
    assert found.auc.value == 1.0
    assert found.brier == pytest.approx((0.10 + 0.42) / 8)


def test_saying_nothing_has_a_brier_score_of_a_quarter() -> None:
    assert scores_of([0.5] * 4).brier == pytest.approx(0.25)


@pytest.mark.parametrize("bad", [[0.5] * 3, [0.5, 0.5, 0.5, 1.5], [0.5, 0.5, 0.5, np.nan]])
def test_bad_scores_are_named(bad: list[float]) -> None:
    with pytest.raises(DataError, match=r"Smiles need|from 0 to 1"):
        scores_of(bad)


def test_an_evaluation_is_written(tmp_path: Path) -> None:
    evaluation = SmileEvaluation((scores_of([0.9, 0.8, 0.1, 0.2]),), ("A note.",))
    evaluation.save(tmp_path / "new")
    told = json.loads((tmp_path / "new" / "metrics.json").read_text())
    assert told["scores"][0]["accuracy"]["value"] == 1.0
    assert "1.0000" in evaluation.to_text()
    assert "A note." in evaluation.to_text()
    figures = {f.name: f.value for f in result_of(evaluation.scores[0], "x").figures}
    assert figures["accuracy"] == 1.0
    assert "lowest_accuracy_of_a_repeat" not in figures
