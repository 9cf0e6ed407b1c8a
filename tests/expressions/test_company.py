"""Action Units in company, and the two sides of the face."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.expressions.company import FEATURES, company, unevenness
from duchenne.expressions.track import UNITS
from tests.expressions.made_up import bump, clock

RATE = 25.0
TIMES = clock(4, RATE)


def rises(**moving: np.ndarray) -> dict[str, np.ndarray]:
    return {unit: moving.get(unit, np.zeros(len(TIMES))) for unit in UNITS}


def test_order_and_lag() -> None:
    found = company(
        rises(AU12=bump(TIMES, 1, 3), AU06=bump(TIMES, 1.2, 3), AU25=bump(TIMES, 0.9, 3, 0.7)), RATE
    )
    assert list(found) == list(FEATURES)
    assert found["units_active"] == 2
    assert found["units_first_to_last_s"] == pytest.approx(0.2, abs=0.01)
    assert found["units_spread_s"] == pytest.approx(0.1, abs=0.01)
    assert found["lag_AU06_AU12"] == pytest.approx(-0.2, abs=0.01)
    # Too weak to take part, strong enough to have a time.
    assert found["lag_AU12_AU25"] == pytest.approx(-0.1, abs=0.01)
    assert np.isnan(found["lag_AU01_AU02"])


@given(st.floats(0.6, 5), st.floats(0.6, 5))
def test_units_that_do_the_same_share_everything(one: float, other: float) -> None:
    found = company(rises(AU01=bump(TIMES, 1, 3, one), AU02=bump(TIMES, 1, 3, other)), RATE)
    assert found["together_AU01_AU02"] == pytest.approx(1.0)
    assert found["lag_AU01_AU02"] == pytest.approx(0.0, abs=1e-6)


def test_units_that_take_turns_share_little() -> None:
    found = company(rises(AU01=bump(TIMES, 0.2, 1.5), AU02=bump(TIMES, 2, 3.5)), RATE)
    assert found["together_AU01_AU02"] < 0.05


def test_nobody_moves() -> None:
    found = company(rises(), RATE)
    assert found.pop("units_active") == 0
    assert all(np.isnan(value) for value in found.values())


@given(st.floats(0.5, 4), st.floats(0.5, 4), st.floats(-0.2, 0.2))
def test_a_mirrored_face_is_as_uneven_the_other_way(left: float, right: float, late: float) -> None:
    a, b = bump(TIMES, 1, 3, left), bump(TIMES, 1 + late, 3, right)
    even, lag = unevenness(a, b, RATE)
    assert -1 <= even <= 1
    assert unevenness(b, a, RATE) == pytest.approx((-even, -lag))
    assert lag == pytest.approx(late, abs=0.02)
    assert even == pytest.approx((left - right) / (left + right), abs=0.02)


def test_sides_that_hardly_move_or_were_not_measured_are_unknown() -> None:
    still, unknown = np.zeros(len(TIMES)), np.full(len(TIMES), np.nan)
    assert np.isnan(unevenness(still, still, RATE)).all()
    assert np.isnan(unevenness(bump(TIMES, 1, 3), unknown, RATE)).all()
    even, lag = unevenness(bump(TIMES, 1, 3), still, RATE)
    assert (even, np.isnan(lag)) == (1.0, True)
