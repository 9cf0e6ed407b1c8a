from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from duchenne.synchrony.isc import (
    above_diagonal,
    averaged,
    left_out_correlations,
    pair_correlations,
    ranks,
    to_z,
)

Values = NDArray[np.float64]


def people(seed: int = 0, count: int = 6, length: int = 80, missing: float = 0.0) -> Values:
    """(people, 1, length) random walks far from 0, as pixels are."""
    random = np.random.default_rng(seed)
    walks = np.cumsum(random.standard_normal((count, length)), axis=1) + 640.0
    walks[random.random(walks.shape) < missing] = np.nan
    return walks[:, None]


def textbook(one: Values, other: Values) -> float:
    """Pearson's r of the samples that both have, by its definition."""
    both = np.isfinite(one) & np.isfinite(other)
    a, b = one[both] - one[both].mean(), other[both] - other[both].mean()
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum()))


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_pairs_agree_with_the_textbook(missing: float) -> None:
    x = people(missing=missing)
    found = pair_correlations(x, 3)[0]
    for i, j in combinations(range(len(x)), 2):
        assert found[i, j] == pytest.approx(textbook(x[i, 0], x[j, 0]), abs=1e-9)
        assert found[j, i] == pytest.approx(found[i, j], abs=1e-12)
    assert np.isnan(np.diag(found)).all()


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_leaving_one_out_agrees_with_the_textbook(missing: float) -> None:
    x = people(missing=missing)
    found = left_out_correlations(x, 3)[0]
    table = pd.DataFrame(x[:, 0].T)
    for i in table.columns:
        others = table.drop(columns=i).mean(axis=1)
        assert found[i] == pytest.approx(table[i].corr(others), abs=1e-9)


def test_spearman_is_pearson_of_ranks() -> None:
    x = np.round(people(), 0)  # ties
    table = pd.DataFrame(x[:, 0].T)
    expected = table.corr(method="spearman").to_numpy()
    off = ~np.eye(len(x), dtype=bool)
    found = pair_correlations(ranks(x), 3)[0]
    np.testing.assert_allclose(found[off], expected[off], atol=1e-9)
    left = left_out_correlations(x, 3, ranked=True)[0]
    others = table.drop(columns=2).mean(axis=1)
    assert left[2] == pytest.approx(table[2].corr(others, method="spearman"), abs=1e-9)


def test_nltools_finds_the_same() -> None:
    stats = pytest.importorskip("nltools.stats", reason="nltools is not installed")
    x = people(length=300, count=9)
    each = above_diagonal(pair_correlations(x, 3))
    assert averaged(each, "z")[0] == pytest.approx(stats._compute_isc(x[:, 0].T, "mean"), abs=1e-6)


def test_people_who_do_not_move_take_no_part() -> None:
    x = people()
    x[2] = 0.1 + 0.2  # its mean in floats is not exactly itself
    found = pair_correlations(x, 3)[0]
    assert np.isnan(found[2]).all()
    assert np.isfinite(above_diagonal(np.delete(np.delete(found, 2, 0), 2, 1))).all()
    left = left_out_correlations(x, 3)[0]
    assert np.isnan(left[2])
    without = left_out_correlations(np.delete(x, 2, 0), 3)[0]
    np.testing.assert_allclose(np.delete(left, 2), without, atol=1e-12)


def test_two_people_must_share_samples() -> None:
    x = people(count=2, length=40)
    x[0, 0, :25] = np.nan
    x[1, 0, 20:] = np.nan
    assert np.isnan(pair_correlations(x, 10)).all()
    x = people(count=2, length=40)
    x[0, 0, :25] = np.nan
    assert np.isfinite(pair_correlations(x, 15)[0, 0, 1])
    assert np.isnan(pair_correlations(x, 16)[0, 0, 1])


@given(st.integers(0, 10_000), st.floats(0.1, 100), st.floats(-1000, 1000))
def test_scale_and_place_of_a_person_do_not_matter(seed: int, scale: float, place: float) -> None:
    x = people(seed, count=4, length=30)
    moved = x.copy()
    moved[1] = moved[1] * scale + place
    expected, found = pair_correlations(x, 3), pair_correlations(moved, 3)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_fishers_mean_weighs_high_correlations_more() -> None:
    r = np.array([[0.0, 0.9, np.nan]])
    assert averaged(r, "r")[0] == pytest.approx(0.45)
    assert averaged(r, "z")[0] == pytest.approx(np.tanh(np.arctanh(0.9) / 2))
    assert np.isfinite(to_z(np.array([1.0, -1.0]))).all()
    assert np.isnan(averaged(np.full((1, 3), np.nan), "r")[0])
