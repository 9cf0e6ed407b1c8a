from __future__ import annotations

import pytest

pytest.importorskip("lightning", reason="learning needs the extra: train")

from dataclasses import replace

import numpy as np
import torch

from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.learning.data import EpochShuffle, Fer2013Module
from duchenne.learning.recipes import emotion_recipe


def test_each_epoch_has_an_order_of_its_own_that_comes_back() -> None:
    shuffle = EpochShuffle(50, seed=1)
    orders = []
    for epoch in (0, 1, 0):
        shuffle.set_epoch(epoch)
        orders.append(list(shuffle))
    assert orders[0] == orders[2] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(50))
    assert orders[0] != list(EpochShuffle(50, seed=2))


def test_weights_draw_the_rare_as_often_as_the_common() -> None:
    labels = torch.tensor([0] * 900 + [1] * 100)
    shuffle = EpochShuffle(1000, seed=0, weights=1.0 / torch.bincount(labels)[labels].double())
    drawn = labels[list(shuffle)]
    assert 400 < int(drawn.sum()) < 600


def test_batches_come_whole_and_private_rows_never(tiny_fer: Fer2013) -> None:
    module = Fer2013Module(tiny_fer, replace(emotion_recipe("emotion_cnn"), batch_size=64))
    sizes = [len(labels) for _, labels in module.train_dataloader()]
    assert sizes == [64, 64]
    pictures, shares = next(iter(module.val_dataloader()))
    public = tiny_fer.split("PublicTest")
    np.testing.assert_array_equal(pictures.numpy(), public.images)
    np.testing.assert_array_equal(shares.numpy(), np.eye(7)[public.labels])


def test_a_recipe_for_five_classes_sees_no_others(tiny_fer: Fer2013) -> None:
    recipe = replace(emotion_recipe("emotion_cnn"), target="talk5", batch_size=8)
    module = Fer2013Module(tiny_fer, recipe)
    kept = ~np.isin(tiny_fer.split("Training").labels, [1, 6])
    assert len(module.training) == kept.sum()
    assert module.training.shares.shape[1] == 5


def test_a_balanced_recipe_draws_its_classes_alike(tiny_fer: Fer2013) -> None:
    recipe = replace(emotion_recipe("emotion_cnn"), balanced=True, batch_size=16)
    module = Fer2013Module(tiny_fer, recipe)
    drawn = torch.cat([shares for _, shares in module.train_dataloader()])
    assert drawn.sum(0).min() > 0.4 * drawn.sum(0).max()
