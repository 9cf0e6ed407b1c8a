import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.synchrony.clusters import heaviest, weights
from duchenne.synchrony.corrections import Tail, false_discovery, p_values, threshold_of


def test_p_counts_the_value_among_its_surrogates() -> None:
    null = np.arange(1.0, 20.0)
    found = p_values(np.array([0.0, 19.0, 19.5, 10.0, np.nan]), null)
    assert found[:4].tolist() == [1.0, 2 / 20, 1 / 20, 11 / 20]
    assert np.isnan(found[4])


@given(st.integers(19, 300), st.sampled_from([0.05, 0.1, 0.2]), st.integers(0, 1000))
def test_what_exceeds_the_threshold_is_what_has_a_small_p(
    count: int, alpha: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    null = np.sort(random.standard_normal(count))
    values = random.standard_normal(50)
    np.testing.assert_array_equal(
        p_values(values, null) <= alpha, values > threshold_of(null, alpha)
    )


def test_the_threshold_is_the_posters_percentile() -> None:
    null = np.sort(np.random.default_rng(0).standard_normal(200))
    assert null[189] < threshold_of(null, 0.05) <= null[190]
    assert threshold_of(null[:5], 0.05) == np.inf


def test_false_discovery_as_benjamini_and_hochberg_have_it() -> None:
    p = np.array([[0.01, 0.04], [0.03, 0.005], [np.nan, 0.5]])
    expected = np.array([[0.025, 0.05], [0.05, 0.025], [np.nan, 0.5]])
    np.testing.assert_allclose(false_discovery(p), expected)


def tail() -> tuple[Tail, np.ndarray]:
    random = np.random.default_rng(0)
    gathered = Tail(0.05)
    isc = np.zeros((30, 3))
    isc[10:13, 1] = 0.9
    for feature in range(3):
        gathered.add(isc[:, feature], random.normal(0, 0.1, (99, 30)).astype(np.float32))
    return gathered, isc


@pytest.mark.parametrize("correction", ["max", "features", "cluster", "fdr"])
def test_each_correction_finds_what_stands_out(correction: str) -> None:
    gathered, isc = tail()
    p, upper = gathered.corrected(isc, correction)
    np.testing.assert_array_equal(p <= 0.05, isc > 0.5)
    assert np.isfinite(upper).all() == (correction in {"max", "features"})


def test_all_windows_together_need_more_than_one_window_alone() -> None:
    gathered, isc = tail()
    over_all, by_window = (gathered.corrected(isc, c)[1] for c in ("max", "features"))
    assert np.ptp(over_all) == 0
    assert over_all[0] > by_window.mean()


def test_runs_weigh_what_lies_above() -> None:
    row = np.array([0.0, 0.4, 0.5, np.nan, 0.6, 0.2])
    np.testing.assert_allclose(weights(row, 0.3), [0, 0.3, 0.3, 0, 0.3, 0])
    np.testing.assert_allclose(heaviest(np.stack([row, -row]), 0.3), [0.3, 0.0])


def test_a_run_weighs_the_same_either_way() -> None:
    rows = np.random.default_rng(0).standard_normal((20, 40))
    expected = [weights(row, 0.2).max() for row in rows]
    np.testing.assert_allclose(heaviest(rows, 0.2), expected)
