"""Key moments: peaks of each face, steady rows first, few, apart, in the order of time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duchenne.report import key_moments
from duchenne.report.moments import MOST_MOMENTS
from tests.report.made_up import recording, table


def test_the_smile_is_found_where_it_is_widest() -> None:
    rows = table(51)
    smile = next(m for m in key_moments(recording(rows)) if "happy" in m.reason)
    assert smile.frame == rows["emotion_happy"].idxmax() == 25
    assert smile.time == pytest.approx(1.0)
    assert (
        smile.reason == "happy at its highest, 95 %; AU12 (lip corner puller) strongest, 4.5 of 5"
    )


def test_peaks_on_a_turned_head_do_not_count() -> None:
    rows = table(51)
    rows.loc[rows["frame"].between(15, 35), "pose_yaw"] = 50.0
    assert all(not 15 <= m.frame <= 35 for m in key_moments(recording(rows)))


def test_a_head_that_is_always_turned_still_has_its_moments() -> None:
    found = key_moments(recording(table(51).assign(pose_yaw=50.0)))
    assert any("happy" in m.reason for m in found)


def test_each_face_has_its_turn() -> None:
    found = key_moments(recording(table(500, 6)))
    assert len(found) == MOST_MOMENTS
    assert {m.face_id for m in found} == set(range(6))


def test_a_blank_face_is_shown_where_it_is_seen_best() -> None:
    rows = table(20)
    rows[rows.columns[9:]] = np.nan
    rows.loc[7, "confidence"] = 0.999
    (moment,) = key_moments(recording(rows))
    assert (moment.frame, moment.face_id, moment.reason) == (7, 0, "seen most clearly")


def test_without_a_face_the_middle_speaks() -> None:
    (moment,) = key_moments(recording(table(9, 0)))
    assert (moment.frame, moment.face_id) == (4, -1)
    assert key_moments(recording(table(0))) == []


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 80), st.integers(0, 4), st.sets(st.integers(0, 79)))
def test_rules_that_always_hold(frames: int, faces: int, without: set[int]) -> None:
    rows = table(frames, faces, without)
    found = key_moments(recording(rows))
    assert 1 <= len(found) <= MOST_MOMENTS
    assert [m.time for m in found] == sorted(m.time for m in found)
    there = set(zip(rows["frame"], rows["face_id"], strict=True))
    seen = any(face >= 0 for _, face in there)
    assert all((m.frame, m.face_id) in there for m in found)
    assert all((m.face_id >= 0) == seen for m in found)
