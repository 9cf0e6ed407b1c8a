"""Who is trained on, chosen by and scored: whole people each, stored with the experiment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.evaluation.statistics.subject_folds import FOLDS, draw_people, stored_people
from duchenne.files import write_text

Kind = Literal["holdout", "folds", "leave-one-out"]
Rows = NDArray[np.intp]

_SCORED: Final = 0.2


@dataclass(frozen=True)
class Split:
    """People dealt into parts; each part is scored once by what was trained on the others.

    Attributes:
        kind: ``holdout``: only the first part, about 20 % of the people, is scored, as in the
            thesis; ``folds``: every part in turn; ``leave-one-out``: the same, a person a part.
        parts: the people of each, as text.
        seed: of the deal.
    """

    kind: Kind
    parts: tuple[tuple[str, ...], ...]
    seed: int = 0

    @classmethod
    def deal(cls, clips: pd.DataFrame, kind: Kind, folds: int = FOLDS, seed: int = 0) -> Split:
        """Deal the people of a table of clips; PEDFE's 44 into their stored folds.

        Args:
            clips: with the columns subject, type and emotion.
            kind: see above.
            folds: how many, with ``folds``.
            seed: of the deal.

        Raises:
            DataError: fewer than three people: one each to train on, to choose by, to score.
        """
        people = sorted(clips["subject"].unique())
        if len(people) < 3:
            raise DataError(f"A split needs clips of at least 3 people, not {len(people)}.")
        if kind == "leave-one-out":
            return cls(kind, tuple((str(person),) for person in people), seed)
        parts = _deal_parts(clips, people, folds, seed)
        if kind == "holdout":
            scored = max(1, round(_SCORED * len(parts)))
            parts = (sum(parts[:scored], ()), *parts[scored:])
        return cls(kind, parts, seed)

    def rounds(self, clips: pd.DataFrame) -> Iterator[tuple[Rows, Rows, Rows]]:
        """Clips to train on, to choose epochs and rates by, and to score, round by round.

        The part after the scored one is the one to choose by; nobody stands in two of the three.

        Raises:
            DataError: these are not the people that were dealt.
        """
        of = {person: number for number, part in enumerate(self.parts) for person in part}
        part = clips["subject"].astype(str).map(of)
        if part.isna().any():
            who = clips["subject"][part.isna()].iloc[0]
            raise DataError(
                f"The stored split does not know the person {who}: choose another folder for the "
                "results of these people."
            )
        place = part.to_numpy(np.intp)
        for scored in range(1 if self.kind == "holdout" else len(self.parts)):
            chosen = (scored + 1) % len(self.parts)
            rest = np.flatnonzero((place != scored) & (place != chosen))
            yield rest, np.flatnonzero(place == chosen), np.flatnonzero(place == scored)

    def scored(self, clips: pd.DataFrame) -> Rows:
        """The clips that some round scores."""
        return np.sort(np.concatenate([test for _, _, test in self.rounds(clips)]))

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        write_text(path, json.dumps(asdict(self), indent=1) + "\n")

    @classmethod
    def load(cls, path: Path) -> Split:
        """What ``save`` wrote.

        Raises:
            DataError: it is no split.
        """
        try:
            content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            parts = tuple(tuple(map(str, part)) for part in content["parts"])
            split = cls(content["kind"], parts, int(content["seed"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(f"{path} is not a stored split: delete it, or use another.") from error
        return split


def stored_split(path: Path, clips: pd.DataFrame, kind: Kind, seed: int = 0) -> Split:
    """The split in a file, dealt and written there the first time.

    Raises:
        DataError: the file is no split, or not one of these people.
    """
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        Split.deal(clips, kind, seed=seed).save(path)
    split = Split.load(path)
    if split.kind != kind:
        raise DataError(
            f"{path} holds a split of the kind {split.kind}, not {kind}: choose another folder for "
            "the results of this kind."
        )
    split.scored(clips)
    return split


def _deal_parts(
    clips: pd.DataFrame, people: list[Any], folds: int, seed: int
) -> tuple[tuple[str, ...], ...]:
    if (folds, seed) == (FOLDS, 0) and _is_pedfe(people):
        return tuple(tuple(map(str, part)) for part in stored_people())
    numbered = clips.assign(subject=np.searchsorted(np.asarray(people), clips["subject"]))
    parts = draw_people(numbered, max(min(folds, len(people)), 3), seed)
    return tuple(tuple(str(people[i]) for i in part) for part in parts)


def _is_pedfe(people: list[Any]) -> bool:
    return {str(p) for p in people} == {str(p) for part in stored_people() for p in part}
