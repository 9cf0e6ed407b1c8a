"""Every recording gets an answer, or a clear word on why there is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duchenne.errors import DataError
from duchenne.expressions import find_expressions
from duchenne.genuineness.clip_inputs import INPUTS
from duchenne.genuineness.clip_model import LEAST_CLIPS
from duchenne.genuineness.judging import (
    SOURCES,
    From,
    baseline_of,
    decide,
    judge,
    look,
    own_baselines,
    why_nothing,
)
from duchenne.genuineness.verdict import Genuineness
from duchenne.recording import Recording
from tests.expressions.made_up import clock, recording_of, rows
from tests.genuineness.made_up import smiles
from tests.genuineness.standins import Adding, Standins


def verdict(recording: Recording, models: Standins | None = None, **options: Any) -> Genuineness:
    """Of the only expression."""
    ((_, found),) = judge(recording, models=models or Standins(), **options)
    return found


def test_far_smiles_resemble_spontaneous_ones_to_this_model() -> None:
    found = verdict(smiles(far=0.8))
    assert found.verdict == "genuine"
    assert found.p_genuine == pytest.approx(1 / (1 + np.exp(-4 * 0.5)), abs=0.02)
    assert found.confidence == found.p_genuine
    assert found.evidence == "clip"
    assert found.model == "genuineness"
    assert found.reasons[0].name == "bs_mouthSmileLeft_q95"
    assert found.why == ()


def test_small_ones_resemble_posed_ones() -> None:
    found = verdict(smiles(far=0.05))
    assert found.verdict == "posed"
    assert found.p_genuine is not None
    assert found.confidence == 1 - found.p_genuine
    assert found.reasons[0].contribution is not None
    assert found.reasons[0].contribution < 0


@pytest.mark.parametrize(
    ("made", "options", "phrase"),
    [
        ({"far": 0.3}, {}, "the probability 0.5"),
        ({"height": 0.5}, {"whole": True}, "the expression is weak: strength 0.4 of 5"),
        ({"fps": 5.0}, {}, "5 frames/s, and 10 are needed"),
        ({"pose_yaw": 45.0}, {}, "the face is turned by 45 degrees"),
        ({"seconds": 0.2, "spans": ((-1.0, 9.0),)}, {"whole": True}, "it lasts 0.17 s"),
        (
            {"scores": False},
            {},
            "blendshapes are needed, and this recording by duchenne has none: analyse",
        ),
    ],
)
def test_undecided_and_why(made: dict[str, Any], options: dict[str, Any], phrase: str) -> None:
    found = verdict(smiles(**made), **options)
    assert found.verdict == "undecided"
    assert any(why.startswith(phrase) for why in found.why), found.why


def test_a_face_lost_in_the_middle_of_a_whole_clip() -> None:
    times = clock(5.0, 30.0)
    lost = smiles(seen=(times < 1.8) | (times > 2.4))
    found = verdict(lost, whole=True)
    assert found.verdict == "undecided"
    assert "lost in the middle" in found.why[0]
    # Looked for, the parts before and after are expressions of their own, or none.
    assert all(
        one.verdict in {"genuine", "posed", "undecided"}
        for _, one in judge(lost, models=Standins())
    )


def test_what_is_unlike_the_training_clips() -> None:
    strange = Adding("genuineness", INPUTS, {}, familiarity=0.05)
    found = verdict(smiles(), Standins(strange))
    assert found.verdict == "undecided"
    assert "unlike anything" in found.why[0]


def test_a_table_without_landmarks_is_offered_its_action_units() -> None:
    bare = replace(smiles(), _landmarks=None)
    found = verdict(bare)
    assert (found.verdict, found.p_genuine) == ("undecided", None)
    assert found.why[0].startswith("landmarks are needed, and this recording by duchenne has none")
    assert found.why[0].endswith("or judge with source='aus'")
    assert "source='aus'" in verdict(bare, source="landmarks").why[0]
    assert verdict(bare, source="aus").p_genuine is not None


@pytest.mark.parametrize(
    ("source", "model"), [("aus", "genuineness_aus"), ("landmarks", "genuineness_landmarks")]
)
def test_one_frame_is_weaker_evidence(source: From, model: str) -> None:
    found = verdict(smiles(), source=source)
    assert found.evidence == "still (weaker)"
    assert found.model == model
    assert found.p_genuine is not None


def test_a_picture_is_judged_from_its_action_units() -> None:
    picture = recording_of(
        rows(np.zeros(1), {"AU12_r": np.full(1, 4.0), "AU06_r": np.full(1, 3.0)})
    )
    found = verdict(picture)
    assert (found.verdict, found.evidence) == ("genuine", "still (weaker)")
    assert found.reasons[0].name == "AU06_r"


def test_a_face_seen_in_one_frame_of_a_video_only() -> None:
    times = clock(1.0, 10.0)
    recording = smiles(seconds=1.0, fps=10.0, spans=((-1, 9),), seen=times == times[3])
    found = verdict(recording, whole=True)
    assert found.why[0] == "one frame only, and 6 are needed"


def test_nothing_to_judge() -> None:
    faceless = recording_of(rows(clock(1.0, 10.0), {}, seen=np.zeros(10, bool)))
    assert judge(faceless, models=Standins()) == ()
    assert why_nothing(faceless) == "no face was found"
    still = smiles(height=0.5)
    assert judge(still, models=Standins()) == ()
    assert "its strength is 0.4 of 5" in why_nothing(still)


def test_the_model_sees_half_a_second_before_the_onset() -> None:
    recording = smiles(((1.0, 3.0),))
    (display,) = look(recording, models=Standins())
    assert display.inputs is not None
    first = display.inputs[INPUTS.index("bs_mouthSmileLeft_first")]
    # At the onset a fifth of the smile is there; before it, the face is at rest.
    assert first == pytest.approx(0, abs=0.02)


def test_given_expressions_are_not_looked_for_again() -> None:
    recording = smiles(((1.0, 2.5), (3.5, 5.0)), seconds=6.0)
    both = find_expressions(recording)
    assert len(judge(recording, expressions=both[:1], models=Standins())) == 1


@settings(max_examples=20)
@given(st.data(), st.integers(1, 12), st.sampled_from([0.5, 5.0, 14.0, 60.0]), st.booleans())
def test_an_answer_or_a_clear_undecided_whatever_was_seen(
    data: st.DataObject, frames: int, fps: float, whole: bool
) -> None:
    seen = np.array(data.draw(st.lists(st.booleans(), min_size=frames, max_size=frames)))
    yaw = data.draw(st.floats(-180, 180))
    source = data.draw(st.sampled_from(SOURCES))
    recording = smiles(((-1.0, 99.0),), seconds=frames / fps, fps=fps, seen=seen, pose_yaw=yaw)
    judged = judge(recording, whole=whole, source=source, models=Standins())
    assert judged or why_nothing(recording)
    for _, found in judged:
        assert (found.verdict == "undecided") == bool(found.why)
        assert found.texts


def test_another_source_is_a_clear_error() -> None:
    with pytest.raises(DataError, match="comes from clip, aus, landmarks, not from 'blood'"):
        judge(smiles(), source="blood")  # type: ignore[arg-type]  # no source


@pytest.fixture(scope="module")
def many() -> Recording:
    """As many smiles of one face as make a baseline."""
    spans = [(2.0 * i + 0.5, 2.0 * i + 1.7) for i in range(LEAST_CLIPS)]
    return smiles(spans, seconds=2.0 * LEAST_CLIPS + 1, fps=15.0)


def test_a_face_is_judged_beside_its_own_where_that_is_asked_for(many: Recording) -> None:
    models = Standins()
    own = own_baselines(look(many, models=models), models)
    for _, found in judge(many, models=models, baselines=own):
        assert found.model == f"genuineness_person, beside {LEAST_CLIPS} of the person"
    for _, found in judge(many, models=models):
        assert found.model == "genuineness"


def test_expressions_seen_badly_make_no_baseline(many: Recording) -> None:
    models = Standins()
    displays = look(many, models=models)
    assert own_baselines(displays, models)[0].clips == LEAST_CLIPS
    worse = [replace(displays[0], why=("turned",)), *displays[1:]]
    assert baseline_of(worse, models) is None
    assert own_baselines(worse, models) == {}
    assert decide(worse, {}, models)[0][1].why == ("turned",)


def test_a_smile_from_its_beginning_has_other_evidence() -> None:
    texts = [reason.speaks for reason in verdict(smiles(fps=50.0)).reasons]
    assert texts.count("beside") == 1
    begun = verdict(smiles(((-1.0, 3.0),), fps=50.0))
    assert all(reason.speaks != "beside" for reason in begun.reasons)


def test_openface_on_a_real_table(shared_media: Path) -> None:
    from duchenne.recording.from_openface import from_openface

    table = from_openface(shared_media / "OpenFace_Test.csv", fps=30.0)
    found = judge(table, whole=True, models=Standins())
    assert found
    wanted = "landmarks and blendshapes are needed, and this recording by OpenFace has none"
    assert all(one.why[-1].startswith(wanted) for _, one in found)
    # No inner names, and no options of the command line.
    assert not any(part in why for _, one in found for why in one.why for part in ("bs_", "--"))
    assert all(
        one.p_genuine is not None
        for _, one in judge(table, whole=True, source="aus", models=Standins())
    )
