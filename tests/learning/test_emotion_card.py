"""The card of an emotion network tells its recipe in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("torch", reason="learning needs the extra: train")

from duchenne.learning.configs import Distillation, EmotionConfig
from duchenne.learning.emotion_card import draft_card
from duchenne.learning.recipes import emotion_recipe


def _config(**changes: Any) -> EmotionConfig:
    plain: dict[str, Any] = {
        "name": "small",
        "network": "compact_cnn",
        "epochs": 9,
        "batch_size": 32,
        "learning_rate": 0.001,
        "source": "a test",
    }
    return EmotionConfig(**(plain | changes))


@pytest.mark.parametrize(
    ("changes", "labels"),
    [
        ({}, "the data set's own"),
        ({"votes": 0.5}, "0.5 FER+ votes (Barsoum et al. 2016)"),
        (
            {"label_smoothing": 0.1, "balanced": True},
            "smoothing 0.1, each class drawn equally often",
        ),
        (
            {"distillation": Distillation(("one", "two"), 0.7, 3)},
            "0.7 from one, two at temperature 3",
        ),
        (
            {"distillation": Distillation(("one",), 0.5, 1.0, once=True)},
            "0.5 from one who saw each picture and its mirror image once",
        ),
    ],
)
def test_labels_in_words(changes: dict[str, Any], labels: str) -> None:
    card = draft_card(_config(**changes), best_epoch=4, epochs=9, epochs_before=0)
    assert card.training["labels"] == labels


def test_where_it_started_how_it_ended_and_how_to_do_it_again() -> None:
    config = _config(start_from="wide", weights="imagenet", averaging=0.99)
    card = draft_card(config, best_epoch=2, epochs=5, epochs_before=7)
    assert card.training["continues"] == "wide after 7 epochs"
    assert card.training["start"] == "ImageNet (published weights)"
    assert "weights averaged with decay 0.99" in card.training["augmentation"]
    assert card.limits[-1] == "It was trained for 5 of its recipe's 9 epochs."
    assert card.retrain.endswith("--config small --epochs 5")
    whole = draft_card(config, best_epoch=2, epochs=9, epochs_before=7)
    assert "--epochs" not in whole.retrain
    assert len(whole.limits) == len(card.limits) - 1


def test_the_command_names_weights_that_are_not_the_recipes() -> None:
    recipe = emotion_recipe("resnet50")
    own = draft_card(replace(recipe, weights="faces.pth"), 1, recipe.epochs, 0)
    assert own.retrain.endswith("--config resnet50 --weights faces.pth")
    assert "--weights" not in draft_card(recipe, 1, recipe.epochs, 0).retrain


def test_the_card_says_whose_weights_it_starts_from_and_which_stay() -> None:
    recipe = emotion_recipe("faces")
    card = draft_card(recipe, 1, recipe.epochs, 0)
    assert card.licence.startswith("Apache-2.0")
    assert "9,131 public figures" in " ".join(card.limits)
    assert card.training["start"].endswith("blocks.3, blocks.4 stay as they are")
    other = draft_card(emotion_recipe("compact"), 1, 72, 0)
    assert other.licence.startswith("MIT")
    assert "stay" not in other.training["start"]
    assert len(other.limits) == len(card.limits) - 1
