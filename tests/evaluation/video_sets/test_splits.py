from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pedfe_clips import clip_table

from duchenne.errors import DataError
from duchenne.evaluation.statistics.subject_folds import stored_people
from duchenne.evaluation.video_sets.splits import Kind, Split, stored_split

KINDS: tuple[Kind, ...] = ("holdout", "folds", "leave-one-out")


@settings(max_examples=6)
@given(
    people=st.integers(3, 14),
    kind=st.sampled_from(KINDS),
    seed=st.integers(0, 3),
    text=st.booleans(),
)
def test_nobody_stands_on_two_sides(people: int, kind: Kind, seed: int, text: bool) -> None:
    clips = clip_table(people)
    if text:
        clips = clips.assign(subject="p" + clips["subject"].astype(str))
    split = Split.deal(clips, kind, folds=5, seed=seed)
    scored = []
    for parts in split.rounds(clips):
        who = [set(clips["subject"].iloc[rows]) for rows in parts]
        assert all(who)
        assert sum(map(len, who)) == people
        assert sorted(np.concatenate(parts)) == list(range(len(clips)))
        scored += list(parts[2])
    assert len(scored) == len(set(scored))
    if kind == "holdout":
        share = len({clips["subject"][row] for row in scored}) / people
        assert share <= 0.5
    else:
        assert len(scored) == len(clips)
    np.testing.assert_array_equal(split.scored(clips), np.sort(scored))


def test_pedfes_people_get_their_stored_folds() -> None:
    people = [person for fold in stored_people() for person in fold]
    clips = clip_table(len(people))
    clips["subject"] = clips["subject"].map(dict(enumerate(sorted(people), start=1)))
    split = Split.deal(clips, "folds")
    assert [set(part) for part in split.parts] == [
        {str(person) for person in fold} for fold in stored_people()
    ]
    held = Split.deal(clips, "holdout")
    assert set(held.parts[0]) == set(split.parts[0]) | set(split.parts[1])


def test_the_stored_split_is_the_one_that_is_used(tmp_path: Path) -> None:
    clips, path = clip_table(6), tmp_path / "new" / "split.json"
    first = stored_split(path, clips, "holdout")
    assert stored_split(path, clips, "holdout", seed=9) == first
    assert Split.load(path) == first


def test_a_stored_split_of_others_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "split.json"
    stored_split(path, clip_table(6), "holdout")
    with pytest.raises(DataError, match="does not know the person 7"):
        stored_split(path, clip_table(6, first=7), "holdout")
    with pytest.raises(DataError, match="of the kind holdout, not folds"):
        stored_split(path, clip_table(6), "folds")
    path.write_text("{}")
    with pytest.raises(DataError, match="not a stored split"):
        stored_split(path, clip_table(6), "holdout")


def test_two_people_are_too_few() -> None:
    with pytest.raises(DataError, match="at least 3 people"):
        Split.deal(clip_table(2), "holdout")
