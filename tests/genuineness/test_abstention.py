"""What is seen badly is told with its number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.genuineness.abstention import View, grounds, unsure
from tests.expressions.made_up import clock
from tests.genuineness.made_up import one, smiles

GOOD = View(frames=60, duration_s=2.0, rate=30.0, lost_s=1 / 30, turned=5.0, strength=3.0)


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"strength": 0.4}, "the expression is weak: strength 0.4 of 5, and 0.5 is needed"),
        ({"frames": 4}, "only 4 frames, and 6 are needed"),
        ({"frames": 1, "rate": 0.0, "duration_s": 0.0}, "one frame only, and 6 are needed"),
        ({"duration_s": 0.25}, "it lasts 0.25 s, and 0.3 s are needed"),
        ({"rate": 5.0, "lost_s": 0.2}, "5 frames/s, and 10 are needed to see speeds"),
        ({"turned": 51.0}, "the face is turned by 51 degrees"),
        ({"lost_s": 0.8}, "the face was lost in the middle for 0.8 s"),
        ({"frames": 0}, "the face was not found in it"),
    ],
)
def test_each_ground(changes: dict[str, Any], phrase: str) -> None:
    (found,) = grounds(replace(GOOD, **changes), still=False)
    assert found.startswith(phrase)


def test_a_good_view_gives_no_ground() -> None:
    assert grounds(GOOD, still=False) == ()


def test_one_frame_needs_no_course() -> None:
    still = View(1, 0.0, 0.0, 0.0, 5.0, 3.0)
    assert grounds(still, still=True) == ()
    assert len(grounds(replace(still, turned=50.0, strength=0.2), still=True)) == 2


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 1))
def test_a_model_is_trusted_only_outside_its_band_and_among_its_own(
    p: float, familiarity: float, band: float, least: float
) -> None:
    why = unsure(p, familiarity, band, least)
    assert bool(why) == (abs(p - 0.5) < band or familiarity < least)


def test_how_an_expression_was_seen() -> None:
    recording = smiles(pose_yaw=20.0, pose_pitch=10.0)
    view = View.of(recording, one(recording))
    assert view.rate == pytest.approx(30)
    assert view.frames == pytest.approx(view.duration_s * 30 + 1)
    assert view.lost_s == pytest.approx(1 / 30)
    away = np.degrees(np.arccos(np.cos(np.radians(20)) * np.cos(np.radians(10))))
    assert view.turned == pytest.approx(away, abs=1e-3)


def test_a_face_lost_in_the_middle_is_seen_in_the_whole_clip_only() -> None:
    times = clock(5.0, 30.0)
    recording = smiles(seen=(times < 1.8) | (times > 2.4))
    assert View.of(recording, one(recording, whole=True)).lost_s == pytest.approx(0.6, abs=0.1)
