from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import DataError
from duchenne.evaluation.distances import comparing
from duchenne.evaluation.distances.comparing import compare, without_person
from duchenne.evaluation.statistics.subject_folds import Folds

FOLDS = Folds("subject", np.array([0, 0, 1, 1, 2, 2, 2]))


def drawn(seed: int = 0, columns: int = 9) -> np.ndarray:
    return (5 + np.random.default_rng(seed).normal(size=(7, columns))).astype(np.float32)


@pytest.mark.parametrize("metric", ["euclidean", "correlation"])
def test_each_fold_standardises_by_its_training_clips_alone(
    metric: comparing.Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "_COLUMNS", 4)  # three blocks
    rows = drawn()
    found = compare(rows, FOLDS, metric)
    for train, test in FOLDS.splits():
        plain = rows.astype(float)
        scaled = (plain - plain[train].mean(axis=0)) / plain[train].std(axis=0)
        for i in test:
            for j in train:
                if metric == "euclidean":
                    expected = np.sqrt(((scaled[i] - scaled[j]) ** 2).mean())
                else:
                    expected = 1 - np.corrcoef(scaled[i], scaled[j])[0, 1]
                assert found[i, j] == pytest.approx(expected, abs=1e-4)
            assert np.isinf(found[i, test]).all()


def test_scored_clips_do_not_move_the_distances_of_other_folds_clips() -> None:
    """What fold 2 makes of its training clips does not depend on the clips it scores."""
    rows = drawn()
    changed = rows.copy()
    changed[0] *= 3  # clip 0 is scored by fold 0; clip 1 of that fold is compared without it
    before, after = (compare(r, FOLDS, "euclidean") for r in (rows, changed))
    np.testing.assert_allclose(before[1, 2:], after[1, 2:], atol=1e-4)
    assert not np.allclose(before[2, 4:], after[2, 4:], atol=1e-3)


@given(st.integers(0, 10_000))
def test_a_persons_constant_shift_and_any_scale_change_nothing(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows, people = drawn(seed), FOLDS.fold
    shifted = rows * 4 + random.normal(size=(3, 9)).astype(np.float32)[people]
    for metric in comparing.PLAIN:
        first, second = (compare(without_person(r, people), FOLDS, metric) for r in (rows, shifted))
        np.testing.assert_allclose(first, second, atol=2e-3)


def test_a_distance_that_never_changes_says_nothing() -> None:
    rows = drawn()
    still = np.hstack([rows, np.full((7, 1), 2.5, np.float32)])
    apart = compare(still, FOLDS, "euclidean")
    seen = np.isfinite(apart)
    np.testing.assert_allclose(
        apart[seen] * np.sqrt(10), compare(rows, FOLDS, "euclidean")[seen] * 3, rtol=1e-4
    )


def test_mistakes_are_said() -> None:
    with pytest.raises(DataError, match="do not fit 7 clips"):
        compare(drawn()[:5], FOLDS, "euclidean")
    with pytest.raises(DataError, match="no number"):
        compare(np.full((7, 2), np.nan, np.float32), FOLDS, "euclidean")
    with pytest.raises(DataError, match="at least two folds"):
        compare(drawn(), Folds("random", np.zeros(7, int)), "euclidean")
    with pytest.raises(DataError, match="No plain metric 'dtw'"):
        compare(drawn(), FOLDS, "dtw")  # type: ignore[arg-type]  # no plain one
    with pytest.raises(DataError, match="people for 7 rows"):
        without_person(drawn(), [1, 2])
