from __future__ import annotations

import pytest

pytest.importorskip("lightning", reason="learning needs the extra: train")

import numpy as np

from duchenne.evaluation.fer2013 import Fer2013
from duchenne.learning.data import EpochShuffle, Fer2013Module


def test_each_epoch_has_an_order_of_its_own_that_comes_back() -> None:
    shuffle = EpochShuffle(50, seed=1)
    orders = []
    for epoch in (0, 1, 0):
        shuffle.set_epoch(epoch)
        orders.append(list(shuffle))
    assert orders[0] == orders[2] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(50))
    assert orders[0] != list(EpochShuffle(50, seed=2))


def test_batches_come_whole_and_private_rows_never(tiny_fer: Fer2013) -> None:
    module = Fer2013Module(tiny_fer, batch_size=64)
    sizes = [len(labels) for _, labels in module.train_dataloader()]
    assert sizes == [64, 64]
    pictures, labels = next(iter(module.val_dataloader()))
    public = tiny_fer.split("PublicTest")
    np.testing.assert_array_equal(pictures.numpy(), public.images)
    np.testing.assert_array_equal(labels.numpy(), public.labels)
