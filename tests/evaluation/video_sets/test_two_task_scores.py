from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.pedfe_clips import clip_table

from duchenne.errors import DataError
from duchenne.evaluation.video_sets.two_task_scores import PairedScores, TwoTaskScores

EMOTIONS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise")


def _joint(clips: pd.DataFrame, emotion_right: np.ndarray, genuine_right: np.ndarray) -> np.ndarray:
    joint = np.full((len(clips), 6, 2), 0.01)
    for row, clip in enumerate(clips.itertuples()):
        place = EMOTIONS.index(clip.emotion)
        emotion = place if emotion_right[row] else (place + 1) % 6
        kind = (clip.type == "posed") == genuine_right[row]
        joint[row, emotion, int(kind)] = 0.89
    return joint


@pytest.fixture
def clips() -> pd.DataFrame:
    return clip_table(4)


def test_accuracies_count_each_task_and_both(clips: pd.DataFrame) -> None:
    rows = np.arange(len(clips))
    emotion, genuine = rows % 4 != 0, rows % 3 != 0
    scores = TwoTaskScores.from_joint(clips, EMOTIONS, _joint(clips, emotion, genuine))
    assert scores.emotion.accuracy.value == pytest.approx(emotion.mean())
    assert scores.genuine.accuracy.value == pytest.approx(genuine.mean())
    assert scores.overall.accuracy.value == pytest.approx((emotion & genuine).mean())
    assert scores.overall.confusion.shape == (12, 12)
    assert scores.clips["right"].tolist() == (emotion & genuine).tolist()
    low, high = scores.emotion.accuracy.low, scores.emotion.accuracy.high
    assert low <= emotion.mean() <= high


def test_the_interval_draws_people(clips: pd.DataFrame) -> None:
    # One person is all wrong: with whole people drawn the interval is wide.
    right = (clips["subject"] != 1).to_numpy()
    scores = TwoTaskScores.from_joint(clips, EMOTIONS, _joint(clips, right, right))
    spread = scores.emotion.accuracy.high - scores.emotion.accuracy.low
    assert spread > 0.6


def test_files_say_it_all(clips: pd.DataFrame, tmp_path: Path) -> None:
    right = np.ones(len(clips), bool)
    scores = TwoTaskScores.from_joint(clips, EMOTIONS, _joint(clips, right, right))
    scores.save(tmp_path, {"experiment": "mine"}, "made up")
    content = json.loads((tmp_path / "metrics.json").read_text())
    assert content["experiment"] == "mine"
    assert content["overall"]["accuracy"]["value"] == 1.0
    assert content["people"] == 4
    table = pd.read_csv(tmp_path / "predictions.csv")
    again = TwoTaskScores.from_table(table.drop(columns="right"), EMOTIONS)
    assert again.overall.accuracy == scores.overall.accuracy
    assert {path.name for path in tmp_path.glob("*.png")} == {
        "confusion_emotion.png",
        "confusion_genuine.png",
        "confusion_overall.png",
    }
    assert "both right" in scores.to_text()


def test_probabilities_that_are_none_are_refused(clips: pd.DataFrame) -> None:
    right = np.ones(len(clips), bool)
    joint = _joint(clips, right, right)
    for spoilt in (joint * 2, np.where(joint > 0.5, np.nan, joint), joint[:, :5], joint[1:]):
        with pytest.raises(DataError):
            TwoTaskScores.from_joint(clips, EMOTIONS, spoilt)


def test_two_experiments_are_compared_on_shared_clips(clips: pd.DataFrame) -> None:
    rows = np.arange(len(clips))
    every, some = np.ones(len(clips), bool), rows % 2 == 0
    first = TwoTaskScores.from_joint(clips, EMOTIONS, _joint(clips, every, every)).clips
    second = TwoTaskScores.from_joint(clips, EMOTIONS, _joint(clips, some, every)).clips
    found = PairedScores.from_tables(first, second[10:])
    assert found.clips == len(clips) - 10
    assert found.differences["emotion"].value == pytest.approx((~some[10:]).mean())
    assert found.differences["genuine"].value == 0.0
    with pytest.raises(DataError, match="no clip in common"):
        PairedScores.from_tables(first[:5], second[5:])
