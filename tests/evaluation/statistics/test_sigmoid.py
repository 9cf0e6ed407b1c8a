from __future__ import annotations

import numpy as np
import pytest

from duchenne.errors import DataError
from duchenne.evaluation.statistics.sigmoid import Sigmoid


def test_it_finds_the_curve_that_made_the_labels() -> None:
    generator = np.random.default_rng(0)
    scores = generator.normal(3.0, 2.0, 20_000)
    truth = 1 / (1 + np.exp(-(1.2 * scores - 3.0)))
    curve = Sigmoid.fit(scores, generator.random(20_000) < truth)
    np.testing.assert_allclose(curve(scores), truth, atol=0.03)


@pytest.mark.parametrize("rows", [2, 5, 500])
def test_scores_without_a_mistake_stay_finite(rows: int) -> None:
    scores = np.concatenate([np.full(rows, -1.0), np.full(rows, 1.0)])
    low, high = Sigmoid.fit(scores, scores > 0)([-1.0, 1.0])
    assert 0 < low < 0.35
    assert 0.65 < high < 1
    assert low + high == pytest.approx(1, abs=1e-6)


def test_scores_that_say_nothing_give_the_share() -> None:
    curve = Sigmoid.fit(np.ones(400), np.arange(400) % 4 == 0)
    assert curve([1.0])[0] == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize(
    ("scores", "kinds"), [([], []), ([1.0, np.nan], [1, 0]), ([1.0], [1, 0]), ([[1.0]], [[1]])]
)
def test_bad_scores_are_refused(scores: list[float], kinds: list[int]) -> None:
    with pytest.raises(DataError, match="A curve needs"):
        Sigmoid.fit(scores, kinds)
