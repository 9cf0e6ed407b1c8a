"""The ten FER+ votes for each picture of FER-2013, and what their majority says.

Barsoum, Zhang, Canton Ferrer and Zhang, "Training Deep Networks for Facial Expression Recognition
with Crowd-Sourced Label Distribution", ICMI 2016.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import DataError, reason

FERPLUS_EMOTIONS: Final[tuple[str, ...]] = (
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "disgust",
    "fear",
    "contempt",
)
"""FER+'s eight classes, in the order of its votes."""

VOTES: Final[tuple[str, ...]] = (*FERPLUS_EMOTIONS, "unknown", "NF")
"""What a rater could vote for; NF is "not a face"."""

VOTES_FILE: Final = "fer2013new.csv"
_TAKERS: Final = 10


def votes_of(table: pd.DataFrame, name: str) -> NDArray[np.int64]:
    """The votes of a table with a column for each of ``VOTES``, blanks being no votes: (N, 10).

    Raises:
        DataError: a column is missing, or a row holds no counts from 0 to 10.
    """
    missing = [vote for vote in VOTES if vote not in table.columns]
    if missing:
        raise DataError(f"{name} lacks the FER+ column(s) {', '.join(missing)}.")
    columns = [pd.to_numeric(table[vote], errors="coerce").to_numpy(np.float64) for vote in VOTES]
    counts = np.stack(columns, axis=1)
    # Written so that NaN and fractions fail it too.
    wrong = np.flatnonzero(~(np.isin(counts, np.arange(_TAKERS + 1))).all(axis=1))
    if wrong.size:
        raise DataError(
            f"Row {wrong[0]} of {name} has FER+ votes that are not whole numbers from 0 to "
            f"{_TAKERS}."
        )
    return counts.astype(np.int64)


def votes_beside(path: Path, usage: NDArray[np.str_]) -> NDArray[np.int64] | None:
    """The votes of the official ``fer2013new.csv`` in the folder of FER-2013's file, if there.

    Args:
        path: FER-2013's own file.
        usage: (N,) official split of its rows, by which a file for other rows is found out.

    Returns:
        (N, 10) votes in the order of ``VOTES``; None where there is no such file.

    Raises:
        DataError: the file is no FER+ table, or its rows are not those of FER-2013.
    """
    source = path.with_name(VOTES_FILE)
    if not source.is_file():
        return None
    try:
        table = pd.read_csv(source, skipinitialspace=True)
    except (OSError, ValueError) as error:
        raise DataError(f"{VOTES_FILE} is not a CSV table: {reason(error)}.") from error
    table.columns = [str(column).strip() for column in table.columns]
    votes = votes_of(table, VOTES_FILE)
    if "Usage" not in table.columns:
        raise DataError(f"{VOTES_FILE} lacks the column Usage, by which its rows are checked.")
    theirs = table["Usage"].astype(str).str.strip().to_numpy()
    if len(theirs) != len(usage) or (theirs != usage).any():
        raise DataError(
            f"{VOTES_FILE} is not about the rows of {path.name}: their number or their splits "
            "differ."
        )
    return votes


def majority(votes: NDArray[np.int64]) -> NDArray[np.int64]:
    """FER+'s majority label of each picture, by its authors' rule.

    Votes that stand alone (one rater for a class) are left out as outliers; then a class must
    have more than half of the rest. This is the "majority" mode of the authors' own reader
    (github.com/microsoft/FERPlus), stricter than "most votes": of PrivateTest's 3,589 pictures it
    keeps 3,153.

    Args:
        votes: (N, 10) in the order of ``VOTES``.

    Returns:
        (N,) index into ``FERPLUS_EMOTIONS``; -1 where no class has the majority, or where the
        majority is for unknown or not a face.
    """
    counted = np.where(votes <= 1, 0, votes)
    best = counted.argmax(axis=1)
    agreed = 2 * counted.max(axis=1) > counted.sum(axis=1)
    named = best < len(FERPLUS_EMOTIONS)
    return np.where(agreed & named, best, -1).astype(np.int64)
