"""Ticks are round, few and inside."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.report.axis import position, ticks


@pytest.mark.parametrize(
    ("last", "unit", "texts"),
    [
        (0.3, "s", ["0.00 s", "0.05 s", "0.10 s", "0.15 s", "0.20 s", "0.25 s", "0.30 s"]),
        (4.2, "s", ["0 s", "1 s", "2 s", "3 s", "4 s"]),
        (90.0, "s", ["0 s", "15 s", "30 s", "45 s", "1:00", "1:15", "1:30"]),
        (7500.0, "s", ["0:00", "30:00", "1:00:00", "1:30:00", "2:00:00"]),
        (2500.0, "frame", ["0", "500", "1,000", "1,500", "2,000", "2,500"]),
    ],
)
def test_ticks(last: float, unit: str, texts: list[str]) -> None:
    assert [tick.text for tick in ticks(np.array([0.0, last]), unit)] == texts


@given(st.floats(0, 1e5), st.floats(1e-3, 1e6), st.sampled_from(["s", "frame"]))
def test_ticks_are_few_and_inside(first: float, span: float, unit: str) -> None:
    found = ticks(np.array([first, first + span]), unit)
    assert len(found) <= 9
    places = [tick.at for tick in found]
    assert places == sorted(places)
    assert all(0 <= at <= 100 for at in places)


def test_one_moment_has_no_axis() -> None:
    assert ticks(np.array([2.0, 2.0]), "s") == []
    assert position(2.0, np.array([2.0, 2.0])) == 50


@pytest.mark.parametrize(("time", "at"), [(-1, 0), (0, 0), (1, 25), (4, 100), (9, 100)])
def test_positions_stay_on_the_chart(time: float, at: float) -> None:
    assert position(time, np.array([0.0, 4.0])) == at
