from dataclasses import replace

import numpy as np
import pytest

from duchenne.errors import DataError
from duchenne.synchrony import Series, Settings, Synchrony
from duchenne.synchrony.peaks import agree, correlations, find_peaks, shares
from duchenne.synchrony.simulation import MadeUp, Scene, make_up


@pytest.fixture(scope="module")
def made() -> MadeUp:
    return make_up(Scene(people=6, features=3, seconds=120, rate=10.0, events=6, strength=3.0), 1)


@pytest.fixture(scope="module")
def synchrony(made: MadeUp) -> Synchrony:
    return Synchrony.from_aligned(made.aligned, Settings(surrogates=39))


def rated(moments: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """Twelve raters: most press near each moment, and twice anywhere."""
    random = np.random.default_rng(seed)
    return {
        f"rater {i}": np.sort(
            np.concatenate(
                [
                    (moments + random.normal(0, 0.7, len(moments)))[
                        random.random(len(moments)) < 0.8
                    ],
                    random.uniform(0, 120, 2),
                ]
            )
        )
        for i in range(12)
    }


def test_peaks_at_common_movements_go_with_synchrony(made: MadeUp, synchrony: Synchrony) -> None:
    found = agree(rated(made.events.mean(axis=1), 0), synchrony)
    assert found.features[:2] == ("mean", "feature 1")
    assert found.r[1] > 0.5
    assert found.p[1] <= 0.05
    assert found.p_corrected[1] >= found.p[1]
    assert found.share.max() > found.threshold
    assert found.to_frame()["r"].tolist() == found.r.tolist()


def test_peaks_elsewhere_do_not(synchrony: Synchrony) -> None:
    """With 14 sets of raters, 4 below 0.05 by chance happen once in 300 times."""
    random = np.random.default_rng(0)
    found = [
        agree(rated(np.sort(random.uniform(0, 116, 6)), seed), synchrony).p[0] for seed in range(14)
    ]
    assert sum(p <= 0.05 for p in found) < 4
    assert np.median(found) > 0.1


def test_the_share_of_raters_by_window() -> None:
    peaks = {"a": np.array([1.0, 2.0]), "b": np.array([5.0]), "c": np.empty(0)}
    starts = np.array([0.0, 2.0, 5.0])
    found = shares(peaks, starts, starts + 3.0)
    np.testing.assert_allclose(found, [1 / 3, 1 / 3, 1 / 3])
    np.testing.assert_allclose(shares(peaks, starts, starts + 3.1), [1 / 3, 2 / 3, 1 / 3])


def test_continuous_ratings_have_peaks() -> None:
    times = np.arange(0, 60.0)
    rating = np.zeros(60)
    rating[10:13] = 3.0  # a plateau counts once
    rating[15] = 2.5  # too near to a higher one
    rating[40] = 4.0
    rating[50] = 0.2  # too low
    people = [
        Series("a", times, rating[:, None]),
        Series("still", times, np.ones((60, 1))),
    ]
    found = find_peaks(people, apart=5.0)
    assert found["a"].tolist() == [11.0, 40.0]
    assert found["still"].tolist() == []
    assert find_peaks(people, apart=4.0)["a"].tolist() == [11.0, 15.0, 40.0]


def test_correlations_are_pearsons() -> None:
    random = np.random.default_rng(0)
    one, other = random.standard_normal((2, 30)), random.standard_normal((30, 3))
    other[4, 1] = np.nan
    other[:, 2] = 1.0
    found = correlations(one, other)
    assert found[0, 0] == pytest.approx(np.corrcoef(one[0], other[:, 0])[0, 1])
    known = np.arange(30) != 4
    assert found[1, 1] == pytest.approx(np.corrcoef(one[1, known], other[known, 1])[0, 1])
    assert np.isnan(found[:, 2]).all()


def test_what_cannot_be_compared(synchrony: Synchrony) -> None:
    with pytest.raises(DataError, match="two raters"):
        agree({"a": np.array([3.0])}, synchrony)
    with pytest.raises(DataError, match="on one clock"):
        agree({"a": np.array([3000.0]), "b": np.array([4000.0])}, synchrony)
    few = replace(
        synchrony, starts=synchrony.starts[:20], ends=synchrony.ends[:20], isc=synchrony.isc[:20]
    )
    with pytest.raises(DataError, match="too few to tell"):
        agree({"a": np.array([3.0]), "b": np.array([4.0])}, few)
