"""Predictions beside what three raters said."""

from __future__ import annotations

import numpy as np
import pytest

from duchenne.errors import DataError
from duchenne.learning.affect_scores import AffectScores, correlation


def _rated(people: int = 6, clips: int = 8) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    who = np.repeat(np.arange(people), clips)
    true = np.arange(people)[who] + rng.normal(size=len(who))
    return true, np.stack([true, true + 0.1, true - 0.1], axis=1), who


def test_what_people_said_themselves_scores_one_everywhere() -> None:
    true, raters, who = _rated()
    facts = AffectScores.of(true, raters, who, replicates=20).to_dict()
    assert set(facts) == {
        f"{name}{end}"
        for name in ("r", "within", "r2", "error", "two_raters", "one_rater")
        for end in ("", "_low", "_high")
    }
    for name in ("r", "within", "r2", "two_raters", "one_rater"):
        assert [facts[name + end] for end in ("", "_low", "_high")] == pytest.approx([1] * 3)
    assert facts["error"] == pytest.approx(0)


def test_knowing_who_is_seen_is_no_knowledge_within_people() -> None:
    _, raters, who = _rated()
    scores = AffectScores.of(who.astype(float), raters, who, replicates=20)
    assert scores.r.value > 0.8
    assert np.isnan(scores.within.value)  # it says the same of all of a person's clips


@pytest.mark.parametrize("predicted", [np.zeros(3), np.full(48, np.nan)])
def test_predictions_that_are_none_are_refused(predicted: np.ndarray) -> None:
    _, raters, who = _rated()
    with pytest.raises(DataError, match="one number for each of the 48 clips"):
        AffectScores.of(predicted, raters, who)


def test_a_constant_correlates_with_nothing() -> None:
    assert np.isnan(correlation(np.ones(4), np.arange(4.0)))
