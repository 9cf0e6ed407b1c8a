from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.pedfe_clips import clip_table

from duchenne.errors import DataError
from duchenne.evaluation.genuineness.evaluation import (
    GenuinenessEvaluation,
    intensity_baseline,
    rank_correlation,
)
from duchenne.evaluation.statistics.subject_folds import random_folds, subject_folds


def evaluated(**settings: bool) -> GenuinenessEvaluation:
    clips = clip_table(6)
    p = np.where(clips["type"] == "genuine", 0.7, 0.3)
    p[clips["emotion"] == "anger"] = 1 - p[clips["emotion"] == "anger"]
    return GenuinenessEvaluation.from_predictions(
        "planted", clips, p, subject_folds(clips, 3), **settings
    )


def test_each_emotion_has_its_scores() -> None:
    found = evaluated()
    assert found.by_emotion["anger"].accuracy.value == 0
    assert found.by_emotion["fear"].accuracy.value == 1
    assert found.scores.accuracy.value == pytest.approx(5 / 6)
    assert found.raters.crowd.value == 1


def test_text_says_what_the_numbers_are_worth() -> None:
    text = evaluated(person_information=True).to_text()
    assert "unseen people, the person's other clips used" in text
    assert "all           72  0.833" in text
    assert "one rater" in text
    clips = clip_table(3)
    mixed = GenuinenessEvaluation.from_predictions(
        "mixed", clips, np.full(len(clips), 0.5), random_folds(clips)
    )
    assert "no result" in mixed.to_text()


def test_what_is_saved_can_be_read_again(tmp_path: Path) -> None:
    found = evaluated()
    found.save(tmp_path / "new")
    metrics = json.loads((tmp_path / "new" / "metrics.json").read_text())
    assert metrics["all"]["accuracy"]["value"] == pytest.approx(5 / 6, abs=1e-5)
    assert metrics["people"] == 6
    saved = pd.read_csv(tmp_path / "new" / "predictions.csv")
    np.testing.assert_allclose(saved["p_genuine"], found.judged.p)
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written"):
        found.save(tmp_path / "file")


def test_the_intensity_baseline_finds_a_planted_worry() -> None:
    clips = clip_table(8)
    clips["mean_intensity"] += 3.0 * (clips["type"] == "genuine")
    p = intensity_baseline(clips, subject_folds(clips, 4))
    assert ((p > 0.5) == (clips["type"] == "genuine")).mean() > 0.75


def test_rank_correlation() -> None:
    assert rank_correlation([1, 2, 3, 4], [1, 8, 27, 64]) == pytest.approx(1)
    assert rank_correlation([1, 2, 2, 3], [3, 2, 2, 1]) == pytest.approx(-1)
    assert np.isnan(rank_correlation([1, 1], [1, 2]))
