from __future__ import annotations

import numpy as np
import pytest

from duchenne.evaluation.distances.comparing import compare
from duchenne.evaluation.distances.own_samples import OwnSamples
from duchenne.evaluation.statistics.subject_folds import Folds

PEOPLE = np.repeat(np.arange(12), 12)
LABELS = np.tile(np.arange(3), 48)


def measured(own: float, common: float) -> OwnSamples:
    """Classes that look the same on everybody, or on each person in a way of their own."""
    random = np.random.default_rng(2)
    styles = own * random.normal(size=(12, 3, 40)) + common * random.normal(size=(3, 40))
    rows = styles[PEOPLE, LABELS] + random.normal(size=(144, 40))
    by_random, by_subject = (
        compare(rows.astype(np.float32), folds, "euclidean")
        for folds in (Folds("random", random.permutation(144) % 6), Folds("subject", PEOPLE))
    )
    return OwnSamples.measure(by_random, by_subject, LABELS, PEOPLE)


def test_what_only_the_person_shows_is_owed_to_the_persons_clips() -> None:
    found = measured(own=3.0, common=0.0)
    assert found.random.value > 0.9
    assert found.unseen.value < 0.6
    assert found.part.value == pytest.approx(1, abs=0.25)
    assert found.own_nearest.value > 0.8 > 3 * found.own_expected


def test_what_everybody_shows_leaves_no_gap() -> None:
    found = measured(own=0.0, common=3.0)
    assert found.unseen.value > 0.95
    assert found.gap.value == pytest.approx(0, abs=0.03)
    assert found.owed.value == pytest.approx(0, abs=0.03)


def test_it_can_be_written() -> None:
    content = measured(1.0, 1.0).to_dict()
    assert set(content["random"]) == {"value", "low", "high"}
    assert 0 < content["own_expected"] < 0.1
