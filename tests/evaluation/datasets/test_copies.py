from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import DataError
from duchenne.evaluation.datasets.copies import distinct_pictures

MARKED = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), min_size=1, max_size=40)


def _pictures(kinds: list[int]) -> np.ndarray:
    """A picture for each number; the same numbers give the same pictures."""
    return np.stack([np.full((4, 5), 40 * kind, np.uint8) for kind in kinds])


def test_copies_are_grouped_in_the_order_of_their_rows() -> None:
    distinct = distinct_pictures(_pictures([3, 1, 3, 0, 1, 3, 2]))
    assert distinct.of_row.tolist() == [0, 1, 0, 2, 1, 0, 3]
    assert distinct.first.tolist() == [0, 1, 3, 6]
    assert [rows.tolist() for rows in distinct.groups()] == [[0, 2, 5], [1, 4]]


def test_one_grey_value_makes_another_picture() -> None:
    pictures = _pictures([1, 1])
    pictures[1, 3, 4] += 1
    assert len(distinct_pictures(pictures)) == 2


def test_a_row_is_no_copy_of_itself() -> None:
    distinct = distinct_pictures(_pictures([1, 1, 2, 1]))
    standing = distinct.stands_in([0, 0, 0, 1], 2)
    assert standing.tolist() == [[True, True], [True, True], [False, False], [True, False]]


@given(MARKED)
def test_rows_stand_where_a_search_of_every_row_finds_them(rows: list[tuple[int, int]]) -> None:
    kinds, splits = [k for k, _ in rows], [s for _, s in rows]
    found = distinct_pictures(_pictures(kinds)).stands_in(splits, 3)
    for i, (kind, _) in enumerate(rows):
        others = {s for j, (k, s) in enumerate(rows) if k == kind and j != i}
        assert set(np.flatnonzero(found[i]).tolist()) == others


@given(MARKED)
def test_every_row_is_counted_once(rows: list[tuple[int, int]]) -> None:
    distinct = distinct_pictures(_pictures([k for k, _ in rows]))
    counted = distinct.count([s for _, s in rows], 3)
    assert counted.sum() == len(rows)
    assert counted.shape == (len({k for k, _ in rows}), 3)
    grouped = sum(len(group) for group in distinct.groups())
    assert grouped == counted.sum(axis=1)[counted.sum(axis=1) > 1].sum()


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((2, 4), np.uint8), np.zeros((2, 4, 4)), np.zeros((2, 4, 4, 3), np.uint8),
     np.zeros((2, 0, 4), np.uint8)],
)  # fmt: skip
def test_what_is_not_grey_pictures_is_refused(wrong: np.ndarray) -> None:
    with pytest.raises(DataError, match=r"are \(N, H, W\) uint8, got"):
        distinct_pictures(wrong)
