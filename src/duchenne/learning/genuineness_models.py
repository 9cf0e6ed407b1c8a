"""The models that learn genuine from posed displays out of PEDFE, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.evaluation.genuineness.features import ClipFeatures
from duchenne.learning.genuineness_ebsvm import fit_ebsvm, save_ebsvm
from duchenne.learning.genuineness_lstm_pb import fit_lstm_pb, save_lstm_pb
from duchenne.learning.genuineness_mlp import fit_mlp, save_mlp
from duchenne.learning.genuineness_svm import fit_svm

Matrix = NDArray[np.float64]
Predict = Callable[[Matrix], Matrix]


@dataclass(frozen=True, eq=False)
class TrainingRows:
    """What a model is fitted on, and the rows it may watch for its curves.

    Attributes:
        features: (n, features), or (n, t, points, 2) where the model sees streams.
        genuine: (n,) bool.
        people: (n,) whose rows they are.
        watched: features and kinds of the scored rows; never to be learned or chosen from.
    """

    features: Matrix
    genuine: NDArray[np.bool_]
    people: NDArray[Any]
    watched: tuple[Matrix, NDArray[np.bool_]] | None = None


Fit = Callable[[TrainingRows, int], tuple[Predict, pd.DataFrame | None]]


@dataclass(frozen=True)
class GenuinenessModel:
    """One way to tell genuine from posed displays.

    Attributes:
        title: what it looks at, in words.
        source: where it comes from.
        features: (n, features) out of all clips, or streams.
        fit: from training rows and a seed to (n, features) -> (n,) probabilities of genuine, and
            the curves of the training where there are any.
        save: writes what ``fit`` gave to a file; None where it is not worth keeping.
        by_person: whether each person's features are first standardised over that person's own
            clips, which needs several of them but no labels.
    """

    title: str
    source: str
    features: Callable[[ClipFeatures], Matrix]
    fit: Fit
    save: Callable[[Any, Path], None] | None = None
    by_person: bool = False


def _mlp(rows: TrainingRows, seed: int) -> tuple[Predict, pd.DataFrame | None]:
    fitted = fit_mlp(rows.features, rows.genuine, seed=seed, validation=rows.watched)
    return fitted, fitted.history


def _svm(rows: TrainingRows, seed: int) -> tuple[Predict, pd.DataFrame | None]:
    return fit_svm(rows.features, rows.genuine, rows.people, seed), None


def _ebsvm(rows: TrainingRows, seed: int) -> tuple[Predict, pd.DataFrame | None]:
    return fit_ebsvm(rows.features, rows.genuine, rows.people, seed=seed), None


def _lstm_pb(rows: TrainingRows, seed: int) -> tuple[Predict, pd.DataFrame | None]:
    return fit_lstm_pb(rows.features, rows.genuine, rows.people, seed=seed), None


def _flat(points: Matrix) -> Matrix:
    return points.reshape(len(points), -1)


_S2: Final = "GenuEmotion (Errante and Micarelli, Sapienza 2025), MLP on Action Units"
_S3: Final = "GenuEmotion, the same MLP on landmarks"
_S8: Final = "Huynh and Kim, ICCV Workshops 2017, LSTM with parametric bias, gradient boosting"
_S9: Final = "Annadurai, Arock and Vadivel 2023, ReliefF and boosted support vector machines"
_SVM: Final = "RBF support vector machine on statistics of signals and their derivatives"

MODELS: Final[dict[str, GenuinenessModel]] = {
    "mlp-aus": GenuinenessModel(
        "Action Units of the apex frame", _S2, lambda clips: clips.apex_units, _mlp, save_mlp
    ),
    "mlp-aus-clip": GenuinenessModel(
        "26 statistics of each Action Unit over the clip",
        _S2,
        lambda clips: clips.unit_statistics,
        _mlp,
        save_mlp,
    ),
    # x and y in pixels, as GenuEmotion took them: it learns where in the picture the face is.
    "mlp-landmarks-raw": GenuinenessModel(
        "landmarks of the apex frame in pixels",
        _S3,
        lambda clips: _flat(clips.apex_pixels[:, :, :2]),
        _mlp,
        save_mlp,
    ),
    "mlp-landmarks": GenuinenessModel(
        "landmarks of the apex frame without head pose, place and size",
        _S3,
        lambda clips: _flat(clips.apex_points),
        _mlp,
        save_mlp,
    ),
    "svm-statistics": GenuinenessModel(
        "1,950 statistics of blendshapes, head pose and distances",
        _SVM,
        lambda clips: clips.statistics,
        _svm,
    ),
    "svm-statistics-person": GenuinenessModel(
        "the same, standardised over each person's own clips",
        _SVM,
        lambda clips: clips.statistics,
        _svm,
        by_person=True,
    ),
    "lstm-pb": GenuinenessModel(
        "streams of 66 landmarks without head pose, place and size",
        _S8,
        lambda clips: clips.streams.astype(np.float64),
        _lstm_pb,
        save_lstm_pb,
    ),
    "ebsvm": GenuinenessModel(
        "landmarks of the apex frame without head pose, place and size",
        _S9,
        lambda clips: _flat(clips.apex_points),
        _ebsvm,
        save_ebsvm,
    ),
    "ebsvm-clip": GenuinenessModel(
        "1,950 statistics of blendshapes, head pose and distances",
        _S9,
        lambda clips: clips.statistics,
        _ebsvm,
        save_ebsvm,
    ),
}
"""``duchenne evaluate genuineness --model NAME``."""
