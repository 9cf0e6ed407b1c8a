"""Whose is whose, over many pairs of frames; see face_shape.py."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duchenne.evaluation.statistics.intervals import Estimate, bootstrap_interval, wilson_interval
from duchenne.weights.facts import Figure

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Trials:
    """Evidence of pairs of frames.

    same (people, k) is one person's; different (pairs, m) that of two, who are in pairs (pairs, 2);
    margin (pairs,) how much the right names have over the swapped ones, NaN where not asked.
    """

    same: Floats
    different: Floats
    pairs: NDArray[np.intp]
    margin: Floats

    def figures(self) -> tuple[Figure, ...]:
        """The area under the ROC curve and shares, each with its interval over people."""
        wins = np.stack([beaten(row, self.different) for row in self.same])
        figures = [
            self._figure("AUC", wins),
            self._own_above_zero("one person above zero"),
            self._figure("two people above zero", (self.different > 0).mean(axis=1)[None]),
        ]
        if np.isfinite(self.margin).all():
            figures += [
                self._figure("pairs named right", (self.margin > 0)[None]),
                self._figure("pairs named right by 3 nats", (self.margin > 3)[None]),
            ]
        return tuple(figures)

    def _own_above_zero(self, name: str) -> Figure:
        above = self.same > 0
        if above.shape[1] > 1:
            return self._figure(name, above.mean(axis=1)[:, None])
        # One pair a person is a proportion; a bootstrap has no bounds where all are right.
        return figure(name, wilson_interval(int(above.sum()), len(above)))

    def _figure(self, name: str, cells: NDArray[np.generic]) -> Figure:
        """The mean of cells (people or 1, pairs or 1), as often as each person is drawn."""
        people = len(self.same)
        table = np.broadcast_to(cells, (people, len(self.pairs))).astype(np.float64)

        def mean(drawn: NDArray[np.intp]) -> float:
            often = np.bincount(drawn, minlength=people)
            both = often[self.pairs].prod(axis=1)
            return float(often @ table @ both / (often.sum() * both.sum()))

        return figure(name, bootstrap_interval(mean, people))


def figure(name: str, estimate: Estimate) -> Figure:
    bounds = (round(v, 6) for v in (estimate.value, estimate.low, estimate.high))
    return Figure(name.replace(" ", "_"), *bounds)


def beaten(scores: Floats, rivals: Floats) -> Floats:
    """For each row of rivals (q, m): how often a score is above one, ties counting half."""
    ordered = np.sort(scores)
    below = (np.searchsorted(ordered, rivals, side) for side in ("left", "right"))
    return np.asarray(1 - np.mean([b / len(ordered) for b in below], axis=0).mean(axis=1))
