"""How often clips are named rightly, with intervals over people, and on which parts of the data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from duchenne.evaluation.distances.neighbours import NOBODY, Labels, nearest, vote
from duchenne.evaluation.statistics.intervals import Estimate, bootstrap_interval

FRACTIONS: Final = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
LEVELS: Final = (0, 20, 40, 60, 80)
"""Percent of raters who named the clip rightly."""

DRAWS: Final = 10
_FEWEST: Final = 20


@dataclass(frozen=True)
class Part:
    """Accuracy on some of the clips, compared only with each other.

    Attributes:
        name: of the part.
        clips: how many are scored.
        training: how many each is compared with, mean.
        accuracy: 0 to 1, its interval over people.
    """

    name: str
    clips: int
    training: float
    accuracy: Estimate

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self) | {"accuracy": self.accuracy.to_dict()}


def share(right: ArrayLike, people: ArrayLike) -> Estimate:
    """Mean of (n,) values, 0 to 1, with its 95 % bootstrap interval over people."""
    values, whose = np.asarray(right, np.float64), np.asarray(people)
    return bootstrap_interval(lambda rows: float(values[rows].mean()), len(values), whose)


def within(
    name: str,
    distances: NDArray[np.float32],
    labels: Labels,
    people: ArrayLike,
    rows: NDArray[np.bool_],
    k: int,
) -> Part | None:
    """Accuracy on the chosen rows when only those are compared; None for fewer than 20 of them."""
    chosen = np.flatnonzero(rows)
    if len(chosen) < _FEWEST:
        return None
    apart = distances[np.ix_(chosen, chosen)]
    named = vote(nearest(apart, k), labels[chosen])
    right = named == labels[chosen]
    training = float(np.isfinite(apart).sum(axis=1).mean())
    return Part(name, len(chosen), training, share(right, np.asarray(people)[chosen]))


def by_level(
    distances: NDArray[np.float32], labels: Labels, clips: pd.DataFrame, column: str, k: int
) -> list[Part]:
    """Accuracy on clips at or above each level of ``column``, for all, genuine and posed clips."""
    found = []
    kinds = clips["type"].to_numpy()
    for kind in ("all", "genuine", "posed"):
        for level in LEVELS:
            rows = (clips[column].to_numpy() >= level) & ((kinds == kind) | (kind == "all"))
            # Genuine or posed is no question among clips of one kind.
            if kind != "all" and column == "hit_rate_type":
                continue
            name = f"{kind}, {level} %"
            part = within(name, distances, labels, clips["subject"], rows, k)
            found += [] if part is None else [part]
    return found


def training_curve(
    distances: NDArray[np.float32], labels: Labels, people: ArrayLike, k: int, seed: int = 0
) -> list[Part]:
    """Accuracy with ever more training clips, mean over ten random choices of them."""
    random = np.random.default_rng(seed)
    count, found = len(distances), []
    usual = float(np.isfinite(distances).sum(axis=1).mean())
    for fraction in FRACTIONS:
        right = np.zeros(count)
        draws = DRAWS if fraction < 1 else 1
        for _ in range(draws):
            kept = np.zeros(count, np.bool_)
            kept[random.permutation(count)[: round(fraction * count)]] = True
            named = vote(nearest(distances, k, kept), labels)
            right += (named == labels) & (named != NOBODY)
        found.append(Part(f"{fraction:.2f}", count, fraction * usual, share(right / draws, people)))
    return found
