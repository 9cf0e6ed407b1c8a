"""Networks by name: ``build("emotion_cnn", classes=7)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from torch import nn

from duchenne.errors import DataError
from duchenne.learning.networks.emotion_cnn import EmotionCNN

NETWORKS: Final[dict[str, Callable[[int], nn.Module]]] = {
    "emotion_cnn": EmotionCNN,
}
"""Each entry takes the number of classes; its module maps (N, 1, 48, 48) to (N, classes)."""


def build(name: str, classes: int) -> nn.Module:
    """A freshly initialised network.

    Raises:
        DataError: no network of that name is registered.
    """
    if name not in NETWORKS:
        raise DataError(f"No network {name!r}; there are: {', '.join(sorted(NETWORKS))}.")
    return NETWORKS[name](classes)


__all__ = ["NETWORKS", "EmotionCNN", "build"]
