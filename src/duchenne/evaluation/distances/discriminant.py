"""A metric learned from labels: nearness along the directions that tell the classes apart.

Penalised discriminant analysis by optimal scoring (Hastie, Buja and Tibshirani, Ann. Statist. 23,
1995), computed from products between clips (Roth and Steinhage, NIPS 1999), so that 50,000 numbers
a clip cost no more than 500. Each fold learns from its training clips alone; the penalty too is
chosen there, by folds of their own that keep each person together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.evaluation.distances.comparing import apart_only, standardised_blocks
from duchenne.evaluation.distances.neighbours import nearest, vote
from duchenne.evaluation.statistics.subject_folds import Folds, draw_people

Matrix = NDArray[np.float64]
Indices = NDArray[np.intp]

PENALTIES: Final = (0.1, 0.3, 1.0, 3.0)
"""Tried on the training clips, in mean variances of a direction."""

NEIGHBOURS: Final = 15
_INNER_FOLDS: Final = 4
_LEAST: Final = 1e-6


@dataclass(frozen=True, eq=False)
class Learned:
    """What a learned metric makes of the clips.

    Attributes:
        distances: (n, n) float32, row i as the fold sees it that scores clip i; infinite within.
        penalties: that each fold chose.
    """

    distances: NDArray[np.float32]
    penalties: tuple[float, ...]


def compare_learned(
    rows: NDArray[np.float32],
    clips: pd.DataFrame,
    labels: Indices,
    folds: Folds,
    update: Callable[[int], Any] | None = None,
) -> Learned:
    """Distances by a metric that each fold learns from the labels of its training clips.

    Args:
        rows: (n, columns) descriptions of the clips.
        clips: with the columns subject, type and emotion, for the inner folds.
        labels: (n,) classes from 0.
        folds: which fold scores each clip.
        update: told how many folds more are done.
    """
    count = len(rows)
    products = np.zeros((len(folds), count, count), np.float32)
    for block, number, _ in standardised_blocks(rows, folds):
        products[number] += block @ block.T
    distances, penalties = np.zeros((count, count)), []
    for number, (train, test) in enumerate(folds.splits()):
        gram = products[number].astype(np.float64)
        penalties.append(choose_penalty(gram, clips, labels, train))
        places = discriminants(gram, train, labels[train], penalties[-1])
        distances[test] = _apart(places[test], places)
        if update is not None:
            update(1)
    return Learned(apart_only(distances, folds), tuple(penalties))


def discriminants(gram: Matrix, train: Indices, labels: Indices, penalty: float) -> Matrix:
    """Where clips lie along the directions that tell classes apart.

    Args:
        gram: (n, n) products between the clips' descriptions.
        train: (m,) the clips that are learned from.
        labels: (m,) their classes.
        penalty: in mean variances of a direction.

    Returns:
        (n, classes - 1) coordinates of all clips; within a class they vary by about 1.
    """
    own = gram[np.ix_(train, train)]
    middle = own.mean(axis=0)
    centred = gram[:, train] - middle - gram[:, train].mean(axis=1)[:, None] + middle.mean()
    known, classes = np.unique(labels, return_inverse=True)
    scores = np.eye(len(known))[classes] / np.sqrt(np.bincount(classes) / len(train))
    scores = scores - scores.mean(axis=0)
    inner = centred[train]
    ridge = penalty * np.trace(inner) / len(train) * np.eye(len(train))
    fitted = centred @ np.linalg.solve(inner + ridge, scores)
    # The share of a direction that the classes explain, largest last; the smallest is no direction.
    shares, turns = np.linalg.eigh(scores.T @ fitted[train] / len(train))
    shares = np.clip(shares[1:], _LEAST, 1 - _LEAST)
    return np.asarray(fitted @ turns[:, 1:] / np.sqrt(shares * (1 - shares)))


def choose_penalty(gram: Matrix, clips: pd.DataFrame, labels: Indices, train: Indices) -> float:
    """The penalty that names most training clips, each by people that it was not learned from."""
    people = draw_people(
        clips.iloc[train], min(_INNER_FOLDS, clips["subject"].iloc[train].nunique())
    )
    whose = clips["subject"].to_numpy()[train]
    right = np.zeros(len(PENALTIES))
    for held in people:
        out = np.isin(whose, held)
        inside, outside = train[~out], train[out]
        for place, penalty in enumerate(PENALTIES):
            found = discriminants(gram, inside, labels[inside], penalty)
            apart = _apart(found[outside], found[inside]).astype(np.float32)
            named = vote(nearest(apart, NEIGHBOURS), labels[inside])
            right[place] += (named == labels[outside]).sum()
    return PENALTIES[int(right.argmax())]


def _apart(first: Matrix, second: Matrix) -> Matrix:
    squares = (first**2).sum(axis=1)[:, None] + (second**2).sum(axis=1) - 2 * first @ second.T
    return np.asarray(np.sqrt(np.maximum(squares, 0.0)))
