from __future__ import annotations

import pytest

from duchenne.evaluation.distances.shares import Part
from duchenne.evaluation.statistics.intervals import Estimate
from duchenne.report.distances_plot import WIDTH, curve_plot


def points(last: float) -> list[Part]:
    shares = ((50, 0.4), (500, 0.5), (1000, last))
    return [Part(f"{n}", 100, n, Estimate(v, v - 0.04, v + 0.05)) for n, v in shares]


def test_more_clips_lie_further_right_and_more_right_names_higher() -> None:
    plot = curve_plot([("one", "kfold", points(0.7))])
    (curve,) = plot.curves
    assert [x for x, _, _ in curve.dots] == sorted(x for x, _, _ in curve.dots)
    assert [y for _, y, _ in curve.dots] == sorted((y for _, y, _ in curve.dots), reverse=True)
    assert all(plot.left <= x <= plot.right < WIDTH for x, _, _ in curve.dots)
    assert [mark.text for mark in plot.up] == ["30 %", "40 %", "50 %", "60 %", "70 %", "80 %"]
    assert curve.dots[-1][2] == "one, 1,000 clips: 70.0 %"


def test_nothing_but_right_names_can_be_drawn() -> None:
    always = [Part("1", 9, 9, Estimate(1.0, 1.0, 1.0))]
    plot = curve_plot([("one", "kfold", always)])
    assert [mark.text for mark in plot.up] == ["90 %", "100 %"]


@pytest.mark.parametrize("second", [0.70, 0.69, 0.71, 0.50])
def test_names_never_run_into_each_other(second: float) -> None:
    plot = curve_plot([("one", "kfold", points(0.7)), ("two", "loso", points(second))])
    first, other = (curve.label_y for curve in plot.curves)
    assert abs(first - other) >= 15
