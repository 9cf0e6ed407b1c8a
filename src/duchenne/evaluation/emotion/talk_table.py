"""The talk's five-class table, with our networks beside its own.

"Facial Emotion Recognition in Real-Time", DSI-28, 7 July 2022: F1 of five emotions on FER-2013
without disgust and neutral. The talk speaks of about 3,500 test pictures, which is one of the two
official test splits of seven classes; which rows of it were measured, it does not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.evaluation.emotion.targets import TALK_EMOTIONS
from duchenne.evaluation.statistics.intervals import Estimate, finite_or_none
from duchenne.evaluation.statistics.metrics import ClassificationReport

TALK_F1: Final[dict[str, tuple[float, ...]]] = {
    "VGGFace": (0.67, 0.56, 0.92, 0.67, 0.83),
    "MobileNetV2": (0.57, 0.40, 0.89, 0.62, 0.77),
    "VGG16": (0.54, 0.51, 0.87, 0.61, 0.78),
    "ResNet-50": (0.52, 0.47, 0.82, 0.56, 0.77),
}
"""The talk's own numbers, in the order of ``TALK_EMOTIONS``; it gave no intervals."""

TALK: Final = "the talk"
FIVE: Final = "five classes"
SEVEN: Final = "seven, renormalised"


@dataclass(frozen=True)
class TalkRow:
    """One network's F1 for the five emotions.

    Attributes:
        network: its name.
        kind: ``the talk``; ``five classes`` for a network trained for them; ``seven,
            renormalised`` for one that knows disgust and neutral but was not let name them.
        f1: (5,) in the order of ``TALK_EMOTIONS``; without intervals for the talk's.
        macro_f1: their mean.
        accuracy: share of right rows; None for the talk's.
    """

    network: str
    kind: str
    f1: tuple[Estimate, ...]
    macro_f1: Estimate
    accuracy: Estimate | None

    @property
    def wins(self) -> tuple[bool, ...]:
        """(5,) where the F1 is at least that of the talk's best network, VGGFace."""
        best = TALK_F1["VGGFace"]
        return tuple(ours.value >= theirs for ours, theirs in zip(self.f1, best, strict=True))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "network": self.network,
            "kind": self.kind,
            "f1": {n: e.to_dict() for n, e in zip(TALK_EMOTIONS, self.f1, strict=True)},
            "macro_f1": self.macro_f1.to_dict(),
            "accuracy": None if self.accuracy is None else self.accuracy.to_dict(),
        }


def talk_rows() -> list[TalkRow]:
    """The talk's four networks."""
    nothing = float("nan")
    return [
        TalkRow(
            network,
            TALK,
            tuple(Estimate(value, nothing, nothing) for value in values),
            Estimate(round(float(np.mean(values)), 3), nothing, nothing),
            None,
        )
        for network, values in TALK_F1.items()
    ]


def talk_row(
    network: str, classes: tuple[str, ...], labels: ArrayLike, probabilities: ArrayLike
) -> TalkRow:
    """One of our networks on the rows labelled with one of the five.

    Args:
        network: its name.
        classes: the seven of FER-2013, or the talk's five.
        labels: (M,) indices into ``TALK_EMOTIONS``.
        probabilities: (M, K) in the order of ``classes``; of seven, disgust and neutral are
            dropped and the rest divided by its sum.

    Raises:
        DataError: other classes.
    """
    if classes not in {EMOTIONS, TALK_EMOTIONS}:
        raise DataError(f"{network} has other classes than the talk's: {', '.join(classes)}.")
    seven = classes == EMOTIONS
    scores = five_of_seven(probabilities) if seven else np.asarray(probabilities)
    report = ClassificationReport.from_predictions(labels, scores, TALK_EMOTIONS)
    kind = SEVEN if seven else FIVE
    return TalkRow(network, kind, report.f1_intervals, report.macro_f1, report.accuracy)


def five_of_seven(probabilities: ArrayLike) -> NDArray[np.float64]:
    """(N, 7) probabilities of ``EMOTIONS`` to (N, 5) of ``TALK_EMOTIONS``; rows sum to 1 again."""
    places = [EMOTIONS.index(name) for name in TALK_EMOTIONS]
    kept = np.asarray(probabilities, np.float64)[:, places]
    # A row that is sure of neutral keeps next to nothing; even so it may name one of the five.
    kept = np.maximum(kept, np.finfo(np.float64).tiny)
    return np.asarray(kept / kept.sum(axis=1, keepdims=True), np.float64)


def talk_frame(rows: list[TalkRow]) -> pd.DataFrame:
    """A row a network: kind, F1 of each emotion with its bounds, macro F1, accuracy."""
    return pd.DataFrame([_flat(row) for row in rows])


def _flat(row: TalkRow) -> dict[str, object]:
    cells: dict[str, object] = {"network": row.network, "kind": row.kind}
    named = [*zip(TALK_EMOTIONS, row.f1, strict=True), ("macro_f1", row.macro_f1)]
    if row.accuracy is not None:
        named.append(("accuracy", row.accuracy))
    for name, estimate in named:
        values = (estimate.value, estimate.low, estimate.high)
        for end, value in zip(("", "_low", "_high"), values, strict=True):
            cells[f"{name}{end}"] = finite_or_none(value)
    return cells
