"""The shipped genuineness models on clips of people that they did not learn from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.evaluation.genuineness.evaluation import GenuinenessEvaluation
from duchenne.evaluation.genuineness.rows import GenuinenessRows
from duchenne.evaluation.statistics.subject_folds import subject_folds
from duchenne.genuineness.clip_model import LEAST_CLIPS, MODEL, WITH_PERSON, Baseline, KernelModel
from duchenne.genuineness.still_model import STILL_MODELS


def strangers(rows: GenuinenessRows) -> bool:
    """Whether none of the people is among those that the shipped model learned from.

    Raises:
        DataError: some are and some are not, so no one figure would be fair.
    """
    known = set(KernelModel().card.settings.get("people", ()))
    met = known & {int(person) for person in rows.people}
    if met and not {int(person) for person in rows.people} <= known:
        raise DataError(
            f"{len(met)} of these people trained the shipped model and others did not: keep the "
            "new people in a folder of their own."
        )
    return not met


def evaluate_shipped(rows: GenuinenessRows) -> list[GenuinenessEvaluation]:
    """Figures of the shipped weights as they are; nothing is fitted but the intensity baseline.

    The model by person is tried where everybody has enough clips for a baseline of their own.
    """
    folds = subject_folds(rows.clips)

    def told(name: str, view: str, p: NDArray[np.float64]) -> GenuinenessEvaluation:
        title = f"{name}, {view}, shipped weights"
        by_person = name == WITH_PERSON
        return GenuinenessEvaluation.from_predictions(title, rows.clips, p, folds, by_person)

    found = [told(MODEL, "whole clips", KernelModel().judge(rows.whole).p_genuine)]
    if np.unique(rows.people, return_counts=True)[1].min() >= LEAST_CLIPS:
        judged = _judge_by_person(rows, KernelModel(WITH_PERSON))
        found.append(told(WITH_PERSON, "whole clips", judged))
    for view, name in STILL_MODELS.items():
        p = KernelModel(name).judge(rows.view(view)).p_genuine
        found.append(told(name, "one frame", p))
    return found


def _judge_by_person(rows: GenuinenessRows, model: KernelModel) -> NDArray[np.float64]:
    p = np.empty(len(rows))
    for person in np.unique(rows.people):
        own = rows.people == person
        baseline = Baseline.from_inputs(model, rows.whole[own])
        p[own] = model.judge(rows.whole[own], baseline).p_genuine
    return p
