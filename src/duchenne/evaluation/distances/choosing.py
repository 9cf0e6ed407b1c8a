"""Metric and number of neighbours chosen on the training clips alone, fold by fold.

Looking for the best setting on the clips that are then reported flatters the result; here each fold
takes the setting that names most of its own training clips.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duchenne.evaluation.distances.neighbours import Labels, nearest, vote
from duchenne.evaluation.statistics.subject_folds import Folds

NEIGHBOURS = (1, 5, 9, 15)
"""Numbers of neighbours to choose from."""


@dataclass(frozen=True, eq=False)
class Chosen:
    """Predictions by settings that each fold chose for itself.

    Attributes:
        predicted: (n,) labels.
        times: metric and neighbours to the number of folds that chose them.
    """

    predicted: Labels
    times: dict[tuple[str, int], int]


def choose(
    distances: Mapping[str, NDArray[np.float32]], labels: Labels, folds: Folds
) -> Chosen:  # fmt: skip
    """Name each clip by the setting that does best among the training clips of its fold.

    Training clips are compared as in the whole: each only with clips outside its own fold (its own
    person, where folds are people), and never with a clip that is to be scored.

    Args:
        distances: name of a metric to (n, n), infinite within a fold.
        labels: (n,) classes from 0.
        folds: which fold scores each clip.
    """
    predicted, times = np.empty_like(labels), Counter[tuple[str, int]]()
    for train, test in folds.splits():
        best, most = None, -1
        for name, apart in distances.items():
            inner = nearest(apart[np.ix_(train, train)], max(NEIGHBOURS))
            for k in NEIGHBOURS:
                right = int((vote(inner[:, :k], labels[train]) == labels[train]).sum())
                if right > most:
                    best, most = (name, k), right
        assert best is not None
        times[best] += 1
        predicted[test] = vote(nearest(distances[best[0]][test], best[1]), labels)
    return Chosen(predicted, dict(times))
