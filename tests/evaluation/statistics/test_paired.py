from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import DataError
from duchenne.evaluation.statistics.paired import PairedDifference, mcnemar


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [(0, 0, 1.0), (5, 5, 1.0), (0, 5, 2 / 32), (1, 8, 2 * 10 / 512), (3, 0, 0.25), (5, 6, 1.0)],
)
def test_mcnemar_is_the_binomial_tail_twice(first: int, second: int, p: float) -> None:
    assert mcnemar(first, second) == pytest.approx(p)


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_mcnemar_is_a_probability_and_symmetric(first: int, second: int) -> None:
    assert 0 <= mcnemar(first, second) <= 1
    assert mcnemar(first, second) == mcnemar(second, first)


def test_counts_below_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="no counts"):
        mcnemar(-1, 2)


def test_a_clear_difference_is_told_from_chance() -> None:
    second = np.arange(1000) < 600
    first = np.arange(1000) < 680
    found = PairedDifference.from_right(first, second)
    assert (found.only_first, found.only_second) == (80, 0)
    assert found.accuracy.value == pytest.approx(0.08)
    assert 0.06 < found.accuracy.low < 0.08 < found.accuracy.high < 0.10
    assert found.p < 1e-20
    back = PairedDifference.from_right(second, first)
    assert back.accuracy.value == pytest.approx(-0.08)
    assert back.p == found.p


def test_the_same_answers_differ_by_nothing() -> None:
    same = np.array([True, False, True])
    found = PairedDifference.from_right(same, same)
    assert (found.accuracy.value, found.accuracy.low, found.accuracy.high) == (0, 0, 0)
    assert found.to_dict()["p"] == 1.0


@pytest.mark.parametrize(("first", "second"), [([], []), ([True], [True, False])])
def test_other_rows_are_refused(first: list[bool], second: list[bool]) -> None:
    with pytest.raises(DataError, match="the same rows"):
        PairedDifference.from_right(first, second)
