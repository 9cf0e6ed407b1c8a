"""How much of the gap between random folds and unseen people is the person's own clips.

The poster says that success "is driven by the presence of samples from the validated subject into
the training-set". Here those are taken out of the random folds' training clips, and for comparison
as many clips of other people: what is lost by the first beyond the second is owed to the person's
own clips, whatever the size of the training set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duchenne.evaluation.distances.neighbours import Labels, nearest, vote
from duchenne.evaluation.distances.shares import share
from duchenne.evaluation.statistics.intervals import Estimate, bootstrap_interval, finite_or_none

DRAWS: Final = 10


@dataclass(frozen=True)
class OwnSamples:
    """Accuracies and their differences, 0 to 1 (in points / 100), with intervals over people.

    Attributes:
        random: random folds, everything allowed.
        others_removed: as many clips of other people taken away as the person has in training.
        own_removed: the person's own clips taken away.
        unseen: leaving the person out.
        gap: ``random`` less ``unseen``.
        owed: ``others_removed`` less ``own_removed``.
        part: ``owed`` over ``gap``.
        own_nearest: share of clips whose nearest clip shows the same person.
        own_expected: the same if neighbours were drawn at random.
        right_by_own: accuracy where the nearest clip shows the same person.
        right_by_others: accuracy where it shows somebody else.
    """

    random: Estimate
    others_removed: Estimate
    own_removed: Estimate
    unseen: Estimate
    gap: Estimate
    owed: Estimate
    part: Estimate
    own_nearest: Estimate
    own_expected: float
    right_by_own: Estimate
    right_by_others: Estimate

    @classmethod
    def measure(
        cls,
        by_random: NDArray[np.float32],
        by_person: NDArray[np.float32],
        labels: Labels,
        people: ArrayLike,
        k: int = 1,
        seed: int = 0,
    ) -> OwnSamples:  # fmt: skip
        """From distances with random folds and with one fold a person.

        Args:
            by_random: (n, n), infinite within a fold.
            by_person: (n, n), infinite within a person.
            labels: (n,) classes from 0.
            people: (n,) who each clip shows.
            k: neighbours that vote.
            seed: of the draws.
        """
        whose = np.asarray(people)
        same = whose[:, None] == whose
        first = nearest(by_random, 1)[:, 0]
        own = whose[first] == whose
        usual = vote(nearest(by_random, k), labels) == labels
        alone = vote(nearest(by_person, k), labels) == labels
        without = vote(nearest(by_random, k, ~same), labels) == labels
        fewer = _fewer_others(by_random, labels, same, k, seed)
        allowed = np.isfinite(by_random)
        nearest_right = labels[first] == labels

        def part(rows: NDArray[np.intp]) -> float:
            gap = usual[rows].mean() - alone[rows].mean()
            owed = fewer[rows].mean() - without[rows].mean()
            return float(owed / gap) if gap > 0 else float("nan")

        return cls(
            share(usual, whose),
            share(fewer, whose),
            share(without, whose),
            share(alone, whose),
            share(usual.astype(float) - alone, whose),
            share(fewer - without, whose),
            bootstrap_interval(part, len(labels), whose),
            share(own, whose),
            float(((allowed & same).sum(axis=1) / allowed.sum(axis=1)).mean()),
            _where(nearest_right, own, whose),
            _where(nearest_right, ~own, whose),
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        found = vars(self).items()
        return {n: v.to_dict() if isinstance(v, Estimate) else finite_or_none(v) for n, v in found}


def _fewer_others(
    distances: NDArray[np.float32], labels: Labels, same: NDArray[np.bool_], k: int, seed: int
) -> NDArray[np.float64]:
    """(n,) how often each clip is right when as many others as own clips are taken away."""
    random = np.random.default_rng(seed)
    allowed = np.isfinite(distances)
    own = (allowed & same).sum(axis=1)
    others = allowed & ~same
    right = np.zeros(len(labels))
    for _ in range(DRAWS):
        # The own[i] others with the lowest random number go.
        number = np.where(others, random.random(distances.shape), np.inf)
        ranked = np.sort(number, axis=1)
        limit = ranked[np.arange(len(labels)), np.minimum(own, others.sum(axis=1))]
        kept = ~(number < limit[:, None])
        right += vote(nearest(distances, k, kept), labels) == labels
    return right / DRAWS


def _where(
    right: NDArray[np.bool_], rows: NDArray[np.bool_], people: NDArray[np.generic]
) -> Estimate:
    if not rows.any():
        return Estimate(float("nan"), float("nan"), float("nan"))
    return share(right[rows], people[rows])
