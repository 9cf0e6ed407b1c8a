from __future__ import annotations

import pytest

from duchenne.errors import DataError
from duchenne.learning.configs import EMOTION_CONFIGS, emotion_config


def test_an_unknown_recipe_lists_the_known_ones() -> None:
    with pytest.raises(DataError, match="there are: emotion_cnn, emotion_cnn_annealed"):
        emotion_config("nothing")


def test_the_seeds_recipe_is_the_seeds() -> None:
    recipe = emotion_config("emotion_cnn")
    assert (recipe.learning_rate, recipe.schedule, recipe.batch_size) == (1e-3, "constant", 64)


@pytest.mark.parametrize("name", sorted(EMOTION_CONFIGS))
def test_a_recipe_that_continues_another_says_for_how_long_that_is_trained(name: str) -> None:
    recipe = emotion_config(name)
    if recipe.start_from is not None:
        assert 0 < recipe.start_epochs <= emotion_config(recipe.start_from).epochs
