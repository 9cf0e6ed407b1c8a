"""The names of the dynamics, and the numbers behind them on made-up faces."""

from __future__ import annotations

import numpy as np
import pytest

from duchenne.expressions import DYNAMICS, describe, find_expressions
from duchenne.expressions.expression import Expression
from duchenne.recording import Recording
from tests.expressions.made_up import bump, clock, recording_of, rows, smile, smiling_heads

TIMES = clock(5, 30)


def one(recording: Recording) -> Expression:
    (found,) = find_expressions(recording)
    return found


def test_every_name_is_explained_once_and_every_number_has_a_name() -> None:
    names = [feature.name for feature in DYNAMICS]
    assert len(names) == len(set(names))
    found = one(recording_of(rows(TIMES, smile(TIMES, 1.5, 3.5))))
    assert list(found.dynamics) == names
    assert describe()["name"].tolist() == names
    assert all(feature.meaning and "{" not in feature.unit for feature in DYNAMICS)


def test_durations_add_up() -> None:
    moves = one(recording_of(rows(TIMES, smile(TIMES, 1.5, 3.5)))).dynamics
    parts = [moves[f"{part}_duration_s"] for part in ("onset", "apex", "offset")]
    assert sum(parts) == pytest.approx(moves["duration_s"])
    assert all(part > 0 for part in parts)
    assert moves["duration_s"] == pytest.approx(1.8, abs=0.15)


def test_the_smile_is_measured() -> None:
    moves = one(recording_of(rows(TIMES, smile(TIMES, 1.5, 3.5)))).dynamics
    assert moves["AU12_rise"] == pytest.approx(4.0, abs=0.1)
    # 80 % of half a cosine of 0.3 s and of 4 of 5 is 0.18 s long; the blur makes it 0.25 s.
    assert moves["AU12_rise_s"] == pytest.approx(0.26, abs=0.03)
    assert moves["lag_AU06_AU12"] == pytest.approx(-0.1, abs=0.02)
    assert moves["units_active"] == 2
    assert moves["emotion_happy"] == pytest.approx(1.0)
    assert np.isnan(moves["AU04_rise_s"])
    assert np.isnan(moves["lip_onset_duration_full"])


@pytest.mark.parametrize(("left", "right", "sign"), [(4.0, 2.0, 1), (2.0, 4.0, -1), (3.0, 3.0, 0)])
def test_sides(left: float, right: float, sign: int) -> None:
    sides = {
        "AU12_left_r": bump(TIMES, 1.5, 3.5, left),
        "AU12_right_r": bump(TIMES, 1.6, 3.5, right),
    }
    moves = one(recording_of(rows(TIMES, smile(TIMES, 1.5, 3.5) | sides))).dynamics
    assert moves["AU12_asymmetry"] == pytest.approx(sign / 3, abs=0.02)
    assert moves["AU12_side_lag_s"] == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize("uneven", [0.4, 0.0, -0.4])
def test_lips_from_landmarks(uneven: float) -> None:
    heads = smiling_heads(bump(TIMES, 1.5, 3.5), uneven)
    moves = one(recording_of(rows(TIMES, smile(TIMES, 1.5, 3.5)), landmarks=heads)).dynamics
    assert moves["lips_asymmetry"] == pytest.approx(uneven, abs=0.1)
    assert moves["lips_side_lag_s"] == pytest.approx(0.0, abs=0.03)
    assert moves["lip_onset_net_amplitude"] > 0.1
    assert moves["lip_offset_net_amplitude"] == pytest.approx(
        -moves["lip_onset_net_amplitude"], rel=0.1
    )
    assert moves["lip_onset_duration_ratio_positive"] == 1.0
