"""What a network is trained towards: a share for each class and picture."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.evaluation.datasets.ferplus import VOTES
from duchenne.evaluation.emotion.targets import EmotionTarget

_SAME: Final = {
    "angry": "anger",
    "disgust": "disgust",
    "fear": "fear",
    "happy": "happiness",
    "sad": "sadness",
    "surprise": "surprise",
    "neutral": "neutral",
}
_LEAST_VOTES: Final = 3
"""With fewer votes for the target's classes, a picture's votes say too little; its label stands."""


def soft_labels(
    data: Fer2013, target: EmotionTarget, votes: float = 0.0, smoothing: float = 0.0
) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """Label, FER+ votes and smoothing in one.

    Args:
        data: FER-2013, or one split of it.
        target: the classes and the rule for rows.
        votes: share of the votes, 0 to 1; the label has the rest.
        smoothing: share spread evenly over the classes.

    Returns:
        (N,) bool, the rows taken; (M, K) shares of theirs, each row of them summing to 1.

    Raises:
        DataError: votes are asked for and the data set holds none.
    """
    rows, labels = target.select(data)
    shares: NDArray[np.floating] = np.eye(len(target.classes))[labels]
    if votes:
        shares = (1.0 - votes) * shares + votes * _voted(data.rows(rows), target, shares)
    shares = (1.0 - smoothing) * shares + smoothing / len(target.classes)
    return rows, shares.astype(np.float32)


def _voted(
    data: Fer2013, target: EmotionTarget, otherwise: NDArray[np.floating]
) -> NDArray[np.float64]:
    if data.votes is None:
        raise DataError(
            "The recipe learns from FER+ votes, which this copy of FER-2013 lacks: put "
            "fer2013new.csv (github.com/microsoft/FERPlus) beside fer2013.csv."
        )
    names = [_SAME.get(name, name) for name in target.classes]
    counts = data.votes[:, [VOTES.index(name) for name in names]].astype(np.float64)
    total = counts.sum(axis=1, keepdims=True)
    return np.where(total >= _LEAST_VOTES, counts / np.maximum(total, 1.0), otherwise)
