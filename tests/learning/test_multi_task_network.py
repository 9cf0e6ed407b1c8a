from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")
pytest.importorskip("lightning", reason="learning needs the extra: train")

from torch import nn

from duchenne.errors import DataError
from duchenne.evaluation.datasets.face_attributes import HEADS
from duchenne.learning.multi_task_configs import (
    ATTRIBUTES_RECIPES,
    AttributesConfig,
    LossWeights,
    attributes_recipe,
)
from duchenne.learning.networks import FACTS, build
from duchenne.learning.networks.multi_task import MultiTaskNetwork

SIZES = {head: len(classes) for head, classes in HEADS.items()}


@pytest.mark.parametrize("name", sorted(set(FACTS) - {"vgg16"}))  # its 500 MB say nothing more
def test_every_backbone_carries_four_heads(name: str) -> None:
    network = MultiTaskNetwork(name, SIZES).eval()
    with torch.inference_mode():
        outputs = network(torch.zeros(1, 1, 48, 48))
    assert [tuple(out.shape) for out in outputs] == [(1, 7), (1, 3), (1, 5), (1, 3)]


def test_the_papers_dropouts_go_to_the_backbones_layers_in_order() -> None:
    recipe = attributes_recipe("attributes_cnn")
    network = MultiTaskNetwork(recipe.network, SIZES, recipe.dropouts)
    layers = [x.p for x in network.backbone.modules() if isinstance(x, nn.Dropout)]
    assert layers == [0.6, 0.5, 0.4, 0.4]
    plain = MultiTaskNetwork(recipe.network, SIZES, (), 0.3)
    kept = [x.p for x in plain.backbone.modules() if isinstance(x, nn.Dropout)]
    assert kept == [0.25, 0.25, 0.25, 0.5]
    assert plain.dropout.p == 0.3


def test_a_whole_networks_weights_are_taken_but_for_its_last_layer() -> None:
    torch.manual_seed(1)
    whole, network = build("emotion_cnn", 7).eval(), MultiTaskNetwork("emotion_cnn", SIZES).eval()
    network.take_backbone(whole)
    pictures = torch.rand(2, 1, 48, 48)
    last = whole.get_submodule("head.5")
    assert isinstance(last, nn.Linear)
    with torch.inference_mode():
        torch.testing.assert_close(last(network.backbone(pictures)), whole(pictures))


def test_the_papers_loss_weights() -> None:
    weights = attributes_recipe("attributes_cnn").loss_weights
    assert dict(zip(HEADS, weights.in_order, strict=True)) == {
        "emotion": 2.0,
        "gender": 0.1,
        "age": 4.0,
        "ethnicity": 1.5,
    }


@pytest.mark.parametrize("name", sorted(ATTRIBUTES_RECIPES))
def test_every_recipe_fits_its_network(name: str) -> None:
    recipe = attributes_recipe(name)
    MultiTaskNetwork(recipe.network, SIZES, recipe.dropouts, recipe.head_dropout)
    shared = recipe.as_emotion()
    assert (shared.optimiser, shared.schedule) == ("adam", "plateau")
    assert shared.patience == 10


def test_mistakes_are_named() -> None:
    with pytest.raises(DataError, match="No network 'nothing'"):
        MultiTaskNetwork("nothing", SIZES)
    with pytest.raises(DataError, match="3 dropout rates do not fit emotion_cnn, which has 4"):
        MultiTaskNetwork("emotion_cnn", SIZES, (0.5, 0.5, 0.5))
    with pytest.raises(DataError, match="No recipe 'nothing' for attributes; there are: attr"):
        attributes_recipe("nothing")
    settings: dict[str, Any] = {
        "network": "emotion_cnn", "epochs": 1, "batch_size": 1, "learning_rate": 1.0,
    }  # fmt: skip
    wrong: tuple[dict[str, Any], ...] = (
        {"loss_weights": LossWeights(age=0.0)},
        {"loss_weights": LossWeights(age=float("nan"))},
        {"dropouts": (1.0,)},
        {"head_dropout": -0.1},
    )
    for changes in wrong:
        with pytest.raises(DataError, match=r"Recipe odd: a (loss weight|dropout rate) is"):
            AttributesConfig(name="odd", source="", **(settings | changes))
