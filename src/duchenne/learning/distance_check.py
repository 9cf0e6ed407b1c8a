"""GenuEmotion's landmark model took the distance to the camera for posing: shown, and cured.

"If the face is near the camera it says false, and if we move away it says true" (Errante and
Micarelli, Sapienza 2025): the two data sets it learned from were filmed at different distances.
Here the same is planted: posed clips are brought nearer by a factor. A model on landmarks in pixels
then looks nearly perfect and calls people genuine or posed by where they sit; on landmarks without
head pose, place and size nothing changes, because the planted difference is gone before the model
sees it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.evaluation.genuineness.features import ClipFeatures, nearer, normalised
from duchenne.evaluation.statistics.subject_folds import Folds, subject_folds
from duchenne.faces.canonical import CanonicalFace
from duchenne.learning.evaluate_genuineness import ClipSet
from duchenne.learning.genuineness_models import MODELS, TrainingRows

PLANTED: Final = 1.4
"""How much nearer the posed clips are brought."""

FACTORS: Final = (0.7, 1.0, 1.4)
"""How near all faces are brought when the trained model is tried."""

_FOLDS: Final = 4
_COLUMNS: Final = ("model", "planted", "seeming_accuracy", "nearer", "accuracy", "called_genuine")


def distance_check(data: ClipSet, face: CanonicalFace, seed: int = 0) -> pd.DataFrame:
    """Both landmark models, with and without the planted distance, in four folds by person.

    Args:
        data: the clips.
        face: the canonical head.
        seed: of the folds and the trainings.

    Returns:
        A row for each model, planting and distance at which it is tried: ``model``; ``planted``
        (how much nearer posed clips were in training); ``seeming_accuracy`` (on held-out people
        with the same planting: what the maker of the model would report); ``nearer`` (factor that
        all clips are brought nearer in the trial); ``accuracy`` and ``called_genuine`` (shares, 0
        to 1, in the trial).

    Raises:
        DataError: fewer than two people.
    """
    people = data.clips["subject"].nunique()
    folds = subject_folds(data.clips, min(_FOLDS, people), seed)
    rows = []
    for name in ("mlp-landmarks-raw", "mlp-landmarks"):
        for planted in (1.0, PLANTED):
            tried = _tried(data, face, name, planted, folds)
            right = [(p > 0.5) == data.genuine for p in tried]
            for factor, p, good in zip(FACTORS, tried[1:], right[1:], strict=True):
                shares = (right[0].mean(), factor, good.mean(), (p > 0.5).mean())
                rows.append((name, planted, *(float(share) for share in shares)))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _tried(
    data: ClipSet, face: CanonicalFace, name: str, planted: float, folds: Folds
) -> list[NDArray[np.float64]]:
    """Out-of-fold probabilities: as planted, then at each of ``FACTORS``."""
    model = MODELS[name]
    factors = np.where(data.genuine, 1.0, planted)
    learned = model.features(_brought(data.features, factors, face))
    everyone = np.ones(len(factors))
    views = [learned]
    views += [model.features(_brought(data.features, f * everyone, face)) for f in FACTORS]
    found = [np.empty(len(factors)) for _ in views]
    people = data.clips["subject"].to_numpy()
    for number, (train, test) in enumerate(folds.splits()):
        rows = TrainingRows(learned[train], data.genuine[train], people[train])
        predict, _ = model.fit(rows, number)
        for p, view in zip(found, views, strict=True):
            p[test] = predict(view[test])
    return found


def _brought(
    features: ClipFeatures, factors: NDArray[np.float64], face: CanonicalFace
) -> ClipFeatures:
    pixels = nearer(features.apex_pixels, factors[:, None, None])
    return replace(features, apex_pixels=pixels, apex_points=normalised(pixels, face))
