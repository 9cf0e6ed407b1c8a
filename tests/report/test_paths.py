"""SVG paths follow their series and leave gaps where nothing is known."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from duchenne.report.paths import WIDTH, area, bars, line, place, runs


def _points(path: str) -> list[tuple[int, int]]:
    """Absolute points of a path of M, l and h."""
    x = y = 0
    found = []
    for letter, numbers in re.findall(r"([Mlh])([^Mlhz]*)", path):
        values = [int(n) for n in re.findall(r"-?\d+", numbers)]
        if letter == "h":
            continue
        for dx, dy in zip(values[::2], values[1::2], strict=True):
            x, y = (dx, dy) if letter == "M" else (x + dx, y + dy)
            found.append((x, y))
    return found


@given(arrays(np.float64, st.integers(1, 30), elements=st.floats(0, 100) | st.just(np.nan)))
def test_a_line_goes_through_every_point_and_starts_anew_after_gaps(
    y: NDArray[np.float64],
) -> None:
    x = place(np.arange(len(y), dtype=float))
    path = line(x, y)
    wanted = {(round(a), round(b)) for a, b in zip(x, y, strict=True) if not np.isnan(b)}
    assert wanted <= set(_points(path))
    assert path.count("M") == len(runs(np.isfinite(y)))


def test_an_area_lies_between_its_curves() -> None:
    x = place(np.array([0.0, 1.0]))
    path = area(x, np.array([100.0, 100.0]), np.array([50.0, 0.0]))
    assert path.endswith("z")
    assert {(0, 50), (WIDTH, 0), (WIDTH, 100), (0, 100)} <= set(_points(path))


def test_a_lone_frame_can_be_seen() -> None:
    x = place(np.arange(1001.0))
    present = np.arange(1001) == 1000
    drawn = re.fullmatch(r"M(\d+) 0h(\d+)v100h-\d+z", bars(x, present, 100))
    assert drawn is not None
    left, wide = drawn.groups()
    assert int(wide) >= 3
    assert int(left) + int(wide) <= WIDTH


@pytest.mark.parametrize(
    ("present", "wanted"),
    [([], []), ([0], []), ([1], [(0, 1)]), ([1, 1, 0, 1], [(0, 2), (3, 4)])],
)
def test_runs(present: list[int], wanted: list[tuple[int, int]]) -> None:
    assert runs(np.array(present, bool)) == wanted
