"""Who is trained on and who is scored: folds by person, and the random ones that mislead.

A person in both the training and the scored rows makes a result worthless, because a model then
knows how that person looks when filmed in the one or the other session. ``random_folds`` are here
so that everybody sees by how much.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import DataError

FOLDS: Final = 11
RANDOM_FOLDS: Final = 4
SEED: Final = 0
_DRAWS: Final = 4000
_STORED: Final = "pedfe11.json"

Kind = Literal["subject", "random"]


@dataclass(frozen=True, eq=False)
class Folds:
    """Which fold scores each row.

    Attributes:
        kind: ``subject`` where no person is on both sides, else ``random``.
        fold: (rows,) int, from 0.
    """

    kind: Kind
    fold: NDArray[np.intp]

    def __len__(self) -> int:
        return int(self.fold.max()) + 1

    def splits(self) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Row numbers to train on and to score, fold by fold."""
        for number in range(len(self)):
            yield np.flatnonzero(self.fold != number), np.flatnonzero(self.fold == number)


def draw_people(
    clips: pd.DataFrame, folds: int = FOLDS, seed: int = SEED
) -> tuple[tuple[int, ...], ...]:
    """Deal people into folds of equal size (off by one at most), each like the whole.

    4,000 random deals are drawn by NumPy's PCG64 with the seed; the one is kept whose folds differ
    least from their mean in the number of clips of each type and emotion (sum of squares).

    Args:
        clips: with the columns subject (whole numbers), type and emotion.
        folds: how many.
        seed: of the draws.

    Returns:
        The people of each fold, in ascending order.

    Raises:
        DataError: there are fewer people than folds, or fewer than two folds.
    """
    counts = pd.crosstab(clips["subject"], [clips["type"], clips["emotion"]])
    people, table = counts.index.to_numpy(), counts.to_numpy(np.float64)
    if not 2 <= folds <= len(people):
        raise DataError(
            f"Folds by person need at least two folds and as many people: {folds} fold(s) were "
            f"asked for, and there are {len(people)} people."
        )
    generator = np.random.default_rng(seed)
    place = np.arange(len(people)) % folds
    best, least = place, np.inf
    for _ in range(_DRAWS):
        dealt = generator.permutation(place)
        share = np.eye(folds)[dealt].T @ table
        spread = float(((share - share.mean(axis=0)) ** 2).sum())
        if spread < least:
            best, least = dealt, spread
    return tuple(tuple(sorted(int(p) for p in people[best == f])) for f in range(folds))


def stored_people() -> tuple[tuple[int, ...], ...]:
    """PEDFE's 44 people in 11 folds of four, as committed (``folds/pedfe11.json``)."""
    return tuple(tuple(fold) for fold in _stored()["folds"])


def _stored() -> dict[str, Any]:
    text = (resources.files("duchenne.evaluation.statistics") / "folds" / _STORED).read_text(
        "utf-8"
    )
    content: dict[str, Any] = json.loads(text)
    return content


def subject_folds(clips: pd.DataFrame, folds: int = FOLDS, seed: int = SEED) -> Folds:
    """Folds in which nobody is on both sides.

    The stored ones where all people of ``clips`` are in them and 11 folds by seed 0 are asked
    for; other people are dealt afresh (``draw_people``), into as many folds as there are people
    where they are fewer.

    Raises:
        DataError: fewer than two people.
    """
    known = {person for fold in stored_people() for person in fold}
    people = set(clips["subject"].tolist())
    if (folds, seed) == (FOLDS, SEED) and people == known:
        dealt = stored_people()
    else:
        dealt = draw_people(clips, min(folds, len(people)), seed)
    of = {person: number for number, fold in enumerate(dealt) for person in fold}
    return Folds("subject", clips["subject"].map(of).to_numpy(np.intp))


def random_folds(clips: pd.DataFrame, folds: int = RANDOM_FOLDS, seed: int = SEED) -> Folds:
    """Clips dealt at random, genuine and posed spread evenly over the folds.

    People are on both sides: what comes out is no result, only a comparison with work that did so.

    Raises:
        DataError: there are fewer clips than folds.
    """
    if not 2 <= folds <= len(clips):
        raise DataError(f"{len(clips)} clips cannot be dealt into {folds} folds.")
    shuffled = np.random.default_rng(seed).permutation(len(clips))
    by_type = shuffled[np.argsort(clips["type"].to_numpy()[shuffled], kind="stable")]
    fold = np.empty(len(clips), np.intp)
    fold[by_type] = np.arange(len(clips)) % folds
    return Folds("random", fold)
