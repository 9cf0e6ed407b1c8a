from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.evaluation.datasets.ferplus import VOTES
from duchenne.evaluation.emotion.targets import TARGETS, target
from duchenne.learning.soft_labels import soft_labels


@pytest.fixture
def voted(tiny_fer: Fer2013) -> Fer2013:
    """Votes of 8 for happiness and 2 for contempt everywhere; the first row has none that count."""
    votes = np.zeros((len(tiny_fer), len(VOTES)), np.int64)
    votes[:, VOTES.index("happiness")], votes[:, VOTES.index("contempt")] = 8, 2
    votes[0] = 0
    votes[0, VOTES.index("NF")] = 10
    return replace(tiny_fer, votes=votes)


def test_without_votes_and_smoothing_the_label_has_it_all(tiny_fer: Fer2013) -> None:
    rows, shares = soft_labels(tiny_fer, target("fer7"))
    assert rows.all()
    np.testing.assert_array_equal(shares, np.eye(7)[tiny_fer.labels])


def test_smoothing_spreads_its_share_evenly(tiny_fer: Fer2013) -> None:
    _, shares = soft_labels(tiny_fer, target("fer7"), smoothing=0.1)
    assert shares.max(axis=1) == pytest.approx(0.9 + 0.1 / 7)
    assert shares.min(axis=1) == pytest.approx(0.1 / 7)


def test_votes_for_other_classes_do_not_count(voted: Fer2013) -> None:
    _, shares = soft_labels(voted, target("fer7"), votes=1.0)
    assert shares[1:, EMOTIONS.index("happy")] == pytest.approx(1.0)
    assert shares[0, voted.labels[0]] == 1.0  # nobody saw an emotion: the label stands


def test_half_the_votes_leave_half_to_the_label(voted: Fer2013) -> None:
    _, shares = soft_labels(voted, target("fer7"), votes=0.5)
    sad = int(np.flatnonzero(voted.labels == EMOTIONS.index("sad"))[0])
    assert shares[sad, EMOTIONS.index("sad")] == pytest.approx(0.5)
    assert shares[sad, EMOTIONS.index("happy")] == pytest.approx(0.5)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_shares_are_of_the_targets_rows_and_sum_to_one(name: str, voted: Fer2013) -> None:
    rows, shares = soft_labels(voted, target(name), votes=0.7, smoothing=0.2)
    assert shares.shape == (rows.sum(), len(target(name).classes))
    assert shares.sum(axis=1) == pytest.approx(1.0)


def test_contempt_has_its_share_among_the_eight(voted: Fer2013) -> None:
    _, shares = soft_labels(voted, target("ferplus8"), votes=1.0)
    assert shares[:, target("ferplus8").classes.index("contempt")] == pytest.approx(0.2)


def test_votes_that_are_not_there_are_missed(tiny_fer: Fer2013) -> None:
    with pytest.raises(DataError, match=r"put fer2013new\.csv"):
        soft_labels(tiny_fer, target("fer7"), votes=0.5)
