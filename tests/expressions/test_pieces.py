"""Long stretches are taken in pieces, and what is found in them is the same."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duchenne.expressions import find_expressions, pieces
from duchenne.expressions.strength import Rest, without_blinks
from duchenne.expressions.track import Track, tracks
from tests.expressions.made_up import clock, recording_of, rows, smile


def smiling(minutes: float, every_s: float, length_s: float) -> Track:
    times = clock(60 * minutes, 10)
    (track,) = tracks(recording_of(rows(times, smile(times % every_s, 2, 2 + length_s))))
    return without_blinks(track)


@settings(max_examples=5, deadline=None)
@given(st.floats(0.5, 18), st.floats(8, 60), st.floats(1, 5))
def test_pieces_cover_everything_once_and_cut_no_smile(
    minutes: float, every_s: float, length_s: float
) -> None:
    track = smiling(minutes, every_s, length_s)
    found = pieces.pieces(track, Rest(track))
    assert [found[0].start, found[-1].stop] == [0, len(track)]
    for before, after in pairwise(found):
        assert before.stop == after.start
        moment = track.times[after.start] % every_s
        assert moment <= 2 or moment >= 2 + length_s - 0.1
    lengths = [np.ptp(track.times[piece]) for piece in found]
    assert max(lengths) <= pieces.PIECE_S + 60
    assert len(found) == 1 or min(lengths) >= 30


def test_expressions_of_a_long_recording_are_those_of_the_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times = clock(13 * 60, 10)
    recording = recording_of(rows(times, smile(times % 37, 3, 6)))
    in_pieces = find_expressions(recording)
    monkeypatch.setattr(pieces, "PIECE_S", 1e6)
    whole = find_expressions(recording)
    assert len(whole) == 21
    for one, other in zip(in_pieces, whole, strict=True):
        assert (one.emotion, one.warnings) == (other.emotion, other.warnings)
        ours, theirs = ((e.onset_s, e.apex_s, e.offset_s, e.intensity) for e in (one, other))
        assert ours == pytest.approx(theirs, abs=0.02)


def test_gaps_part_pieces_too() -> None:
    times = clock(60, 10)
    seen = (times < 20) | (times > 25)
    (track,) = tracks(recording_of(rows(times, {}, seen=seen)))
    first, second = pieces.pieces(track, Rest(track))
    assert (track.times[first.stop - 1] < 20, track.times[second.start] > 25) == (True, True)
