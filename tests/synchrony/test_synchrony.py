import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest

from duchenne.errors import DataError
from duchenne.synchrony import Aligned, Series, Settings, Synchrony, align
from duchenne.synchrony.settings import Correction, Measure, NullName
from duchenne.synchrony.simulation import KINDS, Kind, Scene, make_up
from duchenne.synchrony.surrogates import Plan
from duchenne.synchrony.synchrony import ARRAYS
from duchenne.synchrony.tables import Layout, read_table, series_of
from duchenne.synchrony.windows import Windows
from tests.conftest import SHARED

SCENE = Scene("smooth", people=6, features=4, seconds=90, rate=10.0, events=5, strength=3.0)
QUICK = Settings(surrogates=39)


@pytest.fixture(scope="module")
def found() -> Synchrony:
    return Synchrony.from_aligned(make_up(SCENE, 1).aligned, QUICK)


def test_common_movements_are_found_where_they_are(found: Synchrony) -> None:
    truth = make_up(SCENE, 1).truth(found.starts, found.ends)
    hits = found.significant == 1
    assert hits[truth].mean() > 0.6
    assert not hits[:, 2:].any()  # the features that nobody shares
    assert found.shares[0] == pytest.approx(hits[:, 0].mean())


@pytest.mark.parametrize("kind", ["smooth", "slow"])
def test_shuffled_time_finds_synchrony_where_there_is_none(kind: Kind) -> None:
    """Evidence for the default: docs/synchrony.md has the rates."""
    scene = Scene(kind, people=6, features=2, seconds=90, rate=10.0)
    alarms: dict[NullName, int] = {"shift": 0, "phase": 0, "time": 0}
    for seed in range(8):
        for null in alarms:
            settings = replace(QUICK, null=null, seed=seed)
            measured = Synchrony.from_aligned(make_up(scene, seed).aligned, settings)
            alarms[null] += bool((measured.significant == 1).any())
    assert alarms["time"] == 8
    # 4 or more of 8 honest tests at 5 % happen once in 2,700 times.
    assert alarms["shift"] < 4
    assert alarms["phase"] < 4


def test_threads_and_time_change_nothing(found: Synchrony) -> None:
    again = Synchrony.from_aligned(make_up(SCENE, 1).aligned, replace(QUICK, jobs=1))
    np.testing.assert_array_equal(again.p_above, found.p_above)
    np.testing.assert_array_equal(again.feature_means, found.feature_means)
    other = Synchrony.from_aligned(make_up(SCENE, 1).aligned, replace(QUICK, seed=5))
    assert not np.array_equal(other.upper, found.upper)
    np.testing.assert_array_equal(other.isc, found.isc)


def test_intervals_hold_their_means(found: Synchrony) -> None:
    for means in (found.feature_means, found.window_means):
        assert (means[:, 1] <= means[:, 0]).all()
        assert (means[:, 0] <= means[:, 2]).all()
    np.testing.assert_allclose(found.feature_means[:, 0], found.isc.mean(axis=0), atol=1e-9)
    np.testing.assert_allclose(found.window_means[:, 0], found.isc.mean(axis=1), atol=1e-9)
    above = found.matrix[np.triu_indices(6, 1)]
    assert above.mean() == pytest.approx(found.isc.mean(), abs=1e-9)


@pytest.mark.parametrize("correction", ["features", "cluster", "fdr"])
@pytest.mark.parametrize("measure", ["pairwise", "leave-one-out"])
def test_other_choices_find_it_too(correction: Correction, measure: Measure) -> None:
    made = make_up(SCENE, 1)
    settings = replace(QUICK, correction=correction, measure=measure)
    measured = Synchrony.from_aligned(made.aligned, settings)
    truth = made.truth(measured.starts, measured.ends)
    assert (measured.significant[truth] == 1).mean() > 0.5


def test_saved_and_loaded_it_is_the_same(found: Synchrony, tmp_path: Path) -> None:
    again = Synchrony.load(found.save(tmp_path / "here"))
    pd.testing.assert_frame_equal(again.to_frame(), found.to_frame())
    assert again.settings == found.settings
    assert again.people == found.people
    with pytest.raises(DataError, match="no synchrony that can be read"):
        Synchrony.load(tmp_path)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_files_that_were_cut_off_are_told(found: Synchrony, tmp_path: Path, share: float) -> None:
    arrays = found.save(tmp_path) / ARRAYS
    whole = arrays.read_bytes()
    arrays.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(DataError, match="no synchrony that can be read"):
        Synchrony.load(tmp_path)


