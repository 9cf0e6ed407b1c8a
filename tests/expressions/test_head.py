"""Head movement and blinks during an expression."""

from __future__ import annotations

import numpy as np
import pytest

from duchenne.expressions.head import BLINKS, HEAD, blinking, head_movement
from duchenne.expressions.signals import Signals
from duchenne.expressions.track import Track
from tests.expressions.made_up import clock

TIMES = clock(2, 25)


def test_a_steady_nod() -> None:
    signals = Signals(
        3.0,
        25.0,
        {f"pose_{name}": np.zeros(50) for name in ("yaw", "roll", "tx", "ty")}
        | {"pose_pitch": -10 * TIMES, "pose_tz": -60 + 2 * TIMES},
    )
    found = head_movement(signals, apex=4.0)
    assert list(found) == list(HEAD)
    assert found["head_pitch_range"] == pytest.approx(19.6)
    assert found["head_pitch_change"] == pytest.approx(-10.0)
    assert found["head_pitch_speed_max"] == pytest.approx(10.0)
    assert found["head_turn_speed"] == pytest.approx(10.0)
    assert found["head_yaw_range"] == 0.0
    assert found["head_way"] == pytest.approx(2.0)
    assert found["head_approach"] == pytest.approx(2.0)


def test_no_pose_no_movement() -> None:
    found = head_movement(Signals(0.0, 25.0, {"a": np.zeros(9)}), apex=0.1)
    assert all(np.isnan(value) for value in found.values())


def blinker(*peaks: float) -> Track:
    times = clock(6, 30)
    closure = sum((4 * np.exp(-(((times - p) / 0.06) ** 2)) for p in peaks), np.zeros(len(times)))
    return Track(0, times, {"AU45_r": closure})


def test_blinks_are_counted_and_timed() -> None:
    found = blinking(blinker(0.5, 2.0, 3.5), onset=1.5, apex=2.5, offset=4.0)
    assert list(found) == list(BLINKS)
    assert found["blinks"] == 2
    assert found["blink_rate"] == pytest.approx(0.8)
    assert found["blink_to_apex_s"] == pytest.approx(0.5, abs=0.02)


def test_without_blinks_or_lids() -> None:
    found = blinking(blinker(), onset=1.5, apex=2.5, offset=4.0)
    assert (found["blinks"], np.isnan(found["blink_to_apex_s"])) == (0, True)
    blind = blinking(Track(0, TIMES, {}), onset=0.5, apex=1.0, offset=1.5)
    assert all(np.isnan(value) for value in blind.values())
