"""Smiles of another data set through the same features: PEDFE's clips of happiness.

PEDFE: Miolla, Cardaioli and Scarpazza, Behavior Research Methods 55, 2023. Only its lips are read.
Its clips end before most smiles do, and many begin within one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from duchenne.errors import DataError, reason
from duchenne.evaluation.datasets.pedfe import STEPS_A_PIXEL, read_clips
from duchenne.evaluation.genuineness.smile_scores import SmileEvaluation, SmileScores
from duchenne.expressions.lips import LIPS, frontal
from duchenne.expressions.phases import COLUMNS, lip_features
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.faces import LANDMARKS
from duchenne.genuineness.smile import SHIPPED, SmileModel
from duchenne.genuineness.smile_inputs import PARTS

EMOTION: Final = "happiness"
DATA: Final = "PEDFE happiness"


@dataclass(frozen=True, eq=False)
class Smiles:
    """Smiles of known people.

    Attributes:
        lips: (N, 75) in the order of ``expressions.phases.COLUMNS``, finite.
        spontaneous: (N,) bool, the clips called genuine.
        subject: (N,) whose smile it is.
        unseen: how many clips were left out because the lips were never seen.
    """

    lips: NDArray[np.float64]
    spontaneous: NDArray[np.bool_]
    subject: NDArray[np.int64]
    unseen: int


def read_pedfe_smiles(folder: str | Path, face: CanonicalFace, every: int = 1) -> Smiles:
    """The lip features of each clip of happiness, taken whole.

    Args:
        folder: that holds ``clips.csv`` and ``frames.parquet``.
        face: the canonical head.
        every: use only each such frame of a clip in which a face was found, 1 or more.

    Raises:
        DataError: a file is missing or not PEDFE's, or there are no smiles of both kinds.
    """
    clips = read_clips(folder)
    clips = clips[clips["emotion"] == EMOTION]
    if clips["type"].nunique() != 2 or clips["subject"].isna().any():
        raise DataError(f"{folder} should have genuine and posed clips of {EMOTION}, with subject.")
    path = Path(folder) / "frames.parquet"
    code, times, landmarks = _read(path, face, set(clips["code"]))
    lips = frontal(landmarks, LIPS, face)[..., :2]
    rows = [_features(times[code == name], lips[code == name], every) for name in clips["code"]]
    features = np.array(rows).reshape(-1, len(COLUMNS))
    seen = np.isfinite(features).all(axis=1)
    if not seen.any():
        raise DataError(f"{path} shows the lips in none of the clips of {EMOTION}.")
    _, subject = np.unique(clips["subject"].to_numpy(), return_inverse=True)
    spontaneous = (clips["type"] == "genuine").to_numpy(bool)
    unseen = int((~seen).sum())
    return Smiles(features[seen], spontaneous[seen], subject[seen].astype(np.int64), unseen)


def evaluate_transfer(smiles: Smiles) -> SmileEvaluation:
    """The shipped models on smiles that they never learned from, with subject-bootstrap intervals.

    Raises:
        ModelError: the weights are missing, or not those their cards describe.
    """
    model = SmileModel()
    scores = []
    for part in PARTS:
        p = model.part(part).p_genuine(smiles.lips)[None]
        names = (SHIPPED[part], DATA)
        scores.append(SmileScores.from_repeats(names, p, smiles.spontaneous, smiles.subject))
    share = float(smiles.spontaneous.mean())
    notes = [
        f"Nothing was fitted on these smiles; {share:.1%} are genuine, and intervals draw whole "
        "people.",
        "Clips that end before the smile does have no true offset: there the model to use is "
        f"{SHIPPED['onset']}.",
    ]
    if smiles.unseen:
        notes.append(f"{smiles.unseen} clip(s) never show the lips and are left out.")
    return SmileEvaluation(tuple(scores), tuple(notes))


def _read(
    path: Path, face: CanonicalFace, codes: set[str]
) -> tuple[NDArray[np.str_], NDArray[np.float64], NDArray[np.float32]]:
    points = sorted({*LIPS, *(int(anchor) for anchor in face.anchors)})
    axes = [f"{axis}_{point}" for axis in "xyz" for point in points]
    if not path.is_file():
        raise DataError(f"No PEDFE frames at {path}.")
    try:
        table = pq.read_table(path, columns=["code", "time", "success", *axes]).to_pandas()
        table = table[table["code"].isin(codes) & (table["success"] == 1)]
        values = table[axes].to_numpy(np.float32)
        times = table["time"].to_numpy(np.float64)
    except (pa.ArrowException, KeyError, TypeError, ValueError, OSError) as error:
        raise DataError(f"{path} is not PEDFE's table of frames: {reason(error)}.") from error
    if not np.isfinite(times).all():
        raise DataError(f"{path} has a frame without a time.")
    landmarks = np.full((len(table), LANDMARKS, 3), np.nan, np.float32)
    placed = values.reshape(len(table), 3, len(points)).transpose(0, 2, 1) / STEPS_A_PIXEL
    landmarks[:, points] = placed
    return table["code"].to_numpy(np.str_), times, landmarks


def _features(times: NDArray[np.float64], lips: NDArray[np.float64], every: int) -> list[float]:
    order = np.argsort(times, kind="stable")[::every]
    found = lip_features(times[order], lips[order])
    return [found[name] for name in COLUMNS]
