"""A verdict says what it means, and contradicts itself nowhere."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from duchenne.genuineness.verdict import (
    Genuineness,
    Reason,
    in_words,
    judged_dict,
    judged_frame,
    shown,
)
from tests.genuineness.made_up import one, smiles

FOR = Reason("The left lip corner rose.", "for", "bs_mouthSmileLeft_q95", 0.8, "of 1", 88.0, 97.0)
AGAINST = Reason("The head tilted.", "against", group="head, how it moves", contribution=-0.5)
GENUINE = Genuineness(0.8, "genuine", 0.8, (FOR, AGAINST), "genuineness", familiarity=0.7)
UNDECIDED = Genuineness(None, "undecided", None, (), "genuineness", why=("it lasts 0.1 s",))


@pytest.mark.parametrize(
    "changes",
    [
        {"p_genuine": 1.2},
        {"p_genuine": None},
        {"verdict": "undecided"},
        {"verdict": "true"},
        {"why": ("weak",)},
    ],
)
def test_contradictions_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        replace(GENUINE, **changes)


def test_reasons_are_labelled_by_what_they_speak_for() -> None:
    assert GENUINE.texts == ("The left lip corner rose.", "Against it: the head tilted.")
    assert UNDECIDED.texts == ("Undecided: it lasts 0.1 s.",)


def test_words_never_go_beyond_resemblance() -> None:
    assert GENUINE.said == "resembles spontaneous recordings (p_genuine 0.80)"
    assert replace(GENUINE, p_genuine=0.1, verdict="posed").said.startswith("resembles posed")
    assert UNDECIDED.said == "undecided: it lasts 0.1 s"


@pytest.mark.parametrize(("p", "text"), [(0.999, ">0.99"), (0.001, "<0.01"), (0.5, "0.50")])
def test_no_certainty_is_rounded_into_a_probability(p: float, text: str) -> None:
    assert shown(p) == text


def test_json_of_an_expression_with_its_verdict() -> None:
    expression = one(smiles())
    facts = json.loads(json.dumps(judged_dict(expression, GENUINE), allow_nan=False))
    assert facts["face_id"] == 0
    assert facts["emotion"] == "happy"
    assert facts["p_genuine"] == 0.8
    assert facts["reasons"] == list(GENUINE.texts)
    assert facts["numbers"][0]["percent_of_genuine"] == 88.0
    assert "dynamics" not in facts
    assert in_words(expression, GENUINE).endswith("displays happy; " + GENUINE.said)


def test_a_table_has_its_columns_without_rows_too() -> None:
    full = judged_frame([(one(smiles()), GENUINE), (one(smiles()), UNDECIDED)])
    assert full["verdict"].tolist() == ["genuine", "undecided"]
    assert full["why"].tolist() == ["", "it lasts 0.1 s"]
    assert list(judged_frame([]).columns) == list(full.columns)


def test_a_notebook_shows_text_and_no_tags() -> None:
    odd = replace(GENUINE, reasons=(Reason("<b>odd</b>"),))
    assert "&lt;b&gt;odd" in odd._repr_html_()
