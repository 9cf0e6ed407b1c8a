from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duchenne.errors import DataError
from duchenne.evaluation.emotion.comparison import NetworkComparison, NetworkRow
from duchenne.evaluation.emotion.talk_table import talk_row, talk_rows
from duchenne.evaluation.emotion.targets import TARGETS
from duchenne.evaluation.emotion.timing import Milliseconds
from duchenne.evaluation.machine import Circumstances
from duchenne.evaluation.statistics.calibration import Calibration
from duchenne.evaluation.statistics.metrics import ClassificationReport
from duchenne.evaluation.statistics.paired import PairedDifference
from duchenne.report.comparison_page import write_comparison
from duchenne.report.comparison_plot import HEIGHT, WIDTH, speed_plot

ROWS = 350


def network(name: str, share: float, ms: float, target: str = "fer7") -> NetworkRow:
    """A network that has that share right."""
    classes = TARGETS[target].classes
    labels = np.arange(ROWS) % len(classes)
    right = np.random.default_rng(len(name)).random(ROWS) < share
    logits = 3.0 * np.eye(len(classes))[np.where(right, labels, (labels + 1) % len(classes))]
    powers = np.exp(logits)
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    report = ClassificationReport.from_predictions(labels, probabilities, classes)
    return NetworkRow(
        name=name,
        sha256="0" * 64,
        target=TARGETS[target],
        whole=report,
        without_copies=report,
        left_out=0,
        calibration=Calibration.from_logits(logits, labels, 1.5),
        parameters=3_505_607,
        megabytes=14.0,
        speed={n: Milliseconds(ms / n, 0.9 * ms / n, 1.1 * ms / n, 0.8 * ms / n) for n in (1, 4)},
        reference=None,
        difference=None,
        difference_without_copies=None,
    )


def compared(*networks: NetworkRow, warning: str = "") -> NetworkComparison:
    labels = np.arange(100) % 5
    talk = talk_row("mine", TARGETS["talk5"].classes, labels, np.eye(5)[labels])
    about = Circumstances("2026-01-01 00:00", "abc1234", "A machine", 2, "3.11", "0.1.0")
    return NetworkComparison(
        "PrivateTest", networks, 12, ROWS, (*talk_rows(), talk), about, 60, warning
    )


@pytest.fixture
def page(tmp_path: Path) -> str:
    better, worse = network("large", 0.9, 12.0), network("small", 0.5, 0.4)
    right = np.arange(ROWS) < 300
    difference = PairedDifference.from_right(right & (np.arange(ROWS) > 99), right)
    worse = replace(worse, reference="large", difference=difference)
    comparison = compared(better, worse, network("five", 0.7, 3.0, "talk5"))
    path = write_comparison(comparison, tmp_path / "deep" / "page.html")
    return path.read_text(encoding="utf-8")


def test_the_page_loads_nothing_from_elsewhere(page: str) -> None:
    assert "default-src 'none'" in page
    assert not re.findall(r"(?:src|href)=|url\(|@import|https?://", page)
    assert "<script" not in page


def test_the_page_tells_numbers_with_intervals(page: str) -> None:
    accuracy = network("large", 0.9, 12.0).whole.accuracy
    assert f"{100 * accuracy.value:.1f} %" in page
    assert f"{100 * accuracy.low:.1f} to {100 * accuracy.high:.1f}" in page
    assert "small is the quickest of them at 0.40 ms a face" in page
    assert "0 / 100" in page
    assert "&lt; 0.001" in page
    assert "3.51 M" in page
    assert "9.60" in page
    assert "abc1234" in page


def test_classes_that_differ_have_tables_of_their_own(page: str) -> None:
    assert page.count("<svg") == 1
    assert "rows labelled disgust or neutral are left out" in page
    talk = page[page.index("Beside the talk") :]
    assert talk.count('class="theirs"') == 4
    assert re.search(r'class="best">1\.000', talk)


def test_names_and_warnings_are_escaped(tmp_path: Path) -> None:
    comparison = compared(network("<b>x</b>", 0.9, 1.0), warning="<i>mixed</i>")
    text = write_comparison(comparison, tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<b>x</b>" not in text.replace("<b>&lt;b&gt;x&lt;/b&gt;</b>", "")
    assert "&lt;i&gt;mixed&lt;/i&gt;." in text


def test_a_page_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written"):
        write_comparison(compared(network("a", 0.9, 1.0)), tmp_path / "file" / "page.html")


@pytest.mark.parametrize(
    "speeds", [(1.0,), (0.2, 0.21, 0.22), (0.01, 900.0), (5.0, 5.0), (10.0, 20.0)]
)
def test_dots_stay_on_the_drawing_and_names_apart(speeds: tuple[float, ...]) -> None:
    plot = speed_plot([network(f"network_{i}", 0.7, ms) for i, ms in enumerate(speeds)])
    for dot in plot.dots:
        assert plot.left <= dot.x <= plot.right
        assert plot.top <= dot.high <= dot.y <= dot.low <= plot.bottom
    assert len({(dot.label_x, dot.label_y) for dot in plot.dots}) == len(speeds)
    assert all(0 <= mark.at <= WIDTH for mark in plot.across)
    assert all(0 <= mark.at <= HEIGHT for mark in plot.up)
    assert len(plot.across) >= 2


def test_slower_is_right_and_better_is_up() -> None:
    plot = speed_plot([network("good", 0.9, 9.0), network("quick", 0.5, 0.3)])
    good, quick = plot.dots
    assert good.name == "good"
    assert good.x > quick.x
    assert good.y < quick.y
