from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from duchenne.emotion.classifier import EmotionClassifier
from duchenne.errors import DataError
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.evaluation.emotion.scores import card_with, evaluate_emotion
from duchenne.evaluation.emotion.targets import TARGETS
from duchenne.weights.card import ModelCard, load_card


def test_the_copies_of_training_rows_are_set_apart(
    tiny_model: ModelCard, tiny_fer: Fer2013
) -> None:
    evaluation = evaluate_emotion(EmotionClassifier(tiny_model), tiny_fer, "PrivateTest")
    assert (evaluation.whole.rows, evaluation.copies) == (21, 1)
    assert evaluation.without_copies is not None
    assert evaluation.without_copies.rows == 20
    assert evaluation.whole.accuracy.value == 1.0
    assert "Copies of Training rows: 1" in evaluation.to_text()


def test_without_training_rows_the_copies_are_unknown(
    tiny_model: ModelCard, tiny_fer: Fer2013
) -> None:
    alone = tiny_fer.split("PrivateTest")
    evaluation = evaluate_emotion(EmotionClassifier(tiny_model), alone, "PrivateTest")
    assert evaluation.copies is None
    assert evaluation.without_copies is None
    assert "unknown" in evaluation.to_text()
    assert len(evaluation.results()) == 1


def test_every_training_row_is_a_copy_of_a_training_row(
    tiny_model: ModelCard, tiny_fer: Fer2013
) -> None:
    evaluation = evaluate_emotion(EmotionClassifier(tiny_model), tiny_fer, "Training")
    assert evaluation.copies == 140
    assert evaluation.without_copies is None


def test_progress_counts_every_row(tiny_model: ModelCard, tiny_fer: Fer2013) -> None:
    steps: list[int] = []
    evaluate_emotion(EmotionClassifier(tiny_model), tiny_fer, "Training", steps.append)
    assert sum(steps) == 140
    assert len(steps) > 1


def test_what_is_saved_can_be_read_back(
    tiny_model: ModelCard, tiny_fer: Fer2013, tmp_path: Path
) -> None:
    evaluation = evaluate_emotion(EmotionClassifier(tiny_model), tiny_fer, "PublicTest")
    folder = evaluation.save(tmp_path / "out" / "deep")
    assert json.loads((folder / "metrics.json").read_text()) == evaluation.to_dict()
    confusion = pd.read_csv(folder / "confusion.csv", index_col="label")
    np.testing.assert_array_equal(confusion.to_numpy(), evaluation.whole.confusion)
    assert len(pd.read_csv(folder / "classes.csv")) == 7
    assert (folder / "confusion.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "reliability.png").read_bytes().startswith(b"\x89PNG")


def test_a_folder_that_cannot_be_written_is_named(
    tiny_model: ModelCard, tiny_fer: Fer2013, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    evaluation = evaluate_emotion(EmotionClassifier(tiny_model), tiny_fer, "PublicTest")
    with pytest.raises(DataError, match="cannot be written"):
        evaluation.save(tmp_path / "file")


def test_the_numbers_go_into_the_card(tiny_model: ModelCard, tiny_fer: Fer2013) -> None:
    evaluation = evaluate_emotion(EmotionClassifier(tiny_model), tiny_fer, "PrivateTest")
    card_with(tiny_model, evaluation).save()
    results = {result.data: result for result in load_card(tiny_model.path).numbers}
    assert results["FER-2013 PrivateTest"].rows == 21
    assert results["FER-2013 PrivateTest without copies of Training"].rows == 20
    assert results["FER-2013 PrivateTest"].figures[0].value == 1.0
    assert "--split PrivateTest" in results["FER-2013 PrivateTest"].command


def test_numbers_on_mixed_splits_stay_out_of_cards(
    tiny_model: ModelCard, tiny_fer: Fer2013
) -> None:
    mixed = replace(tiny_fer, warning="the splits are mixed")
    evaluation = evaluate_emotion(EmotionClassifier(tiny_model), mixed, "PrivateTest")
    assert "Warning: the splits are mixed." in evaluation.to_text()
    with pytest.raises(DataError, match="No card takes these numbers: the splits are mixed"):
        card_with(tiny_model, evaluation)


def test_calibration_stands_beside_what_it_was(tiny_model: ModelCard, tiny_fer: Fer2013) -> None:
    soft = replace(tiny_model, temperature=0.1)
    evaluation = evaluate_emotion(EmotionClassifier(soft), tiny_fer, "PrivateTest")
    plain = evaluate_emotion(EmotionClassifier(tiny_model), tiny_fer, "PrivateTest")
    assert evaluation.calibration.before == plain.calibration.before == plain.calibration.after
    assert evaluation.calibration.after.ece == evaluation.whole.calibration_error
    assert evaluation.calibration.after.nll < evaluation.calibration.before.nll
    assert "at temperature 1" in evaluation.to_text()
    figures = {figure.name: figure.value for figure in evaluation.results()[0].figures}
    before = figures["expected_calibration_error_at_temperature_1"]
    assert before == pytest.approx(evaluation.calibration.before.ece, abs=1e-6)
    assert len(plain.results()[0].figures) == len(evaluation.results()[0].figures) - 1
    assert json.loads(json.dumps(evaluation.to_dict()))["calibration"]["temperature"] == 0.1


class Says:
    """A classifier that always says its first class."""

    def __init__(self, card: ModelCard) -> None:
        self.card = card

    def logits(self, crops: np.ndarray) -> np.ndarray:
        return np.eye(1, len(self.card.classes), dtype=np.float32).repeat(len(crops), axis=0)


def test_five_classes_are_held_against_five(tiny_model: ModelCard, tiny_fer: Fer2013) -> None:
    five = Says(replace(tiny_model, classes=TARGETS["talk5"].classes))
    evaluation = evaluate_emotion(five, tiny_fer, "PrivateTest")
    assert (evaluation.whole.rows, evaluation.left_out) == (15, 6)
    assert evaluation.whole.names == TARGETS["talk5"].classes
    assert evaluation.whole.accuracy.value == pytest.approx(3 / 15)
    assert evaluation.results()[0].data == "FER-2013 PrivateTest (talk5)"
    assert "Left out: 6." in evaluation.to_text()


def test_eight_classes_are_held_against_votes(tiny_model: ModelCard, tiny_fer: Fer2013) -> None:
    eight = Says(replace(tiny_model, classes=TARGETS["ferplus8"].classes))
    with pytest.raises(DataError, match=r"has no FER\+ votes"):
        evaluate_emotion(eight, tiny_fer, "PrivateTest")
    votes = np.zeros((len(tiny_fer), 10), np.int64)
    votes[:, 9] = 10
    with pytest.raises(DataError, match="No row of PrivateTest has one of the classes neutral"):
        evaluate_emotion(eight, replace(tiny_fer, votes=votes), "PrivateTest")
    votes[::2] = np.eye(10, dtype=np.int64)[0] * 10
    evaluation = evaluate_emotion(eight, replace(tiny_fer, votes=votes), "PrivateTest")
    assert evaluation.whole.accuracy.value == 1.0
    assert evaluation.whole.rows + evaluation.left_out == 21


def test_classes_without_labels_are_refused(tiny_model: ModelCard, tiny_fer: Fer2013) -> None:
    with pytest.raises(DataError, match="no labels for the classes bored, awake"):
        evaluate_emotion(
            Says(replace(tiny_model, classes=("bored", "awake"))), tiny_fer, "Training"
        )
