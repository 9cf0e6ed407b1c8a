"""The metrics that cost more: learned from labels, and warped in time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.pedfe_clips import clip_table

from duchenne.errors import DataError, MissingExtraError
from duchenne.evaluation.distances.discriminant import PENALTIES, compare_learned, discriminants
from duchenne.evaluation.distances.neighbours import nearest, vote
from duchenne.evaluation.distances.results import Settings
from duchenne.evaluation.distances.warping import BAND, compare_warped
from duchenne.evaluation.statistics.subject_folds import Folds, subject_folds


def clips_with_a_direction() -> tuple[np.ndarray, pd.DataFrame, np.ndarray]:
    """A little of each of 30 numbers tells genuine from posed; the rest is loud noise."""
    clips = clip_table(8)
    random = np.random.default_rng(3)
    labels = (clips["type"] == "posed").to_numpy().astype(np.intp)
    rows = random.normal(size=(len(clips), 60))
    rows[:, 30:] += 6 * random.normal(size=(len(clips), 1))  # one shared nuisance
    rows[:, :30] += 0.5 * labels[:, None]
    return rows.astype(np.float32), clips, labels


def test_a_learned_metric_finds_a_weak_direction_on_unseen_people() -> None:
    rows, clips, labels = clips_with_a_direction()
    folds = subject_folds(clips, 4)
    learned = compare_learned(rows, clips, labels, folds)
    named = vote(nearest(learned.distances, 15), labels)
    assert (named == labels).mean() > 0.75
    assert len(learned.penalties) == 4
    assert set(learned.penalties) <= set(PENALTIES)


def test_shuffled_labels_teach_nothing() -> None:
    rows, clips, labels = clips_with_a_direction()
    shuffled = np.random.default_rng(4).permutation(labels)
    learned = compare_learned(rows, clips, shuffled, subject_folds(clips, 4))
    named = vote(nearest(learned.distances, 15), shuffled)
    assert 0.3 < (named == shuffled).mean() < 0.7


def test_scored_clips_do_not_change_the_directions() -> None:
    rows, _, labels = clips_with_a_direction()
    train = np.arange(72)
    changed = rows.copy()
    changed[80] += 5
    first, second = (
        discriminants((r @ r.T).astype(float), train, labels[train], 1.0) for r in (rows, changed)
    )
    sign = np.sign((first[train] * second[train]).sum(axis=0))
    np.testing.assert_allclose(first[train], sign * second[train], atol=1e-5)
    assert first.shape == (96, 1)


def test_warping_is_the_textbooks() -> None:
    pytest.importorskip("dtaidistance", reason="the extra `distances` is not installed")
    random = np.random.default_rng(5)
    rows = np.cumsum(random.normal(size=(6, 10, 4)), axis=1).astype(np.float32)
    folds = Folds("subject", np.repeat([0, 1, 2], 2))
    found = compare_warped(rows.reshape(6, -1), folds)
    for i in range(6):
        for j in range(6):
            if i // 2 != j // 2:
                assert found[i, j] == pytest.approx(textbook(rows[i], rows[j]), rel=1e-4)
            else:
                assert np.isinf(found[i, j])


def textbook(one: np.ndarray, two: np.ndarray) -> float:
    cost = np.full((11, 11), np.inf)
    cost[0, 0] = 0
    for i in range(10):
        for j in range(max(0, i - BAND), min(10, i + BAND + 1)):
            step = min(cost[i, j], cost[i, j + 1], cost[i + 1, j])
            cost[i + 1, j + 1] = ((one[i] - two[j]) ** 2).sum() + step
    return float(np.sqrt(cost[10, 10]))


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "dtaidistance", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'duchenne\[distances\]'"):
        compare_warped(np.zeros((2, 10), np.float32), Folds("subject", np.array([0, 1])))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"metric": "cosine"}, "No metric 'cosine'"),
        ({"target": "age"}, "No target 'age'"),
        ({"neighbours": 0}, "at least one neighbour"),
        ({"metric": "dtw"}, "resampled and the landmarks expressive"),
    ],
)
def test_settings_that_cannot_be(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        Settings(**wrong)
