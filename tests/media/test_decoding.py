"""Numbers of pictures: the same whether one decodes from the beginning or from the middle."""

from __future__ import annotations

import itertools
from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.media.decoding import Counter, Table


@st.composite
def streams(draw: st.DrawFn) -> tuple[list[int], set[int]]:
    """Stamps in the order of the file, and those whose packets cannot be decoded."""
    shown = sorted(draw(st.sets(st.integers(-50, 10**6), min_size=1, max_size=40)))
    # Reordered within groups, as between two key frames.
    size = draw(st.integers(1, 5))
    stored: list[int] = []
    for at in range(0, len(shown), size):
        stored += draw(st.permutations(shown[at : at + size]))
    return stored, draw(st.sets(st.sampled_from(shown[1:]))) if len(shown) > 1 else set()


@given(streams())
def test_a_picture_keeps_its_number_behind_damage_and_after_seeking(
    case: tuple[list[int], set[int]],
) -> None:
    stored, damaged = case
    shown = sorted(stored)
    counter, table = Counter(), Table(shown, first=shown[0])
    waiting = list(stored)
    for stamp in shown:
        while waiting and min(waiting) <= stamp:
            counter.add(waiting.pop(0))
        if stamp not in damaged:
            assert counter.number(stamp) == table.number(stamp) == bisect_left(shown, stamp)


@pytest.mark.parametrize(
    "stamps", [[None, None, None], [5, 5, 5], [0, 40, 40], [0, None, 40], [80, 40, 0]]
)
def test_stamps_that_are_missing_or_repeat_still_give_each_picture_its_number(
    stamps: list[int | None],
) -> None:
    counter = Counter()
    for stamp in stamps:
        counter.add(stamp)
    numbers = [counter.number(stamp) for stamp in stamps]
    assert numbers[0] == 0
    assert all(earlier < later for earlier, later in itertools.pairwise(numbers))


def test_packets_before_the_first_picture_are_no_frames() -> None:
    counter = Counter()
    for stamp in (0, 40, 80, 120):
        counter.add(stamp)
    assert [counter.number(stamp) for stamp in (80, 120)] == [0, 1]


def test_hidden_packets_do_not_count() -> None:
    counter = Counter(by_packets=False)
    for stamp in (0, 39, 40, 80):  # the packet at 39 is never shown
        counter.add(stamp)
    assert [counter.number(stamp) for stamp in (0, 40, 80)] == [0, 1, 2]
