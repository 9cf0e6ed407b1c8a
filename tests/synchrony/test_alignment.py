import numpy as np
import pytest

from duchenne.errors import DataError
from duchenne.synchrony import Aligned, Series, align


def moving(person: str, rate: float, begin: float, end: float, late: float = 0.0) -> Series:
    """A wave that everybody shows at the same moment of the common clock."""
    times = np.arange(begin, end, 1 / rate)
    wave = np.sin(times - late)
    return Series(person, times, np.column_stack([wave, 2 * wave]))


def test_the_same_clock_gives_the_same_samples() -> None:
    people = [moving("a", 10, 0, 20), moving("b", 10, 0, 20)]
    found = align(people, ["x", "y"])
    assert found.rate == pytest.approx(10)
    np.testing.assert_allclose(found.values[:, 1].T, people[1].values, atol=1e-12)


def test_offsets_and_rates_come_together() -> None:
    people = [moving("a", 30, 0, 20), moving("b", 60, 3, 23, late=3), moving("c", 25, 0, 20)]
    found = align(people, ["x", "y"], offsets={"b": 3.0})
    assert found.rate == 25
    assert np.nanmax(np.abs(found.values[0] - np.sin(found.times))) < 0.01
    assert found.features == ("x", "y")


def test_long_gaps_stay_and_short_ones_are_bridged() -> None:
    whole = moving("a", 10, 0, 20)
    kept = np.ones(200, bool)
    kept[50] = False  # 0.2 s between neighbours
    kept[100:120] = False
    holes = Series("b", whole.times[kept], whole.values[kept])
    found = align([whole, holes], ["x", "y"]).values[0, 1]
    assert np.isfinite(found[50])
    assert np.isnan(found[100:120]).all()
    assert np.isfinite(found[[99, 120]]).all()


def test_features_may_be_missing_apart() -> None:
    one, other = moving("a", 10, 0, 20), moving("b", 10, 0, 20)
    other.values[30:60, 1] = np.nan
    found = align([one, other], ["x", "y"]).values
    assert np.isfinite(found[0]).all()
    assert np.isnan(found[1, 1, 30:60]).all()


def test_who_comes_late_or_leaves_is_missing_meanwhile() -> None:
    people = [moving("a", 10, 0, 20), moving("b", 10, 5, 30), moving("c", 10, 6, 12)]
    found = align(people, ["x", "y"])
    assert found.begin == pytest.approx(5)  # two people are there
    assert found.times[-1] == pytest.approx(19.9)
    assert np.isnan(found.values[0, 2, :9]).all()
    assert np.isnan(found.values[0, 2, 80:]).all()
    assert np.isfinite(found.values[0, 2, 11:65]).all()


def test_a_faster_camera_is_averaged() -> None:
    times = np.arange(0, 20, 0.01)
    noise = np.random.default_rng(0).standard_normal(len(times))
    fast = Series("a", times, noise[:, None])
    slow = Series("b", np.arange(0, 20, 0.1), np.zeros((200, 1)))
    found = align([fast, slow], ["x"]).values[0, 0]
    assert np.nanstd(found) == pytest.approx(1 / np.sqrt(10), rel=0.25)


@pytest.mark.parametrize(
    ("people", "offsets", "said"),
    [
        ([moving("a", 10, 0, 20)], {}, "at least two people"),
        ([moving("a", 10, 0, 20), moving("b", 10, 30, 40)], {}, "at the same time"),
        ([moving("a", 10, 0, 20), moving("b", 10, 0, 20)], {"c": 1.0}, "offset of c"),
        ([moving("a", 10, 0, 20), moving("a", 10, 0, 20)], {}, "same name"),
        ([moving("a", 10, 0, 20), moving("b", 10, 0, 0.05)], {}, "fewer than two samples"),
    ],
)
def test_people_who_cannot_be_aligned(
    people: list[Series], offsets: dict[str, float], said: str
) -> None:
    with pytest.raises(DataError, match=said):
        align(people, ["x", "y"], offsets=offsets)


def test_times_in_milliseconds_are_asked_about() -> None:
    times = np.array([0.0, 1e9])
    people = [Series(name, times, np.zeros((2, 1))) for name in "ab"]
    with pytest.raises(DataError, match="in seconds"):
        align(people, ["x"], rate=25)


def test_times_must_rise() -> None:
    with pytest.raises(DataError, match="must be numbers that rise"):
        Series("a", np.array([0.0, 2.0, 1.0]), np.zeros((3, 1)))
    with pytest.raises(DataError, match="of the first two"):
        Aligned(np.zeros((2, 3, 10)), ("a", "b"), ("x",), 10.0)


STRAIGHT = moving("a", 10, 0, 5)


@pytest.mark.parametrize(
    ("times", "message"),
    [([0.0, 0.0], "times of a must be numbers that rise"), ([0.0, np.nan], "numbers that rise")],
)
def test_clocks_that_stand_still_are_refused(times: list[float], message: str) -> None:
    with pytest.raises(DataError, match=message):
        Series("a", np.array(times), np.zeros((2, 1)))


@pytest.mark.parametrize(
    ("people", "rate", "message"),
    [
        (("a", "b", "c"), 10.0, r"\(features, people, samples\), \(1, 3\) of the first two"),
        (("a", "a"), 10.0, "same name"),
        (("a", "b"), 0.0, "rate must be above 0"),
    ],
)
def test_values_that_fit_nobody_are_refused(
    people: tuple[str, ...], rate: float, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        Aligned(np.zeros((1, 2, 5)), people, ("x",), rate)


def test_one_sample_is_no_series() -> None:
    single = Series("b", np.zeros(1), np.zeros((1, 2)))
    with pytest.raises(DataError, match="b has fewer than two samples"):
        align([STRAIGHT, single], ["x", "y"])


@pytest.mark.parametrize("rate", [0.0, -5.0, float("inf")])
def test_a_rate_that_is_none_is_refused(rate: float) -> None:
    with pytest.raises(DataError, match="rate must be above 0 samples a second"):
        align([STRAIGHT, moving("b", 10, 0, 5)], ["x", "y"], rate=rate)
