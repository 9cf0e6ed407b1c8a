"""Trains and scores a genuineness model fold by fold on PEDFE, or on a folder laid out alike."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.evaluation.datasets.pedfe_frames import read_clip_frames, read_judged_clips
from duchenne.evaluation.genuineness.evaluation import GenuinenessEvaluation
from duchenne.evaluation.genuineness.features import ClipFeatures
from duchenne.evaluation.plots import plot_history, save_figure
from duchenne.evaluation.statistics.standardising import by_person
from duchenne.evaluation.statistics.subject_folds import Folds, Kind, random_folds, subject_folds
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.networks import FaceNetworks
from duchenne.learning.genuineness_mlp import mean_history
from duchenne.learning.genuineness_models import MODELS, GenuinenessModel, TrainingRows

Say = Callable[[str], None]

CURVES: Final = "curves.png"


@dataclass(frozen=True, eq=False)
class ClipSet:
    """A data set as the models see it; read once, used by all of them.

    Attributes:
        clips: the table of clips, with people's judgements.
        features: of the same clips in the same order.
    """

    clips: pd.DataFrame
    features: ClipFeatures

    @classmethod
    def from_folder(cls, folder: str | Path) -> ClipSet:
        """Read ``clips.csv`` and ``frames.parquet``.

        Raises:
            DataError: a file is missing or not as it should be.
            ModelError: the face model that holds the canonical head cannot be had.
        """
        clips = read_judged_clips(folder)
        face = CanonicalFace.from_bytes(FaceNetworks().geometry)
        return cls(clips, ClipFeatures.from_frames(read_clip_frames(folder, clips, face)))

    @property
    def genuine(self) -> NDArray[np.bool_]:
        """(n,) bool."""
        return np.asarray(self.clips["type"] == "genuine", bool)


@dataclass(frozen=True, eq=False)
class CrossValidated:
    """What came out of the folds.

    Attributes:
        p: (n,) probability of genuine of each clip, by the model that did not see its fold.
        seconds: (folds,) of each training.
        history: the curves averaged over the folds; None for models without epochs.
    """

    p: NDArray[np.float64]
    seconds: NDArray[np.float64]
    history: pd.DataFrame | None


def folds_of(clips: pd.DataFrame, kind: Kind) -> Folds:
    """By person (11, stored for PEDFE) or, to compare with, GenuEmotion's four at random."""
    return subject_folds(clips) if kind == "subject" else random_folds(clips)


def cross_validate(
    data: ClipSet, model: GenuinenessModel, folds: Folds, seed: int = 0, say: Say | None = None
) -> CrossValidated:
    """Train on the other folds, predict each fold.

    Raises:
        DataError: a fold leaves only one type to train on.
    """
    features = model.features(data.features)
    people, genuine = data.clips["subject"].to_numpy(), data.genuine
    if model.by_person:
        features = by_person(features, people)
    if folds.kind == "random":
        # Who is who is ignored throughout, inside the training rows as well.
        people = np.arange(len(people))
    p, seconds, histories = np.empty(len(people)), [], []
    for number, (train, test) in enumerate(folds.splits()):
        begun = time.perf_counter()
        watched = features[test], genuine[test]
        rows = TrainingRows(features[train], genuine[train], people[train], watched)
        predict, history = model.fit(rows, seed + number)
        p[test] = predict(features[test])
        seconds.append(time.perf_counter() - begun)
        if history is not None:
            histories.append(history)
        if say is not None:
            say(f"fold {number + 1} of {len(folds)}: {seconds[-1]:.1f} s")
    curves = mean_history(histories) if histories else None
    return CrossValidated(p, np.array(seconds), curves)


def evaluate_genuineness(
    data: ClipSet | str | Path,
    model: str,
    folds: Kind = "subject",
    out: Path | None = None,
    say: Say | None = None,
) -> GenuinenessEvaluation:
    """Figures of one model of ``MODELS``, trained within the folds.

    Args:
        data: the folder, or what ``ClipSet.from_folder`` read of it.
        model: its name.
        folds: ``subject``, or ``random`` for the comparison.
        out: folder for metrics.json, predictions.csv and curves.png.
        say: gets a line a fold.

    Raises:
        DataError: there is no such model, or the data is not as it should be.
        ModelError: the face model cannot be had.
    """
    if model not in MODELS:
        raise DataError(f"There is no genuineness model {model!r}; known: {', '.join(MODELS)}.")
    known = data if isinstance(data, ClipSet) else ClipSet.from_folder(data)
    dealt = folds_of(known.clips, folds)
    found = cross_validate(known, MODELS[model], dealt, say=say)
    evaluation = GenuinenessEvaluation.from_predictions(
        model, known.clips, found.p, dealt, MODELS[model].by_person, float(found.seconds.mean())
    )
    if out is not None:
        evaluation.save(out)
        if found.history is not None:
            title = f"{model}, mean of {len(dealt)} folds ({folds})"
            figure = plot_history(found.history, title, validation="scored fold")
            save_figure(figure, out / CURVES)
    return evaluation
