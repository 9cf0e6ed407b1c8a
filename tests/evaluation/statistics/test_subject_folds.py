from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import SHARED
from tests.pedfe_clips import clip_table

from duchenne.errors import DataError
from duchenne.evaluation.datasets.pedfe import read_clips
from duchenne.evaluation.statistics.subject_folds import (
    Folds,
    draw_people,
    random_folds,
    stored_people,
    subject_folds,
)


def shared_people(clips: pd.DataFrame, folds: Folds) -> int:
    """How many people are on both sides of some fold."""
    people = clips["subject"].to_numpy()
    return sum(len(set(people[train]) & set(people[test])) for train, test in folds.splits())


@settings(max_examples=20)
@given(
    people=st.lists(st.integers(1, 12), min_size=12, max_size=40).filter(lambda p: len(set(p)) > 1),
    seed=st.integers(0, 5),
)
def test_nobody_is_on_both_sides(people: list[int], seed: int) -> None:
    clips = clip_table(6).iloc[: len(people)].assign(subject=people)
    folds = subject_folds(clips, 4, seed)
    assert shared_people(clips, folds) == 0
    scored = np.concatenate([test for _, test in folds.splits()])
    assert sorted(scored) == list(range(len(clips)))
    assert all(len(train) and len(test) for train, test in folds.splits())


def test_random_folds_mix_people_and_balance_the_types() -> None:
    clips = clip_table(8)
    folds = random_folds(clips)
    assert len(folds) == 4
    assert shared_people(clips, folds) > 8
    for _, test in folds.splits():
        assert (clips["type"].iloc[test] == "genuine").mean() == pytest.approx(0.5, abs=0.05)


def test_folds_are_alike_and_come_from_the_seed() -> None:
    clips = clip_table(12)
    uneven = clips[(clips["subject"] > 6) | (clips["type"] == "posed")]
    dealt = draw_people(uneven, 3)
    assert dealt == draw_people(uneven, 3)
    assert dealt != draw_people(uneven, 3, seed=1)
    assert [sum(person > 6 for person in fold) for fold in dealt] == [2, 2, 2]


def test_few_people_get_a_fold_each() -> None:
    clips = clip_table(3, first=80)
    assert len(subject_folds(clips)) == 3


def test_the_stored_folds_hold_everybody_once() -> None:
    people = [person for fold in stored_people() for person in fold]
    assert len(people) == len(set(people)) == 44
    assert [len(fold) for fold in stored_people()] == [4] * 11


def test_the_stored_folds_are_what_the_seed_gives() -> None:
    if not (SHARED / "pedfe").is_dir():
        pytest.skip(f"no PEDFE at {SHARED}: set DUCHENNE_SHARED_DATA")
    clips = read_clips(SHARED / "pedfe")
    assert draw_people(clips) == stored_people()
    folds = subject_folds(clips)
    assert len(folds) == 11
    assert shared_people(clips, folds) == 0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: draw_people(clip_table(2), 3), "there are 2 people"),
        (lambda: draw_people(clip_table(4), 1), "at least two folds"),
        (lambda: subject_folds(clip_table(1)), "there are 1 people"),
        (lambda: random_folds(clip_table(1).iloc[:3]), "3 clips cannot be dealt into 4"),
    ],
)
def test_folds_that_cannot_be_are_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        make()
