"""The section of verdicts says what the verdicts say, and nothing where there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duchenne.genuineness.judging import judge
from duchenne.genuineness.verdict import Judged, Reason
from duchenne.recording import Recording
from duchenne.report import write_report
from duchenne.report.genuineness_section import LIMITS, MOST_CARDS
from tests.expressions.made_up import recording_of, rows
from tests.genuineness.made_up import smiles
from tests.genuineness.standins import Standins
from tests.report.pages import Page


def _page(path: Path, recording: Recording, judged: Sequence[Judged] | None) -> Page:
    target = write_report(recording, path / "report.html", (), judged)
    return Page(target.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def two() -> tuple[Recording, tuple[Judged, ...]]:
    recording = smiles(((1.0, 2.5), (4.0, 5.5)), seconds=7.0, far=0.8)
    return recording, judge(recording, models=Standins())


def test_a_card_for_each_expression(
    tmp_path: Path, two: tuple[Recording, Sequence[Judged]]
) -> None:
    recording, judged = two
    page = _page(tmp_path, recording, judged)
    assert len(page.all("article", class_="genuine")) == 2
    assert page.text.count("Resembles spontaneous recordings") == 2
    for _, genuineness in judged:
        assert all(reason.text in page.text for reason in genuineness.reasons)
    assert LIMITS in page.text
    assert len(page.all("a", class_="genuine")) == 2
    # Strength, and the signal that the reasons name.
    assert len(page.all("div", class_="strength")) == 2
    assert "Rise of the left lip corner 0.00 to 0.80 of 1" in page.text


def test_the_scale_shows_the_probability_and_where_it_says_nothing(
    tmp_path: Path, two: tuple[Recording, Sequence[Judged]]
) -> None:
    recording, judged = two
    page = _page(tmp_path, recording, judged[:1])
    assert page.all("i", class_="band") == [{"class": "band", "style": "left:40.0%;width:20.0%"}]
    p = judged[0][1].p_genuine
    assert p is not None
    assert f"left:{100 * p:.1f}%" in page.html


def test_undecided_says_why(tmp_path: Path) -> None:
    recording = smiles(fps=5.0)
    page = _page(tmp_path, recording, judge(recording, models=Standins()))
    assert len(page.all("article", class_="undecided")) == 1
    assert "5 frames/s, and 10 are needed to see speeds." in page.text


def test_nothing_found_says_so(tmp_path: Path) -> None:
    recording = smiles(height=0.3)
    page = _page(tmp_path, recording, ())
    assert "No expression was found: no movement rose" in page.text
    assert not page.all("article")


def test_without_verdicts_there_is_no_section(tmp_path: Path) -> None:
    page = _page(tmp_path, smiles(), None)
    assert "Spontaneous or posed?" not in page.text
    assert not page.all("section", class_="verdicts")


def test_a_picture_has_no_course(tmp_path: Path) -> None:
    picture = recording_of(
        rows(np.zeros(1), {"AU12_r": np.full(1, 4.0), "AU06_r": np.full(1, 3.0)})
    )
    page = _page(tmp_path, picture, judge(picture, models=Standins()))
    assert "from one frame, which is weaker evidence" in page.text
    assert not page.all("figure", class_="course")


def test_a_long_recording_shows_the_strongest(
    tmp_path: Path, two: tuple[Recording, Sequence[Judged]]
) -> None:
    recording, judged = two
    crowd = [judged[i % 2] for i in range(MOST_CARDS)] + [
        (replace(judged[0][0], intensity=0.1), judged[0][1])
    ]
    page = _page(tmp_path, recording, crowd)
    assert len(page.all("article")) == MOST_CARDS
    assert "1 weaker expression is not drawn here" in page.text


def test_words_are_text_and_never_tags(
    tmp_path: Path, two: tuple[Recording, Sequence[Judged]]
) -> None:
    recording, judged = two
    odd = replace(judged[0][1], reasons=(Reason("<script>x</script>"),))
    page = _page(tmp_path, recording, [(judged[0][0], odd)])
    assert "<script>x</script>" in page.text
    assert "<script>x" not in page.html
