"""The smile models beside simpler ones, all by the same folds of the UvA-NEMO smiles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.evaluation.datasets.uva_nemo import REPEATS, UvaNemo
from duchenne.evaluation.genuineness.smile_scores import SmileEvaluation, SmileScores, result_of
from duchenne.genuineness.smile import SHIPPED
from duchenne.genuineness.smile_inputs import PARTS, Part, inputs_of
from duchenne.learning.smile import (
    Fit,
    Matrix,
    Platt,
    cross_calibrated,
    cross_validate,
    fit_line,
    fit_part,
    fit_smile,
)
from duchenne.learning.smile_export import export_smile
from duchenne.weights.card import ModelCard

DATA: Final = "UvA-NEMO"
PEERS: Final = ("logistic regression, lips", "logistic regression, eyelids")
CONTENDERS: Final = len(PARTS) + len(PEERS)

_NOTES: Final = (
    "Grouped 10-fold by gender and age; every figure is the mean over the repeats, each with "
    "other folds.",
    "The authors of the table report an accuracy of 0.783 with its numbers. The eyelid columns "
    "are noise.",
)


@dataclass(frozen=True, eq=False)
class SmileValidation:
    """What cross validation gave.

    Attributes:
        evaluation: both models and their peers.
        raw: (R, N) scores of each model before calibration, by models that did not see the row.
    """

    evaluation: SmileEvaluation
    raw: dict[Part, NDArray[np.float64]]


def validate_smile(
    data: UvaNemo, repeats: int = REPEATS, on_progress: Callable[[int], object] | None = None
) -> SmileValidation:
    """Cross-validate both models, a logistic regression on all 75 lip columns and on the eyelids'.

    Args:
        data: the table.
        repeats: how often, at least 1.
        on_progress: told 1 after each repeat of each of the ``CONTENDERS``.

    Raises:
        DataError: the table holds too few groups of gender and age.
    """
    told = on_progress or (lambda _: None)
    raw: dict[Part, NDArray[np.float64]] = {}
    scores: list[SmileScores] = []

    def run(name: str, inputs: Matrix, fit: Fit) -> NDArray[np.float64]:
        found = []
        for one in cross_validate(data, inputs, fit, repeats):
            found.append(one)
            told(1)
        kept = np.stack([cross_calibrated(one, data, i) for i, one in enumerate(found)])
        names = (name, DATA)
        scores.append(SmileScores.from_repeats(names, kept, data.spontaneous, data.groups))
        return np.stack(found)

    for part in PARTS:
        raw[part] = run(SHIPPED[part], inputs_of(data.lips, part), fit_smile)
    for name, columns in zip(PEERS, (data.lips, data.eyes), strict=True):
        run(name, columns.astype(np.float32), fit_line)
    return SmileValidation(SmileEvaluation(tuple(scores), _NOTES), raw)


def export_parts(data: UvaNemo, validation: SmileValidation, folder: Path) -> list[ModelCard]:
    """Fit both models on all smiles and write them into a folder, each with its card.

    Raises:
        ModelError: a file cannot be written, or says something else than the model.
    """
    peers = [score for score in validation.evaluation.scores if score.model in PEERS]
    cards = []
    for part in PARTS:
        raw = validation.raw[part]
        calibration = Platt.fit(raw.reshape(-1), np.tile(data.spontaneous, len(raw)))
        (own,) = [s for s in validation.evaluation.scores if s.model == SHIPPED[part]]
        cards.append(
            export_smile(
                fit_part(data, part),
                part,
                inputs_of(data.lips, part),
                calibration,
                folder / f"{SHIPPED[part]}.onnx",
                tuple(result_of(score, "uva_nemo_features") for score in (own, *peers)),
            )
        )
    return cards