def test_nothing_to_compare_is_told() -> None:
    people = [Series(name, np.arange(9.0), np.zeros((9, 0))) for name in "ab"]
    with pytest.raises(DataError, match="name at least one feature"):
        Synchrony.from_series(people, [])


def test_a_table_and_a_picture_for_notebooks(found: Synchrony) -> None:
    rows = found.to_frame()
    assert len(rows) == found.isc.size
    chosen = rows[(rows["window"] == 3) & (rows["feature"] == "feature 2")]
    assert chosen["isc"].item() == found.isc[3, 1]
    assert ">people</th>" in found._repr_html_()


def test_a_style_with_a_grid_leaves_the_matrix_alone(found: Synchrony) -> None:
    with matplotlib.rc_context({"axes.grid": True, "axes.grid.which": "both"}):
        matrix, course, *_ = found.plot().axes
        assert not any(line.get_visible() for line in matrix.get_xgridlines())
        assert not any(line.get_visible() for line in matrix.get_ygridlines())
        assert any(line.get_visible() for line in course.get_ygridlines())


def test_gone_people_and_gaps_are_left_out() -> None:
    aligned = make_up(SCENE, 1).aligned
    values = aligned.values.copy()
    values[:, 0, :300] = np.nan
    values[:, 1:, 600:] = np.nan
    measured = Synchrony.from_aligned(replace(aligned, values=values), QUICK)
    assert measured.taking_part[0, 0] == 5
    assert measured.taking_part[-1, 0] == 1
    assert np.isnan(measured.isc[-1]).all()
    assert (measured.significant[-1] == 0).all()


def test_nobody_is_there() -> None:
    values = np.zeros((1, 3, 500))
    still = Aligned(values, ("a", "b", "c"), ("x",), 10.0)
    with pytest.raises(DataError, match="In no window"):
        Synchrony.from_aligned(still, QUICK)


def test_short_series_are_moved_sample_by_sample() -> None:
    aligned = make_up(Scene(people=6, features=1, seconds=20, rate=5.0), 0).aligned
    windows = Windows.over(100, 5.0, 5.0, 1.66)
    plan = Plan.of(aligned, windows, QUICK)
    assert not plan.whole_windows
    assert "stricter than it says" in plan.note
    assert plan.shifts is not None
    assert plan.shifts.max() > len(windows)
    crowd = Aligned(np.zeros((1, 30, 20)), tuple(map(str, range(30))), ("x",), 5.0)
    with pytest.raises(DataError, match="cannot be moved apart"):
        Plan.of(crowd, Windows.over(20, 5.0, 2.0, 1.0), QUICK)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"window": -1.0}, "longer than 0 s"),
        ({"window": math.nan}, "longer than 0 s"),
        ({"alpha": 0.7}, "between 0 and 0.5"),
        ({"surrogates": 10}, "make 19 or more"),
        ({"null": "bootstrap"}, "null is one of shift, phase, time"),
        ({"min_people": 1}, "takes two people"),
        ({"min_valid": 0.0}, "valid share"),
        ({"min_shift": -2.0}, "least shift"),
    ],
)
def test_choices_that_make_no_sense(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError, match=said):
        Settings(**changes)


@pytest.mark.parametrize("kind", KINDS)
def test_made_up_people_have_nothing_in_common_but_events(kind: Kind) -> None:
    made = make_up(Scene(kind, seconds=120, events=4, strength=2.0), 0)
    assert made.aligned.values.shape == (6, 10, 3000)
    assert np.isfinite(made.aligned.values).all()
    shared = [
        np.corrcoef(feature)[np.triu_indices(10, 1)].mean() for feature in made.aligned.values
    ]
    assert min(shared[:3]) > 0.1
    assert max(np.abs(shared[3:])) < 0.1


def test_real_ratings_of_films_agree_as_published() -> None:
    path = SHARED / "film_ratings" / "valence_tidy.csv.gz"
    if not path.exists():
        pytest.skip(f"no film ratings at {path}: set DUCHENNE_SHARED_DATA")
    settings = Settings(
        window=math.inf, measure="leave-one-out", null="time", surrogates=19, min_valid=0.01
    )
    for film, expected in (("LittleMiss", 0.330), ("Miracle", 0.876)):
        layout = Layout("Rater", "Second", ("Rating",), only=("Abbrev", film))
        aligned = align(*series_of(read_table(path, layout), layout))
        measured = Synchrony.from_aligned(aligned, settings)
        assert measured.isc.shape == (1, 1)
        assert measured.isc[0, 0] == pytest.approx(expected, abs=0.0006)
