from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from duchenne.errors import DataError
from duchenne.evaluation.statistics.calibration import (
    COLDEST,
    HOTTEST,
    Calibration,
    CalibrationScores,
    Reliability,
    fit_temperature,
)
from duchenne.evaluation.statistics.metrics import expected_calibration_error


def drawn(temperature: float, rows: int = 20_000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Logits, and labels drawn from their probabilities at that temperature."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(0, 2, (rows, 7))
    noise = generator.gumbel(size=logits.shape)
    return logits, (logits / temperature + noise).argmax(axis=1)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_that_made_the_labels_is_found(temperature: float) -> None:
    logits, labels = drawn(temperature)
    assert fit_temperature(logits, labels) == pytest.approx(temperature, rel=0.04)


@given(st.integers(0, 10_000), st.floats(0.3, 5))
def test_no_other_temperature_fits_better(seed: int, temperature: float) -> None:
    logits, labels = drawn(temperature, 60, seed)
    best = fit_temperature(logits, labels)
    scores = [Calibration.from_logits(logits, labels, t).after.nll for t in (0.9 * best, best)]
    assert scores[1] <= scores[0] + 1e-9
    assert scores[1] <= Calibration.from_logits(logits, labels, 1.1 * best).after.nll + 1e-9
    assert COLDEST <= best <= HOTTEST


@given(st.floats(0.1, 10))
def test_logits_twice_as_large_need_twice_the_temperature(factor: float) -> None:
    logits, labels = drawn(1.0, 300)
    wanted = np.clip(factor * fit_temperature(logits, labels), COLDEST, HOTTEST)
    assert fit_temperature(factor * logits, labels) == pytest.approx(wanted, rel=1e-6)


def test_rows_all_right_and_all_wrong_end_at_the_bounds() -> None:
    logits = 5 * np.eye(3)
    assert fit_temperature(logits, [0, 1, 2]) == pytest.approx(COLDEST)
    assert fit_temperature(logits, [1, 2, 0]) == pytest.approx(HOTTEST)


def test_calibrating_mends_the_gap() -> None:
    logits, labels = drawn(2.5)
    calibration = Calibration.from_logits(logits, labels, fit_temperature(logits, labels))
    assert calibration.before.ece > 0.15
    assert calibration.after.ece < 0.02
    assert calibration.after.brier < calibration.before.brier
    text = calibration.to_text()
    assert "at temperature 1" in text
    assert f"{calibration.after.nll:.4f}" in text


def test_scores_by_hand() -> None:
    scores = CalibrationScores.from_predictions([0, 1], [[0.5, 0.5], [0.2, 0.8]])
    assert scores.nll == pytest.approx((np.log(2) - np.log(0.8)) / 2)
    assert scores.brier == pytest.approx((0.5 + 0.08) / 2)
    assert CalibrationScores.from_predictions([1], [[1.0, 0.0]]).nll == pytest.approx(27.63, 0.001)


def test_the_bins_add_up_to_the_calibration_error() -> None:
    logits, labels = drawn(2.0, 500)
    powers = np.exp(logits)
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    bins = Reliability.from_predictions(labels, probabilities)
    gaps = np.abs(bins.confidence - bins.accuracy) * bins.rows
    error = expected_calibration_error(labels, probabilities)
    assert np.nansum(gaps) / bins.rows.sum() == pytest.approx(error)
    empty = bins.rows == 0
    assert empty.any()
    assert np.isnan(bins.accuracy[empty]).all()


@pytest.mark.parametrize(
    ("logits", "labels", "message"),
    [
        (np.zeros((0, 3)), np.zeros(0, int), "no rows"),
        (np.zeros(3), [0, 1, 2], "should be \\(N, K\\)"),
        (np.zeros((2, 3)), [0], "should be \\(N, K\\)"),
        (np.full((1, 3), np.nan), [0], "not finite"),
        (np.zeros((1, 3)), [3], "whole numbers from 0 to 2"),
        (np.zeros((1, 3)), [0.5], "whole numbers from 0 to 2"),
    ],
)
def test_bad_rows_are_named(logits: np.ndarray, labels: ArrayLike, message: str) -> None:
    with pytest.raises(DataError, match=message):
        fit_temperature(logits, labels)


def test_scores_want_probabilities() -> None:
    with pytest.raises(DataError, match="sum to 1"):
        CalibrationScores.from_predictions([0], [[0.5, 0.6]])
