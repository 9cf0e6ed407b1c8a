from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.conftest import SHARED
from tests.pedfe_clips import clip_table

from duchenne.errors import DataError
from duchenne.evaluation.datasets.pedfe_frames import read_clip_frames, read_judged_clips
from duchenne.evaluation.distances import study as module
from duchenne.evaluation.distances.results import DistanceStudy, Settings
from duchenne.evaluation.distances.study import Ground, study_distances
from duchenne.evaluation.distances.trajectories import SUBSETS, Trajectories
from duchenne.expressions.track import canonical_face

POINTS = SUBSETS["expressive"]
MOVED = (61, 291, 0, 17, 13, 14, 37, 267)


def ground(people: int = 8, own_face: float = 0.0, folder: Path | None = None) -> Ground:
    """Each emotion moves the lips in its own way; people's faces differ by ``own_face`` cm."""
    clips = clip_table(people)
    random = np.random.default_rng(7)
    head = random.uniform(-6, 6, (len(POINTS), 3))
    faces = own_face * random.normal(size=(people, len(POINTS), 3))
    lips = [POINTS.index(point) for point in MOVED]
    moves = np.zeros((6, len(POINTS), 3))
    moves[:, lips] = random.normal(size=(6, len(lips), 3))
    frames = []
    emotions = pd.factorize(clips["emotion"])[0]
    for emotion, person in zip(emotions, clips["subject"].to_numpy() - 1, strict=True):
        way = np.linspace(0, 1, 12)[:, None, None]
        clip = head + faces[person] + way * moves[emotion]
        frames.append((clip + 0.1 * random.normal(size=clip.shape)).astype(np.float32))
    times = np.tile(np.arange(12) / 30, len(clips))
    bounds = np.arange(len(clips) + 1) * 12
    moving = Trajectories(tuple(clips["code"]), POINTS, np.concatenate(frames), times, bounds)
    return Ground(clips, moving, folder)


@pytest.fixture(scope="module")
def found() -> DistanceStudy:
    return study_distances(ground(own_face=1.0), Settings(landmarks="expressive"))


def test_planted_emotions_are_found_though_faces_differ(found: DistanceStudy) -> None:
    assert found.report.accuracy.value > 0.9
    assert found.report.rows == 96
    assert found.nested["loso"].report.accuracy.value > 0.9
    assert sum(found.nested["loso"].times.values()) == 8


def test_a_pair_that_moves_comes_first(found: DistanceStudy) -> None:
    first = found.pairs[0]
    assert {first.first, first.second} & set(MOVED)
    assert first.margin.low > 0
    assert [p.margin.value for p in found.pairs] == sorted(
        (p.margin.value for p in found.pairs), reverse=True
    )


def test_predictions_name_the_clip_that_decided(found: DistanceStudy, tmp_path: Path) -> None:
    found.save(tmp_path)
    saved = pd.read_csv(tmp_path / "predictions.csv")
    assert (saved["nearest_subject"] != saved["subject"]).all()
    emotion = saved.set_index("code")["emotion"]
    assert (emotion[saved["nearest"]].to_numpy() == saved["predicted"]).all()
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    share = (saved["predicted"] == saved["emotion"]).mean()
    accuracy = metrics["result"]["reports"]["loso"]["accuracy"]["value"]
    assert accuracy == pytest.approx(share, abs=1e-5)
    assert {part["name"] for part in metrics["parts"]} == {"genuine", "posed"}
    assert "metric and neighbours chosen on the training clips" in found.to_text()


def test_more_clips_do_not_hurt_where_the_classes_are_plain(found: DistanceStudy) -> None:
    curve = [part.accuracy.value for part in found.curves["loso"]]
    assert curve[-1] > curve[0] + 0.1


def test_genuine_and_posed_that_look_alike_stay_at_chance() -> None:
    alike = study_distances(ground(), Settings("genuine", landmarks="expressive"))
    assert alike.report.names == ("genuine", "posed")
    assert 0.25 < alike.report.accuracy.value < 0.75
    assert {part.name for part in alike.parts} <= {"anger", "disgust", "fear", "happiness",
                                                   "sadness", "surprise"}  # fmt: skip


def test_a_second_run_compares_nothing_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(landmarks="expressive")
    first = study_distances(ground(4, folder=tmp_path), settings)

    def never(*_: object) -> None:
        raise AssertionError("compared again")

    monkeypatch.setattr(module, "compare", never)
    again = study_distances(ground(4, folder=tmp_path), settings)
    assert again.to_dict() == first.to_dict()
    with pytest.raises(AssertionError, match="compared again"):
        study_distances(ground(5, folder=tmp_path), settings)


def test_one_person_is_not_enough() -> None:
    with pytest.raises(DataError, match="at least two people"):
        study_distances(ground(1), Settings(landmarks="expressive"))


def test_real_clips_of_a_few_people_are_told_apart_better_than_by_chance() -> None:
    folder = SHARED / "pedfe"
    if not folder.is_dir():
        pytest.skip(f"no PEDFE at {folder}: set DUCHENNE_SHARED_DATA")
    clips = read_judged_clips(folder)
    few = clips[clips["subject"].isin(sorted(clips["subject"].unique())[:6])]
    frames = read_clip_frames(folder, few.reset_index(drop=True), canonical_face())
    moving = Trajectories.from_frames(frames, "expressive")
    found = study_distances(
        Ground(few.reset_index(drop=True), moving), Settings(landmarks="expressive")
    )
    most_common = few["emotion"].value_counts(normalize=True).iloc[0]
    assert found.report.accuracy.low > most_common
