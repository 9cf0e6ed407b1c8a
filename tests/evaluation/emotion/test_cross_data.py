from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.evaluation.made_up_faces import write_pedfe

from duchenne.emotion.classifier import EmotionClassifier
from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.evaluation.emotion.cross_data import SIX, evaluate_pedfe, six_of_seven
from duchenne.weights.card import ModelCard


def test_neutral_is_dropped_and_the_rest_sums_to_one() -> None:
    scores = np.array([[0.1, 0.1, 0.1, 0.2, 0.0, 0.0, 0.5], np.eye(7)[6]])
    six = six_of_seven(scores)
    np.testing.assert_allclose(six.sum(axis=1), 1)
    assert SIX[int(six[0].argmax())] == "happy"
    assert six[0, SIX.index("happy")] == pytest.approx(0.4)
    np.testing.assert_allclose(six[1], 1 / 6)


def test_genuine_and_posed_clips_are_told_apart(tiny_model: ModelCard, tmp_path: Path) -> None:
    steps: list[int] = []
    classifier = EmotionClassifier(tiny_model)
    result = evaluate_pedfe(classifier, write_pedfe(tmp_path, wrong="s"), steps.append)
    everything, genuine, posed = result.kinds
    assert [kind.kind for kind in result.kinds] == ["all", "genuine", "posed"]
    assert genuine.report.accuracy.value == 1.0
    assert posed.report.accuracy.value == 0.0
    assert everything.report.accuracy.value == 0.5
    assert (genuine.subjects, genuine.report.rows, sum(steps)) == (3, 18, 72)
    assert genuine.people["all"].value == pytest.approx(0.5)
    assert posed.people["fear"].value == pytest.approx(0.6)
    assert posed.found["fear"].value == 0.0


def test_intervals_come_from_people(tiny_model: ModelCard, tmp_path: Path) -> None:
    write_pedfe(tmp_path)
    clips = pd.read_csv(tmp_path / "clips.csv")
    # The third person's clips are all labelled with another emotion than they show.
    others = dict(
        zip(clips["emotion"].unique(), np.roll(clips["emotion"].unique(), 1), strict=True)
    )
    third = clips["subject"] == 3
    clips.loc[third, "emotion"] = clips.loc[third, "emotion"].map(others)
    clips.to_csv(tmp_path / "clips.csv", index=False)
    accuracy = evaluate_pedfe(EmotionClassifier(tiny_model), tmp_path).kinds[0].report.accuracy
    assert accuracy.value == pytest.approx(2 / 3)
    assert (accuracy.low, accuracy.high) == (0.0, 1.0)


def test_text_dict_and_table_say_the_same(tiny_model: ModelCard, tmp_path: Path) -> None:
    result = evaluate_pedfe(EmotionClassifier(tiny_model), write_pedfe(tmp_path, wrong="s"))
    text = result.to_text()
    assert "genuine: 18 clips of 3 people" in text
    assert "raters" in text
    assert result.to_dict()["kinds"][2]["people"]["happy"]["value"] == 0.6
    result.save(tmp_path)
    table = pd.read_csv(tmp_path / "pedfe.csv").set_index(["kind", "emotion"])
    assert table.loc[("genuine", "all six"), "network"] == 1.0
    assert table.loc[("posed", "sad"), "network"] == 0.0
    assert len(table) == 3 * 7


def test_clips_without_crops_are_counted(tiny_model: ModelCard, tmp_path: Path) -> None:
    write_pedfe(tmp_path)
    crops = pd.read_parquet(tmp_path / "crops.parquet")
    crops[~crops["code"].str.startswith("3_")].to_parquet(tmp_path / "crops.parquet")
    result = evaluate_pedfe(EmotionClassifier(tiny_model), tmp_path)
    assert (result.clips, result.without_crops) == (24, 12)
    crops.assign(code="elsewhere").to_parquet(tmp_path / "crops.parquet")
    with pytest.raises(DataError, match="None of the clips"):
        evaluate_pedfe(EmotionClassifier(tiny_model), tmp_path)


def test_the_six_are_fer2013s_without_neutral() -> None:
    assert set(SIX) == set(EMOTIONS) - {"neutral"}
