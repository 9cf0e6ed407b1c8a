from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="learning needs the extra: train")

from duchenne.errors import DataError
from duchenne.learning.genuineness_svm import fit_svm


def test_probabilities_are_for_people_it_did_not_see() -> None:
    generator = np.random.default_rng(0)
    genuine = np.arange(300) % 2 == 0
    people = np.arange(300) // 10
    # Nothing tells the types apart, so a machine that remembers its rows must not be believed.
    fitted = fit_svm(generator.normal(size=(300, 40)), genuine, people)
    assert np.abs(fitted(generator.normal(size=(200, 40))) - 0.5).mean() < 0.15


def test_a_planted_signal_is_found() -> None:
    generator = np.random.default_rng(1)
    genuine = np.arange(240) % 2 == 0
    features = generator.normal(size=(240, 20)) + 1.8 * genuine[:, None] * (np.arange(20) < 4)
    features[3, 2] = np.nan
    fitted = fit_svm(features[:200], genuine[:200], np.arange(200) // 10)
    p = fitted(features[200:])
    assert ((p > 0.5) == genuine[200:]).mean() > 0.75
    assert ((p >= 0) & (p <= 1)).all()


@pytest.mark.parametrize(
    ("genuine", "people", "message"),
    [
        ([1, 1, 1], [1, 2, 3], "clips of both types"),
        ([1, 0, 1], [4, 4, 4], "clips of two people"),
        ([1, 0], [1, 2], "Too few people"),
    ],
)
def test_too_little_is_refused(genuine: list[int], people: list[int], message: str) -> None:
    with pytest.raises(DataError, match=message):
        fit_svm(np.eye(len(genuine)), np.array(genuine, bool), np.array(people))
