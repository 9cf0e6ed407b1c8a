"""Every input of the model of clips has a sentence, and comparisons point the right way."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.expressions.clip_statistics import SIGNALS
from duchenne.genuineness.clip_inputs import INPUTS
from duchenne.genuineness.signal_words import REGIONS, SIGNAL_WORDS
from duchenne.genuineness.words import ASPECTS, compared, group_of, split, told


def test_every_signal_has_words() -> None:
    assert set(SIGNAL_WORDS) == set(SIGNALS)


@pytest.mark.parametrize("value", [0.42, -0.3, 0.0])
def test_every_input_has_a_sentence(value: float) -> None:
    for name in INPUTS:
        words = told(name, value)
        assert re.fullmatch(r"[A-Z][^{}]*\d[^{}]*[^.]", words.text), words.text
        assert words.above != words.below
        region, aspect = group_of(name).split(", ")
        assert region in REGIONS
        assert aspect in ASPECTS


def test_every_sentence_is_one_input_of_its_sign() -> None:
    told_ = [told(name, 0.42).text for name in INPUTS]
    assert len(set(told_)) == len(told_)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("bs_mouthSmileLeft_q95", 0.62, "The rise of the left lip corner came to 0.62 of 1"),
        ("bs_mouthSmileLeft_speed_q90", 2.1, "The left lip corner rose by at least 2.1 /s"),
        ("bs_mouthSmileLeft_speed_q10", -2.1, "The left lip corner fell by at least 2.1 /s"),
        ("pose_pitch_mean", -12.4, "The downward tilt of the head was −12° on average"),
        ("distance_61_291_change", -0.04, "The width of the mouth ended 0.040 eye distances lower"),
        ("bs_jawOpen_place_of_max", 0.4, "The opening of the jaw was strongest after 40 %"),
        ("bs_jawOpen_speed_turns", 0.2, "The opening of the jaw changed direction 5.0 times a"),
    ],
)
def test_sentences(name: str, value: float, text: str) -> None:
    assert told(name, value).text.startswith(text)


def test_a_larger_fall_is_a_faster_one() -> None:
    falls = told("bs_mouthSmileLeft_speed_q10", -2.0)
    said = compared(falls, 5.0, 10.0, "happiness")
    assert said.endswith(
        "faster than in 95 % of spontaneous clips of happiness and 90 % of posed ones."
    )


@given(st.floats(0, 100), st.floats(0, 100))
def test_the_shares_of_a_comparison_are_those_on_the_nearer_side(
    genuine: float, posed: float
) -> None:
    said = compared(told("bs_jawOpen_mean", 0.3), genuine, posed, None)
    high = genuine + posed >= 100
    assert ("higher than" in said) == high
    shares = [int(n) for n in re.findall(r"(\d+) % of", said)]
    wanted = [p if high else 100 - p for p in (genuine, posed)]
    assert shares == pytest.approx(wanted, abs=1)


@pytest.mark.parametrize("name", ["bs_jawOpen", "bs_jawOpen_median", "nose_mean", ""])
def test_other_names_are_unknown(name: str) -> None:
    with pytest.raises(KeyError):
        split(name)
