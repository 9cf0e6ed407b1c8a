from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="learning needs the extra: train")

from duchenne.errors import DataError
from duchenne.learning.genuineness_curve import Decide, Matrix, fit_curve


def test_values_come_from_models_that_saw_none_of_the_person_s_rows() -> None:
    people = np.arange(60) // 4
    genuine = np.arange(60) % 2 == 0
    features = np.column_stack([people, genuine]).astype(np.float64)
    scored: list[float] = []

    def fit(rows: Matrix, kinds: np.ndarray) -> Decide:
        np.testing.assert_array_equal(rows[:, 1] == 1, kinds)

        def decide(asked: Matrix) -> Matrix:
            assert not set(asked[:, 0]) & set(rows[:, 0])
            scored.extend(asked[:, 0])
            return asked[:, 1]

        return decide

    curve = fit_curve(features, genuine, people, fit, seed=3)
    assert sorted(scored) == sorted(people)
    assert curve([1.0])[0] > 0.9
    assert curve([0.0])[0] < 0.1


def test_a_model_that_remembers_is_not_believed() -> None:
    generator = np.random.default_rng(0)
    genuine = np.arange(200) % 2 == 0

    def fit(rows: Matrix, kinds: np.ndarray) -> Decide:
        def nearest(asked: Matrix) -> Matrix:
            apart = np.abs(asked[:, None] - rows[None]).sum(axis=2)
            return np.where(kinds[apart.argmin(axis=1)], 1.0, -1.0)

        return nearest

    curve = fit_curve(generator.normal(size=(200, 5)), genuine, np.arange(200) // 5, fit)
    assert np.abs(curve([-1.0, 1.0]) - 0.5).max() < 0.2


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
        fit_curve(
            np.eye(len(genuine)),
            np.array(genuine, bool),
            np.array(people),
            lambda rows, kinds: lambda asked: asked[:, 0],
        )
