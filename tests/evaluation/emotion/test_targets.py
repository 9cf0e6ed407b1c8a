from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.evaluation.datasets.ferplus import VOTES, majority, votes_of
from duchenne.evaluation.emotion.targets import TARGETS, target, target_of

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("DUCHENNE_SHARED_DATA", ROOT.parent / "shared" / "data"))


def votes(**counts: int) -> list[int]:
    return [counts.get(name, 0) for name in VOTES]


@pytest.mark.parametrize(
    ("counts", "label"),
    [
        ({"happiness": 10}, "happiness"),
        ({"happiness": 6, "neutral": 4}, "happiness"),
        ({"happiness": 5, "neutral": 5}, None),
        ({"happiness": 4, "neutral": 3, "sadness": 3}, None),
        # Single votes do not count, so that four are more than half of what is left.
        ({"fear": 4, "neutral": 2, "sadness": 1, "anger": 1, "disgust": 1, "unknown": 1}, "fear"),
        ({"unknown": 7, "fear": 3}, None),
        ({"NF": 10}, None),
        (dict.fromkeys(VOTES, 1), None),
    ],
)
def test_the_majority_is_that_of_the_authors(counts: dict[str, int], label: str | None) -> None:
    found = int(majority(np.array([votes(**counts)]))[0])
    assert found == (-1 if label is None else VOTES.index(label))


def test_seven_classes_take_every_row(tiny_fer: Fer2013) -> None:
    rows, labels = target("fer7").select(tiny_fer)
    assert rows.all()
    np.testing.assert_array_equal(labels, tiny_fer.labels)


def test_five_classes_leave_disgust_and_neutral_out(tiny_fer: Fer2013) -> None:
    five = target("talk5")
    rows, labels = five.select(tiny_fer)
    assert rows.sum() == len(labels) == 5 * 26
    old = [EMOTIONS[label] for label in tiny_fer.labels[rows]]
    assert [five.classes[label] for label in labels] == old


def test_eight_classes_follow_the_votes(tiny_fer: Fer2013) -> None:
    cast = np.tile(np.array(votes(contempt=8, unknown=2)), (len(tiny_fer), 1))
    cast[0] = votes(NF=10)
    rows, labels = target("ferplus8").select(replace(tiny_fer, votes=cast))
    assert rows.tolist() == [False] + [True] * (len(tiny_fer) - 1)
    assert set(labels.tolist()) == {VOTES.index("contempt")}


def test_eight_classes_need_votes(tiny_fer: Fer2013) -> None:
    with pytest.raises(DataError, match=r"no FER\+ votes: put the official fer2013new\.csv"):
        target("ferplus8").select(tiny_fer)


def test_targets_are_found_by_name_and_by_classes() -> None:
    assert [target_of(t.classes).name for t in TARGETS.values()] == ["fer7", "talk5", "ferplus8"]
    with pytest.raises(DataError, match="No emotion target 'fer9'; there are: fer7"):
        target("fer9")
    with pytest.raises(DataError, match="no labels for the classes bored"):
        target_of(("bored",))


def test_the_real_votes_keep_what_the_rule_says() -> None:
    path = SHARED / "fer2013" / "fer2013.parquet"
    if not path.exists():
        pytest.skip(f"no FER-2013 at {path}: set DUCHENNE_SHARED_DATA")
    # Without the pictures: they take most of a minute on a busy machine.
    table = pd.read_parquet(path, columns=["usage", *(f"votes_{vote}" for vote in VOTES)])
    named = table.rename(columns={f"votes_{vote}": vote for vote in VOTES})
    labels = majority(votes_of(named, path.name))[table["usage"].to_numpy() == "PrivateTest"]
    assert np.bincount(labels[labels >= 0]).tolist() == [1090, 893, 396, 384, 273, 18, 83, 16]
