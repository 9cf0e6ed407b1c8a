"""The line about the lip corners: for smiles seen from their beginning, and nothing else."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from duchenne.expressions import Expression
from duchenne.expressions.phases import COLUMNS
from duchenne.genuineness.smile import SmileModel
from duchenne.genuineness.smile_evidence import smile_evidence
from tests.genuineness.made_up import one, smiles

MODEL = SmileModel()


@pytest.fixture(scope="module")
def smile() -> Expression:
    return one(smiles())


def test_a_smile_gets_one_line_that_calls_itself_weak(smile: Expression) -> None:
    (reason,) = smile_evidence(smile, MODEL)
    assert reason.value == pytest.approx(MODEL.p_genuine(smile.dynamics))
    assert reason.value is not None
    assert f"{100 * reason.value:.0f} % likely" in reason.text
    assert "weak evidence" in reason.text


def test_an_unfinished_smile_is_judged_by_its_onset(smile: Expression) -> None:
    cut = replace(smile, warnings=("still under way when the recording ended",))
    (reason,) = smile_evidence(cut, MODEL)
    assert reason.value == pytest.approx(MODEL.p_genuine(smile.dynamics, finished=False))


def test_without_a_beginning_without_lips_or_without_a_smile_there_is_none(
    smile: Expression,
) -> None:
    begun = replace(smile, warnings=("under way already when the recording began",))
    lipless = replace(smile, dynamics=smile.dynamics | dict.fromkeys(COLUMNS, math.nan))
    for other in (begun, lipless, replace(smile, emotion="sad")):
        assert smile_evidence(other, MODEL) == ()
