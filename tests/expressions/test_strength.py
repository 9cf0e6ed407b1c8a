"""Strength over rest."""

from __future__ import annotations

import numpy as np
import pytest

from duchenne.expressions.signals import resample
from duchenne.expressions.strength import MOVERS, Rest, strength, without_blinks
from duchenne.expressions.track import UNITS, Track
from tests.expressions.made_up import bump, clock

TIMES = clock(8, 25)


def rises(**moving: float) -> dict[str, np.ndarray]:
    return {unit: np.full(3, moving.get(unit, 0.0)) for unit in UNITS}


def test_strength_is_the_mean_of_the_two_highest() -> None:
    assert strength(rises(AU12=4.0, AU06=2.0, AU07=1.0)).tolist() == [3.0] * 3
    assert strength(rises(AU12=4.0)).tolist() == [2.0] * 3
    assert strength(rises(AU12=-1.0, AU06=-2.0)).tolist() == [0.0] * 3
    assert strength({unit: np.full(2, np.nan) for unit in UNITS}).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("unit", ["AU25", "AU26", "AU45"])
def test_speech_and_blinks_are_no_strength(unit: str) -> None:
    assert unit not in MOVERS
    assert strength(rises(**{unit: 5.0})).tolist() == [0.0] * 3


def test_rest_is_the_faces_own() -> None:
    track = Track(0, TIMES, {"AU12_r": 1.5 + bump(TIMES, 3, 6, 3)})
    found = Rest(track).rises(track.signals())
    assert found["AU12"][0] == pytest.approx(0.0, abs=0.01)
    assert found["AU12"].max() == pytest.approx(3.0, abs=0.05)
    assert np.isnan(found["AU06"]).all()
    # In a clip that is one expression the lowest values may be no rest.
    assert Rest(track, highest=1.0).rises(track.signals())["AU12"][0] == pytest.approx(0.5)


def test_slow_drifts_are_no_rise() -> None:
    times = clock(300, 5)
    track = Track(0, times, {"AU04_r": times / 100})
    found = Rest(track).rises(track.signals())["AU04"]
    assert np.abs(found[1000:-1000]).max() < 0.4


def test_what_blinks_do_around_the_eyes_is_bridged() -> None:
    blink = 4 * np.exp(-(((TIMES - 4) / 0.06) ** 2))
    track = Track(0, TIMES, {"AU45_r": blink, "AU07_r": blink / 2, "AU12_r": blink / 2})
    found = without_blinks(track).values
    assert found["AU07_r"].max() < 0.1
    assert found["AU45_r"] is track.values["AU45_r"]
    assert found["AU12_r"] is track.values["AU12_r"]


def test_without_lids_nothing_is_bridged() -> None:
    track = Track(0, TIMES, {"AU07_r": TIMES})
    assert without_blinks(track) is track
    assert resample(TIMES, track.values)["AU07_r"][-1] == pytest.approx(TIMES[-1], abs=0.1)
