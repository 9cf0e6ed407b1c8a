from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.evaluation.emotion.talk_table import (
    FIVE,
    SEVEN,
    TALK_F1,
    five_of_seven,
    talk_frame,
    talk_row,
    talk_rows,
)
from duchenne.evaluation.emotion.targets import TALK_EMOTIONS


def test_the_talk_has_four_networks_without_intervals() -> None:
    rows = talk_rows()
    assert [row.network for row in rows] == list(TALK_F1)
    assert rows[0].macro_f1.value == pytest.approx(0.73)
    assert all(np.isnan(estimate.low) for row in rows for estimate in row.f1)
    assert rows[0].to_dict()["f1"]["happy"] == {"value": 0.92, "low": None, "high": None}


@given(arrays(np.float64, (4, 7), elements=st.floats(1e-9, 1)))
def test_five_of_seven_keep_their_order_and_sum_to_one(scores: np.ndarray) -> None:
    five = five_of_seven(scores)
    np.testing.assert_allclose(five.sum(axis=1), 1)
    kept = scores[:, [EMOTIONS.index(name) for name in TALK_EMOTIONS]]
    np.testing.assert_allclose(five * kept.sum(axis=1, keepdims=True), kept, rtol=1e-9)


def test_a_row_that_is_sure_of_neutral_still_names_one_of_five() -> None:
    scores = five_of_seven(np.eye(7)[[EMOTIONS.index("neutral")]])
    np.testing.assert_allclose(scores, 0.2)


def test_networks_of_five_and_seven_classes_are_held_against_five() -> None:
    labels = np.arange(5).repeat(4)
    five = talk_row("mine", TALK_EMOTIONS, labels, np.eye(5)[labels])
    assert (five.kind, five.macro_f1.value) == (FIVE, 1.0)
    assert five.wins == (True,) * 5
    unsure = np.zeros((20, 7))
    unsure[:, EMOTIONS.index("neutral")] = 0.6
    unsure[np.arange(20), [EMOTIONS.index(TALK_EMOTIONS[label]) for label in labels]] = 0.4
    seven = talk_row("other", EMOTIONS, labels, unsure)
    assert (seven.kind, seven.macro_f1.value) == (SEVEN, 1.0)
    frame = talk_frame([*talk_rows(), five, seven])
    assert frame["happy"].tolist() == [0.92, 0.89, 0.87, 0.82, 1.0, 1.0]
    assert np.isnan(frame["accuracy"][0])


def test_other_classes_are_refused() -> None:
    with pytest.raises(DataError, match="other classes than the talk's: happy, sad"):
        talk_row("mine", ("happy", "sad"), [0], [[0.5, 0.5]])
