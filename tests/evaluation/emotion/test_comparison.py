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
from duchenne.evaluation.emotion.comparison import NetworkComparison, compare_networks
from duchenne.evaluation.emotion.scores import Classifier
from duchenne.evaluation.emotion.targets import TALK_EMOTIONS, TARGETS
from duchenne.weights.card import ModelCard


class Forgetful:
    """Another network's answers, wrong wherever the first pixel is odd."""

    def __init__(self, card: ModelCard, name: str) -> None:
        self._inner = EmotionClassifier(card)
        self.card = replace(card, name=name)

    def logits(self, crops: np.ndarray) -> np.ndarray:
        odd = crops[:, 0, 0] % 2 == 1
        answers = self._inner.logits(crops)
        return np.where(odd[:, None], np.roll(answers, 1, axis=1), answers)


class Five:
    """Says happy to everything."""

    def __init__(self, card: ModelCard) -> None:
        self.card = replace(card, name="five", classes=TALK_EMOTIONS)

    def logits(self, crops: np.ndarray) -> np.ndarray:
        return np.tile(np.eye(5, dtype=np.float32)[2], (len(crops), 1))


@pytest.fixture
def comparison(tiny_model: ModelCard, tiny_fer: Fer2013) -> NetworkComparison:
    networks: list[Classifier] = [
        EmotionClassifier(tiny_model),
        Forgetful(tiny_model, "other"),
        Five(tiny_model),
    ]
    return compare_networks(networks, tiny_fer, "PrivateTest", repeats=2)


def test_each_network_is_measured_and_paired(
    comparison: NetworkComparison, tiny_fer: Fer2013
) -> None:
    first, other, five = comparison.networks
    odd = int((tiny_fer.split("PrivateTest").images[:, 0, 0] % 2 == 1).sum())
    assert first.whole.accuracy.value == 1.0
    assert (first.reference, first.difference) == (None, None)
    assert other.reference == "tiny"
    assert other.difference is not None
    assert (other.difference.only_first, other.difference.only_second) == (0, odd)
    assert other.difference.accuracy.value == pytest.approx(-odd / 21)
    assert other.without_copies is not None
    assert other.without_copies.rows == 20
    assert (five.reference, five.left_out, five.whole.rows) == (None, 6, 15)
    assert comparison.copies == 1
    assert first.parameters == 7 * 48 * 48
    assert first.megabytes == pytest.approx(0.0647, abs=0.001)


def test_the_talk_stands_beside_ours(comparison: NetworkComparison) -> None:
    kinds = [(row.network, row.kind) for row in comparison.talk]
    assert kinds[0] == ("VGGFace", "the talk")
    assert kinds[4:] == [
        ("tiny", "seven, renormalised"),
        ("other", "seven, renormalised"),
        ("five", "five classes"),
    ]
    assert comparison.talk[4].macro_f1.value == 1.0


def test_text_and_files_hold_what_was_found(comparison: NetworkComparison, tmp_path: Path) -> None:
    text = comparison.to_text()
    assert "1 of them copies of Training rows" in text
    assert "points" in text
    assert "VGGFace" in text
    folder = comparison.save(tmp_path / "out")
    table = pd.read_csv(folder / "networks.csv", index_col="network")
    assert table.loc["tiny", "accuracy"] == 1.0
    assert table.loc["other", "mcnemar_p"] <= 1
    assert np.isnan(table.loc["five", "f1_disgust"])
    assert table["commit"].notna().all()
    assert (table["ms_a_face_batch4_median"] > 0).all()
    assert json.loads((folder / "networks.json").read_text()) == comparison.to_dict()
    assert len(pd.read_csv(folder / "talk.csv")) == 7


def test_without_training_rows_copies_are_unknown(tiny_model: ModelCard, tiny_fer: Fer2013) -> None:
    alone = tiny_fer.split("PrivateTest")
    found = compare_networks([EmotionClassifier(tiny_model)], alone, repeats=1)
    assert found.copies is None
    assert found.networks[0].without_copies is None
    assert "unknown" in found.to_text()


def test_what_cannot_be_compared_is_refused(tiny_model: ModelCard, tiny_fer: Fer2013) -> None:
    twice = [EmotionClassifier(tiny_model)] * 2
    for classifiers in ([], twice):
        with pytest.raises(DataError, match="each once and under a name of its own"):
            compare_networks(classifiers, tiny_fer)
    eight = Five(tiny_model)
    eight.card = replace(tiny_model, classes=TARGETS["ferplus8"].classes)
    with pytest.raises(DataError, match=r"no FER\+ votes"):
        compare_networks([eight], tiny_fer)
