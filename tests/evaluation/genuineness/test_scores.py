from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import SHARED
from tests.pedfe_clips import clip_table

from duchenne.errors import DataError
from duchenne.evaluation.datasets.pedfe_frames import read_judged_clips
from duchenne.evaluation.genuineness.scores import (
    GenuinenessScores,
    Judged,
    ModelDifference,
    Raters,
    area,
    matched_auc,
)
from duchenne.evaluation.statistics.ranking import area_under_curve


def judged(p: list[float], genuine: list[int], people: list[int] | None = None) -> Judged:
    whose = np.array(people if people is not None else range(len(p)))
    return Judged(np.array(genuine, bool), np.array(p, float), whose)


def test_scores_by_hand() -> None:
    scores = GenuinenessScores.from_judged(judged([0.9, 0.4, 0.5, 0.2], [1, 1, 0, 0]))
    assert scores.accuracy.value == pytest.approx(0.5)  # one half names neither side
    assert scores.auc.value == pytest.approx(0.75)
    assert scores.brier.value == pytest.approx((0.01 + 0.36 + 0.25 + 0.04) / 4)
    assert scores.genuine.value == pytest.approx(0.5)
    assert scores.posed.value == pytest.approx(0.5)


def test_calibration_error_is_the_gap() -> None:
    p = np.full(1000, 0.8)
    genuine = np.arange(1000) % 2 == 0
    scores = GenuinenessScores.from_judged(Judged(genuine, p, np.arange(1000) % 10))
    assert scores.ece.value == pytest.approx(0.3)


@given(
    rows=st.lists(
        st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 3)), min_size=2, max_size=30
    ),
    seed=st.integers(0, 3),
)
def test_the_weighted_area_is_that_of_the_drawn_rows(
    rows: list[tuple[int, bool, int]], seed: int
) -> None:
    scores, kind = np.array([r[0] for r in rows], float), np.array([r[1] for r in rows])
    weights = np.random.default_rng(seed).integers(0, 3, (4, len(rows)))
    found = area(weights.astype(float), scores, kind)
    for one, weight in zip(found, weights, strict=True):
        drawn = np.repeat(np.arange(len(rows)), weight)
        expected = area_under_curve(scores[drawn], kind[drawn])
        np.testing.assert_allclose(one, expected, atol=1e-12)


def test_intervals_come_from_people() -> None:
    generator = np.random.default_rng(0)
    genuine = generator.random(400) < 0.5
    right = np.repeat(generator.random(10) < 0.5, 40)  # a person's clips are all right or all wrong
    p = np.where(right == genuine, 0.8, 0.2)
    by_person = GenuinenessScores.from_judged(Judged(genuine, p, np.repeat(np.arange(10), 40)))
    by_clip = GenuinenessScores.from_judged(Judged(genuine, p, np.arange(400)))
    widths = [s.accuracy.high - s.accuracy.low for s in (by_person, by_clip)]
    assert widths[0] > 3 * widths[1]


def test_matching_removes_what_intensity_alone_gives() -> None:
    generator = np.random.default_rng(1)
    strong = generator.uniform(0, 8, 600)
    genuine = generator.random(600) < strong / 8
    alone = Judged(genuine, strong / 8, np.arange(600) % 20)
    assert GenuinenessScores.from_judged(alone).auc.value > 0.75
    assert matched_auc(alone, strong).value == pytest.approx(0.5, abs=0.06)


def test_two_models_are_compared_person_by_person() -> None:
    generator = np.random.default_rng(2)
    genuine = generator.random(300) < 0.5
    people = np.arange(300) % 15
    good = Judged(genuine, np.clip(0.5 + 0.3 * (2 * genuine - 1), 0, 1), people)
    poor = Judged(genuine, generator.random(300), people)
    better = ModelDifference.from_judged(good, poor)
    assert better.accuracy.low > 0.2
    assert better.p_accuracy < 0.01
    same = ModelDifference.from_judged(poor, poor)
    assert (same.accuracy.low, same.accuracy.value, same.accuracy.high) == (0, 0, 0)
    assert same.p_auc == 1
    with pytest.raises(DataError, match="the same clips"):
        ModelDifference.from_judged(good, Judged(~genuine, good.p, people))


@pytest.mark.parametrize(
    ("p", "genuine", "message"),
    [
        ([], [], "no clips"),
        ([0.5, np.nan], [1, 0], "numbers from 0 to 1"),
        ([0.5, 1.2], [1, 0], "numbers from 0 to 1"),
        ([0.5, 0.2], [1], "one probability and one person"),
    ],
)
def test_bad_predictions_are_refused(p: list[float], genuine: list[int], message: str) -> None:
    with pytest.raises(DataError, match=message):
        judged(p, genuine)


def test_matching_needs_intensities() -> None:
    with pytest.raises(DataError, match="the intensity of each clip"):
        matched_auc(judged([0.1, 0.9], [0, 1]), [1.0, np.nan])


def test_one_type_alone_has_no_area() -> None:
    scores = GenuinenessScores.from_judged(judged([0.9, 0.8], [1, 1]))
    assert np.isnan(scores.auc.value)
    assert scores.to_dict()["auc"]["value"] is None
    assert scores.accuracy.value == 1


def test_raters_of_made_up_clips() -> None:
    clips = clip_table(3)
    clips.loc[0, "mean_genuineness"] = 0.0
    raters = Raters.from_clips(clips)
    assert raters.single.value == pytest.approx(0.65)
    assert raters.crowd.value == pytest.approx(1 - 1 / len(clips))


def test_the_raters_of_the_readme() -> None:
    if not (SHARED / "pedfe").is_dir():
        pytest.skip(f"no PEDFE at {SHARED}: set DUCHENNE_SHARED_DATA")
    raters = Raters.from_clips(read_judged_clips(SHARED / "pedfe"))
    assert raters.single.value == pytest.approx(0.634, abs=5e-4)
    assert raters.crowd.value == pytest.approx(0.756, abs=5e-4)
    assert raters.crowd_auc.value == pytest.approx(0.868, abs=5e-4)
