"""The 25 features a phase, against numbers worked out by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from duchenne.expressions.phases import (
    COLUMNS,
    FEATURES,
    PHASES,
    Phases,
    features_of,
    find_phases,
    lip_features,
    median_filter,
)
from tests.expressions.made_up import bump, clock

SIGNALS = arrays(np.float64, st.integers(4, 80), elements=st.floats(0, 2))


def test_there_are_25_features_in_each_of_three_phases() -> None:
    assert len(FEATURES) == 25
    assert len(COLUMNS) == len(set(COLUMNS)) == 75


@pytest.mark.parametrize(
    ("signal", "phases"),
    [
        # Steps + + + 0 - - -: the sample after the last rising step is the apex's.
        ([0, 1, 2, 3, 3, 2, 1, 0], Phases(3, 4)),
        # The longest fall counts, not the deepest; the longest rise before it.
        ([0, 1, 2, -9, 0, 1, 2, 3, 2, 1, 0], Phases(7, 7)),
        # Of equally long runs the first.
        ([0, 1, 2, 1, 0, 1, 2, 1, 0], Phases(2, 2)),
        # No rise before the longest fall: thirds.
        ([3, 2, 1, 0, 1, 1, 1, 1, 1], Phases(3, 6, by_thirds=True)),
        ([1, 1, 1, 1, 1, 1], Phases(2, 4, by_thirds=True)),
    ],
)
def test_phases(signal: list[float], phases: Phases) -> None:
    assert find_phases(np.array(signal, float)) == phases


def test_a_small_smile_by_hand() -> None:
    both = np.array([0.50, 0.52, 0.56, 0.55, 0.60, 0.66, 0.66, 0.65, 0.62, 0.60])
    # Longest fall: steps 6, 7, 8. Longest rise before it: the first of steps 0-1 and 3-4.
    assert find_phases(both) == Phases(2, 6)
    left, right = both * 2, both
    found = features_of(both, left, right)
    onset, apex, offset = ([found[f"lip_{phase}_{name}"] for name in FEATURES] for phase in PHASES)
    # One step of 0.02 from sample 0 to 1.
    assert onset == pytest.approx(
        [
            0.04,
            0,
            0.04,
            1,
            0,
            0.02,
            0.02,
            0.02,
            0,
            0,
            0.02,
            0,
            0.02,
            1,
            0,
            1,
            0,
            1,
            0,
            0,
            0,
            0,
            0,
            1,
            0.02,
        ]
    )
    # Samples 2 to 5: steps -0.01, 0.05, 0.06; speeds -0.5, 2.5, 3; changes 3, 0.5.
    assert apex == pytest.approx(
        [
            0.08,
            0.04,
            0.12,
            2 / 3,
            1 / 3,
            0.06,
            0.1 / 3,
            0.055,
            0.01,
            np.std([-0.01, 0.05, 0.06], ddof=1),
            0.11,
            0.01,
            0.10,
            11 / 12,
            1 / 12,
            3,
            0.5,
            2.75,
            0.5,
            3,
            0,
            1.75,
            0,
            0.10 * 50 / 3,
            0.10 / 3,
        ]
    )
    # Samples 6 to 9: steps -0.01, -0.03, -0.02; speeds -0.5, -1.5, -1; changes -1, 0.5.
    assert offset == pytest.approx(
        [
            0,
            0.12,
            0.12,
            0,
            1,
            -0.01,
            -0.02,
            0,
            0.02,
            0.01,
            0,
            0.06,
            -0.06,
            0,
            1,
            0,
            1.5,
            0,
            1,
            0,
            0.5,
            0,
            -0.25,
            -1,
            0.02,
        ]
    )


def test_the_median_filter_sees_zeros_beyond_the_ends() -> None:
    assert median_filter(np.array([5.0, 4, 3, 9, 1, 2]), 3).tolist() == [4, 4, 4, 3, 2, 1]
    assert median_filter(np.array([3.0, 2, 1]), 25).tolist() == [0, 0, 0]


@given(SIGNALS)
def test_parts_add_up(signal: np.ndarray) -> None:
    found = features_of(signal, signal, signal[::-1])
    for phase in PHASES:
        of = {name: found[f"lip_{phase}_{name}"] for name in FEATURES}
        positive, negative = of["duration_positive"], of["duration_negative"]
        assert of["duration_full"] == pytest.approx(positive + negative)
        moves = float(positive + negative > 0)
        shares = of["duration_ratio_positive"] + of["duration_ratio_negative"]
        assert shares == pytest.approx(moves)
        assert of["net_amplitude"] == pytest.approx(
            of["total_amplitude_positive"] - of["total_amplitude_negative"]
        )
        assert of["maximum_speed_positive"] == pytest.approx(50 * max(of["maximum_amplitude"], 0))
        assert of["left_right_amplitude_difference"] >= 0


@given(SIGNALS, SIGNALS)
def test_left_and_right_may_be_swapped(left: np.ndarray, right: np.ndarray) -> None:
    count = min(len(left), len(right))
    left, right = left[:count], right[:count]
    both = (left + right) / 2
    assert features_of(both, left, right) == features_of(both, right, left)


@pytest.mark.parametrize("level", [0.0, 0.5])
def test_a_mouth_at_rest_gives_zeros(level: float) -> None:
    still = np.full(90, level)
    assert set(features_of(still, still, still).values()) == {0.0}


def lips_of(pull: np.ndarray) -> np.ndarray:
    """Corners that move outwards by ``pull``, of a mouth 4 wide."""
    rest = np.array([[-2.0, 0], [2, 0], [0, 0]])
    moved = np.repeat(rest[None], len(pull), axis=0)
    moved[:, 0, 0] -= pull
    moved[:, 1, 0] += pull
    return moved


@pytest.mark.parametrize("fps", [60.0, 30.0, 15.0])
def test_rates_agree_on_sizes_and_durations(fps: float) -> None:
    def seen(rate: float) -> dict[str, float]:
        times = clock(6, rate)
        return lip_features(times, lips_of(bump(times, 1, 4.5, 0.8, ramp=1.0)))

    ours, dense = seen(fps), seen(50.0)
    for name in COLUMNS:
        if "acceleration" in name or "std" in name:
            continue
        # A duration counts every moment twice; measured at 15 frames/s: 0.16, a frame and a bit.
        least = 0.2 if "_duration_" in name and "_ratio" not in name else 0.02
        assert ours[name] == pytest.approx(dense[name], rel=0.06, abs=least), name
    # From 0.5 to 0.7 mouth widths.
    assert dense["lip_onset_net_amplitude"] == pytest.approx(0.2, rel=0.05)


def test_lips_that_were_never_seen_or_have_no_width_are_unknown() -> None:
    times = clock(1, 25)
    for lips in (np.full((25, 3, 2), np.nan), np.zeros((25, 3, 2))):
        found = lip_features(times, lips)
        assert list(found) == list(COLUMNS)
        assert all(np.isnan(value) for value in found.values())


def test_the_columns_are_those_of_the_published_table(shared_media: Path) -> None:
    with (shared_media.parent / "uva_nemo_features" / "smile_dynamics.csv").open() as file:
        table = list(csv.DictReader(file))
    assert tuple(name for name in table[0] if name.startswith("lip_")) == COLUMNS
    # What our definitions make true for every signal is true for every smile of theirs.
    for smile in table[:300]:
        row = {name: float(smile[name]) for name in COLUMNS}
        for phase in PHASES:
            of = {name: row[f"lip_{phase}_{name}"] for name in FEATURES}
            steps = of["duration_full"] * 25
            assert steps == pytest.approx(round(steps), abs=1e-6)
            assert of["maximum_speed_positive"] == pytest.approx(
                50 * max(of["maximum_amplitude"], 0), abs=1e-6
            )
            assert of["net_amplitude_duration_ratio"] * steps == pytest.approx(
                50 * of["net_amplitude"], abs=1e-4
            )
