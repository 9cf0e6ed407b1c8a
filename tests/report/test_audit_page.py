from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duchenne.errors import DataError
from duchenne.evaluation.audit import Audit, read_audit_set, run_audit
from duchenne.evaluation.audit.scorers import ScoreColumn
from duchenne.evaluation.statistics.intervals import Estimate
from duchenne.notebook.colours import EMOTION_COLOURS
from duchenne.report.audit_page import _colours, copied, interval, write_audit
from tests.evaluation.audit.made_up_sets import clean_set, planted_set, write_pictures
from tests.report.pages import Page


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    folder = tmp_path_factory.mktemp("audit") / "<set>"
    write_pictures(folder, "brightness", each=16)
    copied = sorted((folder / "a").glob("*.png"))[0]
    (folder / "b" / "copy.png").write_bytes(copied.read_bytes())
    (folder / "b" / "broken.png").write_text("no picture")
    return run_audit(read_audit_set(folder, look_for_faces=False))


def _page(audit: Audit, folder: Path) -> Page:
    return Page(write_audit(audit, folder / "new" / "audit.html").read_text("utf-8"))


def _check(made: Page) -> None:
    assert not re.search(r"https?://", made.html)
    assert not made.all("link")
    assert not made.all("script")
    assert all(image["src"].startswith("data:image/png") for image in made.all("img"))
    assert not re.search(r"\b(nan|None|inf)\b", made.text)
    assert not re.search(r"feels|lie detector", made.text)


def test_the_page_says_what_carries_it_and_shows_it(spoilt: Audit, tmp_path: Path) -> None:
    made = _page(spoilt, tmp_path)
    _check(made)
    assert "this data set would teach your network the camera" in made.text
    assert "What carries it: " in made.text
    assert "<set>" in made.text
    assert "One item stands in it more than once, 1 of them under labels" in made.text
    assert "1 files cannot be read" not in made.text
    assert len(made.all("img")) >= 24 + 2
    assert made.all("circle", class_="bad")
    assert "What to do" in made.html


def test_a_clean_set_has_a_page_without_alarms(tmp_path: Path) -> None:
    made = _page(run_audit(clean_set(7)), tmp_path)
    _check(made)
    assert "No shortcut was found" in made.text
    assert not made.all("li", class_="bad")
    assert not made.all("img")


def test_a_model_has_a_table(tmp_path: Path) -> None:
    data = planted_set("high", 1)
    import pandas as pd

    scored = replace(
        data, table=pd.DataFrame({"score": np.random.default_rng(0).random(len(data))})
    )
    made = _page(run_audit(scored, [ScoreColumn("score")]), tmp_path)
    _check(made)
    assert "The model score" in made.text
    assert "Whether these scores are out of fold, the table does not say." in made.text


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written"):
        write_audit(run_audit(clean_set(7)), tmp_path / "file" / "audit.html")


def test_what_is_not_known_is_a_dash_and_colours_are_those_of_emotions() -> None:
    nan = float("nan")
    assert interval(Estimate(nan, nan, nan)) == ("–", "")
    assert interval(Estimate(-0.5, nan, nan)) == ("−0.50", "")
    assert _colours(("sad", "happy")) == {n: EMOTION_COLOURS[n] for n in ("sad", "happy")}
    assert _colours(("happy", "genuine"))["happy"] != EMOTION_COLOURS["happy"]


def test_copies_of_one_label_are_told_apart_from_contradictions(spoilt: Audit) -> None:
    assert "1 of them under labels that contradict" in copied(spoilt)
    agreeing = replace(spoilt, leaks=replace(spoilt.leaks, conflicting=()))
    assert copied(agreeing).endswith("under labels that agree.")
