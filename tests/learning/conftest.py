"""The made-up FER-2013 that this room trains on, and a network that trains in no time."""

from __future__ import annotations

import pytest
from tests.tiny import tiny_fer

__all__ = ["tiny_fer"]


@pytest.fixture(scope="session", autouse=True)
def tiny_network() -> None:
    """Register ``tiny``: what emotion_cnn is made of, once each."""
    torch = pytest.importorskip("torch", reason="learning needs the extra: train")
    from torch import nn

    from duchenne.learning.networks import NETWORKS

    def build(classes: int) -> nn.Module:
        return nn.Sequential(
            nn.AvgPool2d(4),
            nn.Conv2d(1, 8, 3, padding=1),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.Dropout(0.25),
            nn.Flatten(),
            nn.Linear(8 * 12 * 12, classes),
        )

    assert torch
    NETWORKS["tiny"] = build
