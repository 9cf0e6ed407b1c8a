"""Distances between landmarks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.action_units.points import POINTS as IN_PEDFE
from duchenne.expressions.distances import NAMES, POINTS, distances
from duchenne.faces.pose import rotation_matrix
from tests.expressions.made_up import bump, clock, head, smiling_heads


def test_the_points_are_in_pedfes_tables_too() -> None:
    assert len(set(POINTS)) == 30
    assert set(POINTS) <= set(IN_PEDFE)
    assert len(set(NAMES)) == 435


@given(st.floats(-60, 60), st.floats(-60, 60), st.floats(0.2, 5), st.floats(-500, 500))
def test_turning_moving_and_coming_nearer_changes_nothing(
    pitch: float, yaw: float, scale: float, away: float
) -> None:
    moved = scale * head().astype(float) @ rotation_matrix(pitch, yaw, 0).T + away
    found = distances(np.stack([head(), moved.astype(np.float32)]))
    assert found[1] == pytest.approx(found[0], abs=1e-3)


def test_a_smile_is_a_wider_mouth() -> None:
    found = distances(smiling_heads(bump(clock(4, 30), 1, 3)))
    wide, brow = (found[:, NAMES.index(name)] for name in ("distance_61_291", "distance_70_105"))
    assert wide.max() > 1.3 * wide[0]
    assert brow == pytest.approx(brow[0])


def test_lost_faces_are_unknown_and_shapes_are_checked() -> None:
    few = np.full((1, 478, 3), np.nan, np.float32)
    assert np.isnan(distances(few)).all()
    assert np.isnan(distances(np.zeros((1, 478, 3), np.float32))).all()
    with pytest.raises(ValueError, match=r"\(478, 3\)"):
        distances(head())
