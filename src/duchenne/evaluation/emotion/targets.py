"""What an emotion network can be trained for on FER-2013, and measured against: classes and rows.

Learning and evaluation share these definitions, so that a network is measured by the labels that
it was trained on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.evaluation.datasets.ferplus import FERPLUS_EMOTIONS, majority

TALK_EMOTIONS: Final[tuple[str, ...]] = ("angry", "fear", "happy", "sad", "surprise")
"""The five classes of the talk: FER-2013 without disgust and neutral."""

# -1 marks a row that the target leaves out.
_Labels = Callable[[Fer2013], NDArray[np.int64]]


@dataclass(frozen=True)
class EmotionTarget:
    """A set of classes with the rule that labels FER-2013's pictures with them.

    Attributes:
        name: ``fer7``, ``talk5`` or ``ferplus8``.
        classes: the K class names; position i is label i.
        rule: which rows are taken and how they are labelled, one sentence.
        labels_of: see ``select``.
    """

    name: str
    classes: tuple[str, ...]
    rule: str
    labels_of: _Labels

    def select(self, data: Fer2013) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """The rows that have one of the classes, and their labels.

        Args:
            data: FER-2013, or one split of it.

        Returns:
            (N,) bool, which of the N rows are taken; (M,) int64 labels from 0 to K - 1 of the M
            rows taken, in order: ``data.images[rows]`` goes with ``labels``.

        Raises:
            DataError: the target needs FER+ votes that this copy does not hold.
        """
        labels = self.labels_of(data)
        rows = labels >= 0
        return rows, labels[rows]


def target(name: str) -> EmotionTarget:
    """The target of that name.

    Raises:
        DataError: there is none.
    """
    if name not in TARGETS:
        raise DataError(f"No emotion target {name!r}; there are: {', '.join(TARGETS)}.")
    return TARGETS[name]


def target_of(classes: tuple[str, ...]) -> EmotionTarget:
    """The target with these classes in this order.

    Raises:
        DataError: there is none.
    """
    for each in TARGETS.values():
        if each.classes == classes:
            return each
    known = "; ".join(f"{t.name}: {', '.join(t.classes)}" for t in TARGETS.values())
    raise DataError(f"FER-2013 has no labels for the classes {', '.join(classes)}; it has {known}.")


def _original(data: Fer2013) -> NDArray[np.int64]:
    return data.labels


def _five(data: Fer2013) -> NDArray[np.int64]:
    names = [TALK_EMOTIONS.index(n) if n in TALK_EMOTIONS else -1 for n in EMOTIONS]
    return np.array(names, np.int64)[data.labels]


def _majority(data: Fer2013) -> NDArray[np.int64]:
    if data.votes is None:
        raise DataError(
            "This copy of FER-2013 has no FER+ votes: put the official fer2013new.csv beside "
            "fer2013.csv, or use the Parquet file with the votes."
        )
    return majority(data.votes)


TARGETS: Final[dict[str, EmotionTarget]] = {
    each.name: each
    for each in (
        EmotionTarget("fer7", EMOTIONS, "Every row with FER-2013's own label.", _original),
        EmotionTarget(
            "talk5",
            TALK_EMOTIONS,
            "FER-2013's own labels; rows labelled disgust or neutral are left out.",
            _five,
        ),
        EmotionTarget(
            "ferplus8",
            FERPLUS_EMOTIONS,
            "FER+'s majority label: single votes left out, then more than half of the rest; rows "
            "without such a majority, or with one for unknown or not a face, are left out.",
            _majority,
        ),
    )
}
