from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("sklearn")

from tests.conftest import SHARED

from duchenne.errors import DataError
from duchenne.learning.affect import (
    AffectClips,
    Model,
    predict_left_out,
    read_affect,
    score_affect,
    unit_importance,
)


def made_up(
    people: int = 12, clips: int = 24, signal: float = 1.0, own: float = 0.0
) -> pd.DataFrame:
    """Positive affect follows AU12 and AU06, negative AU04; ``own``: each person's own level."""
    random = np.random.default_rng(7)
    rows = people * clips
    person = np.repeat(np.arange(1, people + 1), clips)
    units = {f"AU{n}overall": random.normal(size=rows) for n in (4, 6, 12, 17)}
    table = pd.DataFrame({"subjNum": person} | units)
    table["condition_name"] = random.choice(["express", "normal", "suppress"], rows)
    level = own * random.normal(size=people)[person - 1]
    for name, face in (
        ("pos", units["AU12overall"] + 0.5 * units["AU6overall"]),
        ("neg", units["AU4overall"]),
    ):
        for rater in (1, 2, 3):
            seen = 4 + signal * face + level + random.normal(0, 0.5, rows)
            table[f"rater{rater}_{name}Score"] = seen.clip(1, 7)
    return table


@pytest.mark.parametrize("model", ["ridge", "forest"])
def test_people_left_out_are_predicted_where_units_tell(model: Model) -> None:
    clips = AffectClips.from_table(made_up())
    predicted = predict_left_out(clips, "positive", model, clips.folds(folds=4), trees=20)
    scores = score_affect(clips, "positive", predicted, replicates=60)
    assert scores.r.low > 0.7
    assert 0 < scores.r2.value <= scores.r.value**2 + 0.02
    assert scores.r.low < scores.r.value < scores.r.high


def test_nothing_is_predicted_where_units_tell_nothing() -> None:
    clips = AffectClips.from_table(made_up(signal=0.0))
    scores = score_affect(clips, "negative", predict_left_out(clips, "negative"), replicates=60)
    assert abs(scores.r.value) < 0.25
    assert scores.r2.value < 0.05


def test_a_persons_own_level_is_no_merit_of_the_model() -> None:
    clips = AffectClips.from_table(made_up(own=2.0))
    scores = score_affect(clips, "positive", predict_left_out(clips, "positive"), replicates=60)
    assert scores.within.value > scores.r.value + 0.1


def test_what_ratings_follow_matters_most() -> None:
    clips = AffectClips.from_table(made_up())
    found = unit_importance(clips, "positive", folds=clips.folds(folds=4))
    assert found["unit"].tolist()[:2] == ["AU12", "AU06"]
    assert found["loss"].iloc[2:].abs().max() < 0.05
    assert unit_importance(clips, "negative", folds=clips.folds(folds=4))["unit"].iloc[0] == "AU04"


def test_nobody_is_on_both_sides_unless_asked_for() -> None:
    clips = AffectClips.from_table(made_up())
    for train, test in clips.folds(folds=5).splits():
        assert not set(clips.people[train]) & set(clips.people[test])
    train, test = next(iter(clips.folds("random", 5).splits()))
    assert set(clips.people[train]) & set(clips.people[test])


def test_the_same_seed_gives_the_same_forest() -> None:
    clips = AffectClips.from_table(made_up(people=6))
    folds = clips.folds(folds=3)
    one, other = (predict_left_out(clips, "positive", "forest", folds, trees=5) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_broken_rows_and_rare_people_are_left_out_and_told() -> None:
    table = made_up(people=4)
    table.loc[0, "rater1_negScore"] = 8
    table.loc[1, "rater2_posScore"] = np.nan
    rare = made_up(people=1, clips=5).assign(subjNum=99)
    clips = AffectClips.from_table(pd.concat([table, rare], ignore_index=True))
    assert len(clips) == 4 * 24 - 2
    assert 99 not in clips.people
    assert clips.left_out[0].startswith("2 clips")
    assert clips.left_out[1].startswith("5 clips of 1 people")
    assert clips.units == ("AU04", "AU06", "AU12", "AU17")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda t: t.drop(columns="rater3_negScore"), "lacks rater3_negScore"),
        (lambda t: t[[c for c in t if not c.startswith("AU")]], "lacks AU columns"),
        (lambda t: t.assign(AU12overall="high"), "should hold numbers"),
        (lambda t: t.assign(rater1_posScore=0), "no clip that is rated"),
        (lambda t: t.head(3), "shows a person with at least 21 clips: lower least_clips"),
    ],
)
def test_a_table_that_is_none_says_why(
    spoil: Callable[[pd.DataFrame], pd.DataFrame], says: str
) -> None:
    with pytest.raises(DataError, match=says):
        AffectClips.from_table(spoil(made_up()))


def test_wrong_wishes_say_what_there_is(tmp_path: Path) -> None:
    clips = AffectClips.from_table(made_up(people=3))
    with pytest.raises(DataError, match="positive or negative"):
        clips.rating("arousal")  # type: ignore[arg-type]  # no rating
    with pytest.raises(DataError, match="ridge or forest"):
        predict_left_out(clips, "positive", "oracle")  # type: ignore[arg-type]  # no model
    with pytest.raises(DataError, match="one number for each"):
        score_affect(clips, "positive", np.zeros(3))
    with pytest.raises(DataError, match="cannot be read"):
        read_affect(tmp_path)


@pytest.mark.parametrize("kept", [15, -20])
def test_a_cut_off_download_says_so(kept: int, tmp_path: Path) -> None:
    whole = tmp_path / "au_affect.csv.gz"
    made_up(people=2).to_csv(whole, index=False)
    assert len(read_affect(whole)) == 2 * 24
    whole.write_bytes(whole.read_bytes()[:kept])
    with pytest.raises(DataError, match="cannot be read as a table of affect"):
        read_affect(whole)


def test_a_table_of_uneven_rows_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "uneven.csv").write_text("subjNum,AU1overall\n1,2\n1,2,3\n")
    with pytest.raises(DataError, match=r"^[^\n]*cannot be read as a table[^\n]*$"):
        read_affect(tmp_path / "uneven.csv")


def test_the_published_table_leaves_what_the_paper_counted() -> None:
    if not (SHARED / "haines_aus").is_dir():
        pytest.skip(f"no ratings of affect at {SHARED}: set DUCHENNE_SHARED_DATA")
    clips = read_affect(SHARED / "haines_aus")
    assert (len(clips), len(set(clips.people)), len(clips.units)) == (4648, 125, 20)
    scores = score_affect(clips, "positive", predict_left_out(clips, "positive"), replicates=40)
    assert 0.75 < scores.r.value < 0.9
