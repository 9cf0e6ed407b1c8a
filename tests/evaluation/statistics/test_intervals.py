from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import DataError
from duchenne.evaluation.statistics.intervals import bootstrap_interval, wilson_interval


@pytest.mark.parametrize(
    ("successes", "rows", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 1998, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_values(
    successes: int, rows: int, low: float, high: float
) -> None:
    estimate = wilson_interval(successes, rows)
    assert estimate.value == successes / rows
    assert estimate.low == pytest.approx(low, abs=5e-5)
    assert estimate.high == pytest.approx(high, abs=5e-5)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_stays_within_0_and_1(case: tuple[int, int]) -> None:
    estimate = wilson_interval(*case)
    assert 0.0 <= estimate.low <= estimate.value <= estimate.high <= 1.0


@pytest.mark.parametrize(("successes", "rows"), [(1, 0), (-1, 3), (4, 3)])
def test_wilson_refuses_what_is_no_proportion(successes: int, rows: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        wilson_interval(successes, rows)


def test_bootstrap_of_a_mean_is_as_wide_as_theory_says() -> None:
    values = np.random.default_rng(1).normal(5.0, 2.0, 400)
    estimate = bootstrap_interval(lambda rows: float(values[rows].mean()), len(values))
    assert estimate.value == pytest.approx(values.mean())
    half = 1.96 * values.std() / np.sqrt(len(values))
    assert estimate.high - estimate.low == pytest.approx(2 * half, rel=0.1)


def test_rows_of_one_subject_count_as_one_draw() -> None:
    # Ten subjects of forty equal rows: there are ten pieces of evidence, not four hundred.
    values = np.repeat(np.random.default_rng(2).normal(size=10), 40)
    subjects = np.repeat([f"s{i}" for i in range(10)], 40)

    def mean(rows: np.ndarray) -> float:
        return float(values[rows].mean())

    rows = bootstrap_interval(mean, 400)
    grouped = bootstrap_interval(mean, 400, groups=subjects)
    assert grouped.high - grouped.low > 4 * (rows.high - rows.low)


def test_the_seed_decides_the_draws() -> None:
    values = np.arange(50.0)

    def median(rows: np.ndarray) -> float:
        return float(np.median(values[rows] ** 2))

    assert bootstrap_interval(median, 50, seed=3) == bootstrap_interval(median, 50, seed=3)
    assert bootstrap_interval(median, 50, seed=3) != bootstrap_interval(median, 50, seed=4)


def test_draws_without_a_value_are_left_out() -> None:
    def share(rows: np.ndarray) -> float:
        return 0.5 if 0 in rows else float("nan")

    estimate = bootstrap_interval(share, 5)
    assert (estimate.low, estimate.high) == (0.5, 0.5)


@pytest.mark.parametrize(("rows", "groups"), [(0, None), (3, ["a", "b"])])
def test_bootstrap_refuses_what_does_not_fit(rows: int, groups: list[str] | None) -> None:
    with pytest.raises(DataError, match=r"no rows|group names for 3 rows"):
        bootstrap_interval(lambda _: 0.0, rows, groups=groups)
