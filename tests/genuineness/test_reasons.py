"""Reasons name what the model used, in the direction in which it used it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duchenne.genuineness.clip_inputs import INPUTS
from duchenne.genuineness.reasons import ClipView, clip_groups, clip_reasons, still_reasons
from duchenne.genuineness.still_model import LANDMARK_INPUTS, UNIT_INPUTS
from tests.genuineness.standins import Adding, reference

SMILE, BROW = "bs_mouthSmileLeft_q95", "bs_browDownLeft_mean"
WEIGHTS = {SMILE: 4.0, BROW: -3.0}
SPREAD = reference(**{SMILE: (0.5, 1.0), BROW: (1.0, 0.5)})


def _inputs(**values: float) -> np.ndarray:
    inputs = np.full(len(INPUTS), np.nan)
    for name, value in values.items():
        inputs[INPUTS.index(name)] = value
    return inputs


def test_groups_hold_every_input_once() -> None:
    groups = clip_groups(INPUTS)
    assert sorted(place for places in groups.values() for place in places) == list(
        range(len(INPUTS))
    )
    assert len(groups) == 12
    assert INPUTS[groups["mouth, how strong"][0]].startswith(("bs_jaw", "bs_mouth"))


def test_what_speaks_for_and_against_a_verdict() -> None:
    view = ClipView(
        Adding("m", INPUTS, WEIGHTS), SPREAD, _inputs(**{SMILE: 0.8, BROW: 0.7}), "happy"
    )
    found = clip_reasons(view, 0.75)
    assert [reason.speaks for reason in found] == ["for", "against"]
    smile, brow = found
    assert (smile.name, smile.value, smile.group) == (SMILE, 0.8, "mouth, how strong")
    assert smile.contribution == pytest.approx(3.2)
    assert (smile.percent_of_genuine, smile.percent_of_posed) == pytest.approx((80, 100))
    assert smile.text == (
        "The rise of the left lip corner came to 0.80 of 1 at its strongest, higher than in 80 % "
        "of spontaneous clips of happiness and over 99 % of posed ones."
    )
    assert brow.contribution == pytest.approx(-2.1)
    assert brow.name == BROW


def test_a_score_that_nobody_could_see_is_not_put_into_words() -> None:
    model = Adding("m", INPUTS, WEIGHTS)
    faint = reference(**{SMILE: (0.02, 0.04), BROW: (1.0, 0.5)})
    found = clip_reasons(ClipView(model, faint, _inputs(**{SMILE: 0.03})), 0.9)
    assert all(reason.name != SMILE for reason in found)


def test_another_emotion_is_compared_with_all_clips() -> None:
    view = ClipView(Adding("m", INPUTS, WEIGHTS), SPREAD, _inputs(**{SMILE: 0.8}), "fear")
    (found,) = clip_reasons(view, 0.9)
    assert "of spontaneous clips and" in found.text


def test_a_part_whose_numbers_do_not_tell_is_named_without_them() -> None:
    # The reference knows no difference between the kinds here.
    model = Adding("m", INPUTS, {"bs_jawOpen_mean": 2.0})
    (found,) = clip_reasons(ClipView(model, SPREAD, _inputs(bs_jawOpen_mean=0.5)), 0.7)
    assert found.text == (
        "How strongly the mouth moved speaks for a spontaneous display, though no single number of "
        "it stands out."
    )
    assert found.value is None


@settings(max_examples=12)
@given(st.floats(0, 1), st.floats(0, 1))
def test_no_sentence_names_what_the_model_does_not_use(smile: float, brow: float) -> None:
    model = Adding("m", INPUTS, WEIGHTS)
    inputs = np.full(len(INPUTS), 0.5)
    inputs[[INPUTS.index(SMILE), INPUTS.index(BROW)]] = smile, brow
    p = float(model.judge(inputs[None]).p_genuine[0])
    for reason in clip_reasons(ClipView(model, SPREAD, inputs), p):
        assert reason.name in {SMILE, BROW, ""}
        assert reason.contribution is not None
        towards = 1 if p >= 0.5 else -1
        assert (reason.contribution * towards > 0) == (reason.speaks == "for")


def test_action_units_of_one_frame() -> None:
    model = Adding("aus", UNIT_INPUTS, {"AU06_r": 1.0, "AU04_r": -2.0}, {"AU06_r": 1.0})
    inputs = np.full(len(UNIT_INPUTS), np.nan)
    inputs[UNIT_INPUTS.index("AU06_r")], inputs[UNIT_INPUTS.index("AU04_r")] = 3.0, 0.5
    for_it, against = still_reasons(model, inputs, 0.7)
    assert for_it.text == "AU06, cheek raiser, at 3.0 of 5 speaks for a spontaneous display."
    assert (against.speaks, against.value) == ("against", 0.5)


def test_landmarks_of_one_frame_are_told_by_region() -> None:
    model = Adding("landmarks", LANDMARK_INPUTS, {"x_61": 0.5, "y_61": 0.5, "x_9": 0.2})
    found = still_reasons(model, np.ones(len(LANDMARK_INPUTS)), 0.7)
    assert [reason.group for reason in found] == ["mouth", "upper face"]
    assert found[0].contribution == pytest.approx(1.0)
