"""An emotion network on ONNX Runtime: grey face crops in, probabilities out."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import ModelError
from duchenne.weights.card import ModelCard, load_card
from duchenne.weights.session import open_session

DEFAULT: Final = "emotion_compact"

# Keeps memory flat however many crops come: the first layers hold 600 kB a face.
_CHUNK: Final = 64


class EmotionClassifier:
    """Gives each face crop a probability for each of the card's K classes.

    Args:
        model: a shipped model's name, the path of an ``.onnx`` file with its card beside it, or
            a card.
        classes: what the network must answer with. Recordings hold the seven of ``EMOTIONS``, so
            nothing else is taken unless asked for; None: whatever classes the card names.

    Raises:
        ModelError: no such model, no whole card, another task or other classes, or a file that
            cannot run.
    """

    def __init__(
        self,
        model: str | Path | ModelCard = DEFAULT,
        *,
        classes: tuple[str, ...] | None = EMOTIONS,
    ) -> None:
        self.card = model if isinstance(model, ModelCard) else load_card(model)
        _check_classes(self.card, classes)
        self._session = open_session(self.card)
        outputs = self._session.get_outputs()[0].shape[-1]
        # Networks that leave the number open name their axis with a text.
        if isinstance(outputs, int) and outputs != len(self.card.classes):
            raise ModelError(
                f"{self.card.path} has {outputs} outputs, but its card names "
                f"{len(self.card.classes)} classes: one of the two is from another network."
            )

    def predict(self, crops: ArrayLike) -> NDArray[np.float32]:
        """Probabilities of the displayed emotion.

        Args:
            crops: (n, 48, 48) uint8 grey crops, n may be 0.

        Returns:
            (n, K) float32 in the order of ``card.classes``; each row sums to 1.

        Raises:
            ValueError: another shape or type.
        """
        return softmax(self.logits(crops) / np.float32(self.card.temperature))

    def logits(self, crops: ArrayLike) -> NDArray[np.float32]:
        """What ``predict`` turns into probabilities: (n, K) float32, before the temperature."""
        pixels = np.asarray(crops)
        size = self.card.input.size
        if pixels.ndim != 3 or pixels.shape[1:] != size or pixels.dtype != np.uint8:
            wanted = ", ".join(str(n) for n in size)
            raise ValueError(
                f"Face crops are (n, {wanted}) uint8 grey, got {pixels.shape} {pixels.dtype}."
            )
        if len(pixels) == 0:
            return np.zeros((0, len(self.card.classes)), np.float32)
        chunks = [self._run(pixels[i : i + _CHUNK]) for i in range(0, len(pixels), _CHUNK)]
        return np.concatenate(chunks)

    def _run(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        scale, offset = self.card.input.scale, self.card.input.offset
        values = pixels[:, None].astype(np.float32) * np.float32(scale) + np.float32(offset)
        (logits,) = self._session.run(None, {self._session.get_inputs()[0].name: values})
        return np.asarray(logits, np.float32)


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, K) logits to probabilities along the last axis, safe for logits of any size."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)


def _check_classes(card: ModelCard, wanted: tuple[str, ...] | None) -> None:
    named = ", ".join(card.classes) or "(none)"
    if card.task != "emotion" or (wanted is not None and card.classes != wanted):
        raise ModelError(
            f"{card.name} answers {card.task} with the classes {named}, not the emotions "
            f"{', '.join(wanted or EMOTIONS)}."
        )
    if len(set(card.classes)) < max(2, len(card.classes)):
        raise ModelError(f"The card of {card.name!r} needs two or more different classes: {named}.")
