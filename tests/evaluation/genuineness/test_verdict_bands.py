from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import DataError
from duchenne.evaluation.genuineness.verdict_bands import WIDEST, CoverageCurve, undecided_band


def test_a_model_that_guesses_near_the_middle_gets_a_band() -> None:
    random = np.random.default_rng(0)
    near, far = random.uniform(0.4, 0.6, 400), random.choice([0.05, 0.95], 400)
    genuine = np.concatenate([random.random(400) < 0.5, far > 0.5])
    assert undecided_band(genuine, np.concatenate([near, far])) >= 0.1


def test_a_model_that_is_right_throughout_needs_none() -> None:
    p = np.linspace(0.01, 0.99, 500)
    assert undecided_band(p >= 0.5, p) == 0.0


@given(st.integers(0, 1000), st.integers(1, 80))
def test_the_curve_starts_with_every_clip_and_its_accuracy(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    p, genuine = random.random(count), random.random(count) < 0.5
    curve = CoverageCurve.from_predictions(genuine, p)
    assert curve.coverage[0] == 1.0
    assert curve.accuracy[0] == pytest.approx(((p >= 0.5) == genuine).mean())
    assert (np.diff(curve.coverage) < 0).all()
    assert (np.diff(curve.distance) >= 0).all()
    assert curve.at(0.0) == pytest.approx((1.0, curve.accuracy[0]))
    assert 0 <= undecided_band(genuine, p) <= WIDEST


def test_a_band_wider_than_all_decides_nothing() -> None:
    coverage, accuracy = CoverageCurve.from_predictions([True], [0.6]).at(0.3)
    assert coverage == 0.0
    assert np.isnan(accuracy)


def test_without_clips_no_curve() -> None:
    with pytest.raises(DataError, match="needs clips"):
        CoverageCurve.from_predictions([], [])
