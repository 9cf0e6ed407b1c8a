"""The HTML of every noun: well-formed, escaped, short."""

from __future__ import annotations

from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.notebook import nouns

from duchenne.evaluation.statistics.intervals import Estimate
from duchenne.notebook import tables

ALLOWED = {"div", "b", "table", "tr", "th", "td", "ul", "li"}


class Checked(HTMLParser):
    """Fails on tags that we never write, and on any that is not closed in its turn."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(markup)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        assert {name for name, _ in attrs} <= {"style"}
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("name", nouns.SHOWN)
def test_every_noun_is_well_formed_and_escapes_names(name: str) -> None:
    texts = Checked(nouns.SHOWN[name]()._repr_html_()).texts
    assert texts
    assert max(map(len, texts)) <= tables.LONGEST + len("Limit: ")


def test_hostile_names_are_told_as_they_are() -> None:
    recording, card = nouns.two_smiles()._repr_html_(), nouns.card()._repr_html_()
    for markup in (recording, card):
        assert "<script" not in markup
        assert "<script>alert('$x')</script>" in " ".join(Checked(markup).texts)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        ("", "–"),
        (float("nan"), "–"),
        (True, "yes"),
        (np.int64(12345), "12,345"),
        (np.float32(0.5), "0.500"),
        (1234.56, "1,234.6"),
        (("a", None), "a, –"),
        ({"a": 1}, "a: 1"),
        ((), "–"),
        (Estimate(0.9, 0.8, 0.95), "0.900 (0.800 to 0.950)"),
        (Estimate(0.9, float("nan"), 0.95), "0.900 (– to 0.950)"),
    ],
)
def test_values_in_words(value: object, words: str) -> None:
    assert tables.said(value) == words


@given(st.text(), st.integers(2, 50))
def test_shortened_text_is_one_line_and_never_longer(text: str, most: int) -> None:
    short = tables.shorten(text, most)
    assert len(short) <= most
    assert not set("\n\r\t") & set(short)


@given(st.text())
def test_any_text_survives_as_text(text: str) -> None:
    markup = tables.noun(text, {text: text}, tables.rows([text], [[text]]), tables.items([text]))
    Checked(markup)


def test_long_tables_say_how_much_is_left() -> None:
    assert "… and 88 more" in tables.rows(["a"], [[place] for place in range(100)])
    assert "more" not in tables.items(["a"] * tables.MOST_ROWS)
    assert tables.rows(["a"], []) == tables.items([]) == ""


def test_a_recording_without_faces_says_so() -> None:
    assert "none" in Checked(nouns.faceless()._repr_html_()).texts


def test_a_verdict_says_what_it_is_not() -> None:
    for noun in (nouns.verdict(), nouns.verdict(None), nouns.judgements()):
        assert "nor truth from lies" in noun._repr_html_()
