from __future__ import annotations

import re
from pathlib import Path

import pytest

from duchenne.errors import DataError
from duchenne.learning.recipes import EMOTION_RECIPES, emotion_recipe


def test_an_unknown_recipe_lists_the_known_ones() -> None:
    with pytest.raises(DataError, match=r"there are: .*emotion_cnn, emotion_cnn_annealed"):
        emotion_recipe("nothing")


def test_the_seeds_recipe_is_the_seeds() -> None:
    recipe = emotion_recipe("emotion_cnn")
    assert (recipe.learning_rate, recipe.schedule, recipe.batch_size) == (1e-3, "constant", 64)


@pytest.mark.parametrize("name", sorted(EMOTION_RECIPES))
def test_a_recipe_that_continues_another_says_for_how_long_that_is_trained(name: str) -> None:
    recipe = emotion_recipe(name)
    if recipe.start_from is not None:
        assert 0 < recipe.start_epochs <= emotion_recipe(recipe.start_from).epochs


def test_the_guide_names_every_recipe_and_no_other() -> None:
    guide = Path(__file__).parents[2] / "docs" / "guides" / "train.md"
    section = guide.read_text(encoding="utf-8").split("| recipe |")[1].split("\n\n")[0]
    first_column = " ".join(line.split("|")[1] for line in section.splitlines()[1:])
    assert set(re.findall(r"`(\w+)`", first_column)) == set(EMOTION_RECIPES)
