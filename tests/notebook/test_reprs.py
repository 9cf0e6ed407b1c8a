"""The plain text of the nouns that people print most: one line, whatever is in them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.notebook import nouns

from duchenne.expressions import Expressions
from duchenne.genuineness.judgements import Judgements


@pytest.mark.parametrize(
    ("noun", "said"),
    [
        (nouns.two_smiles("clip.mp4"), "<Recording 'clip.mp4' rows="),
        (nouns.picture(2, "a.jpg"), "<Recording 'a.jpg' rows=2 faces=2 seconds=0.0>"),
        (nouns.faceless(20), "rows=20 faces=0 seconds="),
        (nouns.expressions(), "<Expressions count=3 faces=2 seconds=5.8>"),
        (Expressions(), "<Expressions count=0 faces=0 seconds=0.0>"),
        (nouns.judgements(), "<Judgements count="),
        (Judgements(), "<Judgements count=0 faces=0 genuine=0 posed=0 undecided=0>"),
        (nouns.synchrony(), "<Synchrony people=5 features="),
    ],
)
def test_a_line_says_how_much_there_is(noun: object, said: str) -> None:
    assert said in repr(noun)
    assert "\n" not in repr(noun)
    assert len(repr(noun)) < 120


def test_a_name_cannot_break_the_line() -> None:
    made = nouns.two_smiles("a\nb")
    assert repr(made).startswith(r"<Recording 'a\nb' rows=")


def test_rows_without_times_have_no_seconds() -> None:
    made = nouns.two_smiles("clip.mp4")
    empty = replace(made, table=made.table.slice(0, 0))
    assert repr(empty) == "<Recording 'clip.mp4' rows=0 faces=0 seconds=0.0>"
