"""What the writers of ELAN and BIDS have in common: what they are given beside the recording.

Expressions and verdicts come from rooms that this one knows nothing of, so they are described here
by what is written of them; ``expressions.Expression`` and ``genuineness.Genuineness`` fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.files import in_one_step
from duchenne.recording.recording import Recording


class Displayed(Protocol):
    """One displayed expression: times in s, strength from 0 to 5."""

    @property
    def face_id(self) -> int: ...  # noqa: D102
    @property
    def onset_s(self) -> float: ...  # noqa: D102
    @property
    def apex_s(self) -> float: ...  # noqa: D102
    @property
    def offset_s(self) -> float: ...  # noqa: D102
    @property
    def brief(self) -> bool: ...  # noqa: D102
    @property
    def emotion(self) -> str | None: ...  # noqa: D102
    @property
    def intensity(self) -> float: ...  # noqa: D102


class Verdict(Protocol):
    """What was said about one of them."""

    @property
    def verdict(self) -> str: ...  # noqa: D102
    @property
    def p_genuine(self) -> float | None: ...  # noqa: D102


Judged = tuple[Displayed, Verdict]

MEANINGS: Final = {
    "genuine": "resembles spontaneous recordings",
    "posed": "resembles posed recordings",
    "undecided": "undecided",
}
"""Verdicts in words, as ``genuineness.verdict.SAID`` has them."""


def frame_times(recording: Recording, form: str) -> NDArray[np.float64]:
    """(n,) s, the times of the frames, rising; two or more.

    Raises:
        DataError: it is a single picture, or has frames without a time.
    """
    times = np.unique(recording.table["timestamp"].to_numpy())
    name = recording.metadata.source.name
    if not np.isfinite(times).all():
        raise DataError(f"{name} has frames without a time: read its table again and give fps.")
    if len(times) < 2:
        raise DataError(
            f"{form} needs a course over time, and {name} has fewer than two moments: give the "
            "recording of a video."
        )
    return np.asarray(times, np.float64)


def moments_of(recording: Recording, face_id: int) -> pd.DataFrame:
    """The rows of one face in the order of time, one for each time.

    The clock of another program's table may stall or go back.
    """
    rows = recording.face(face_id).sort_values("timestamp", kind="stable")
    return rows.drop_duplicates("timestamp")


def check_faces(recording: Recording, expressions: Sequence[Displayed]) -> None:
    """Make sure that the expressions are of this recording.

    Raises:
        DataError: one is of a face that it does not have.
    """
    strange = {one.face_id for one in expressions} - set(recording.face_ids)
    if strange:
        raise DataError(
            f"There is an expression of face {min(strange)}, which this recording does not have; "
            f"there are: {recording.face_ids}."
        )


@contextmanager
def exported(path: Path) -> Iterator[Path]:
    """``files.in_one_step`` for a file of the user's, whose folder is made where it is not there.

    Raises:
        DataError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with in_one_step(path) as fresh:
            yield fresh
    except OSError as error:
        raise DataError(
            f"{path} cannot be written ({error.strerror}): choose another place."
        ) from error
