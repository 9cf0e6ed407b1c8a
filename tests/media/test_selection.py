"""Which frames are wanted."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import MediaError
from duchenne.media.selection import TICK, Selection

TIMES = st.floats(0.0, 1e4)


@given(st.integers(1, 500), st.integers(0, 10**6))
def test_every_takes_the_multiples(every: int, index: int) -> None:
    assert Selection(every=every).wants(index, 0.0) == (index % every == 0)


@given(TIMES, TIMES, TIMES)
def test_two_spans_that_meet_share_no_frame_and_leave_none_out(
    start: float, first: float, second: float
) -> None:
    middle, end = start + first + 0.01, start + first + second + 0.02
    spans = [Selection(start=start, end=middle), Selection(start=middle, end=end)]
    whole = Selection(start=start, end=end)
    for time in (start, middle - 1e-3, middle - TICK / 2, middle, end - 1e-3, end):
        assert sum(span.wants(0, time) for span in spans) == whole.wants(0, time)


@pytest.mark.parametrize(
    ("every", "start", "end", "says"),
    [
        (0, None, None, "every"),
        (-3, None, None, "every"),
        (2.5, None, None, "every"),
        (math.nan, None, None, "every"),
        (1, -0.1, None, "start"),
        (1, math.nan, None, "start"),
        (1, math.inf, None, "start"),
        (1, None, math.nan, "end"),
        (1, None, -1.0, "end"),
        (1, None, 0.0, "behind start"),
        (1, 2.0, 2.0, "behind start"),
    ],
)
def test_values_without_sense_are_refused(
    every: Any, start: float | None, end: float | None, says: str
) -> None:
    with pytest.raises(MediaError, match=says):
        Selection.from_options(every, start, end)
