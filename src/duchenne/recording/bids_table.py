"""A recording's rows on the regular clock that BIDS asks for, and what its columns mean."""

from __future__ import annotations

import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.recording.exporting import MEANINGS, Displayed, Judged, moments_of
from duchenne.recording.recording import Recording

MISSING: Final = "n/a"

# The file's name or its other columns say these already.
_LEFT_OUT: Final = ("frame", "face_id", "success")
_UNITS: Final = {"degrees": "deg", "radians": "rad", "px": "pixel"}
# A clock in microseconds with an hour without frames would be billions of rows.
_MOST_EMPTY: Final = 50
_ROWS_AT_A_TIME: Final = 5_000


@dataclass(frozen=True, eq=False)
class Clock:
    """Evenly spaced moments.

    Attributes:
        start: s, the first.
        rate: a second.
        count: how many.
    """

    start: float
    rate: float
    count: int

    @classmethod
    def of(cls, times: NDArray[np.float64]) -> Clock:
        """Of (n,) s, rising: the mean step where each then has a moment, else the usual one.

        Raises:
            DataError: it would be empty almost everywhere.
        """
        step = (float(times[-1]) - float(times[0])) / (len(times) - 1)
        even = float(times[0]) + step * np.arange(len(times))
        # Times that were rounded to milliseconds have a median that drifts away from the frames.
        if np.abs(times - even).max() > 0.5 * step:
            step = float(np.median(np.diff(times)))
        count = round((float(times[-1]) - float(times[0])) / step) + 1
        if count > _MOST_EMPTY * len(times):
            raise DataError(
                f"The times of the {len(times)} frames are too uneven for a regular clock of "
                f"{1 / step:.4g} a second: read the table again and give fps."
            )
        return cls(float(times[0]), 1 / step, count)

    def places(self, times: NDArray[np.float64]) -> NDArray[np.intp]:
        """(count,) the frame nearest to each moment, -1 where none is within half a step."""
        moments = self.start + np.arange(self.count) / self.rate
        after = np.clip(np.searchsorted(times, moments), 0, len(times) - 1)
        before = np.maximum(after - 1, 0)
        nearer = np.abs(times[before] - moments) < np.abs(times[after] - moments)
        found = np.where(nearer, before, after)
        far = np.abs(times[found] - moments) * self.rate > 0.5 + 1e-6
        return np.where(far, -1, found)


def columns_of(recording: Recording) -> list[str]:
    """The numbers that the recording has, in its order; without those that are never known."""
    found = recording.table.to_pandas()
    return [
        name
        for name in found.columns
        if name not in _LEFT_OUT and found[name].dtype.kind == "f" and found[name].notna().any()
    ]


def describe_columns(recording: Recording, columns: Sequence[str]) -> dict[str, dict[str, str]]:
    """What each column means, as a BIDS sidecar has it."""
    told = recording.describe_all().set_index("column")
    found = {}
    for name in columns:
        unit, meaning = str(told.loc[name, "unit"]), str(told.loc[name, "meaning"])
        # A range is no unit: without one BIDS says "arbitrary".
        ranged = not unit or " to " in unit or " or " in unit
        text = f"{meaning}, {unit}" if unit and ranged else meaning
        found[name] = {
            "Description": text,
            "Units": "arbitrary" if ranged else _UNITS.get(unit, unit),
        }
    if "timestamp" in found:
        found["timestamp"]["Description"] += "; of the frame that this row was taken from"
    return found


def write_samples(
    path: Path, recording: Recording, face_id: int, clock: Clock, columns: Sequence[str]
) -> None:
    """One face as a compressed table without a header; a row each moment, n/a where it was away."""
    rows = moments_of(recording, face_id)[list(columns)]
    places = clock.places(rows["timestamp"].to_numpy(np.float64))
    # No name and no time in the archive: the same rows are the same bytes.
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
    ):
        for start in range(0, clock.count, _ROWS_AT_A_TIME):
            some = places[start : start + _ROWS_AT_A_TIME]
            taken = rows.iloc[np.maximum(some, 0)].reset_index(drop=True)
            taken.loc[some < 0] = np.nan
            taken["timestamp"] = taken["timestamp"].round(6)
            taken.to_csv(
                text, sep="\t", header=False, index=False, na_rep=MISSING, lineterminator="\n"
            )


def events_frame(expressions: Sequence[Displayed], verdicts: Sequence[Judged]) -> pd.DataFrame:
    """A row for each expression in the order of their onsets, and verdicts if there are some."""
    said = {(one.face_id, one.onset_s, one.offset_s): told for one, told in verdicts}
    rows = []
    for one in sorted(expressions, key=lambda one: (one.onset_s, one.face_id)):
        told = said.get((one.face_id, one.onset_s, one.offset_s))
        p = None if told is None else told.p_genuine
        facts = {
            "onset": round(one.onset_s, 3),
            "duration": round(one.offset_s - one.onset_s, 3),
            "trial_type": one.emotion,
            "face_id": one.face_id,
            "apex": round(one.apex_s, 3),
            "intensity": round(one.intensity, 3),
            "brief": int(one.brief),
            "verdict": None if told is None else told.verdict,
            "p_genuine": None if p is None else round(p, 4),
        }
        rows.append(facts)
    names = [*EVENTS] if verdicts else [name for name in EVENTS if name not in _OF_VERDICTS]
    return pd.DataFrame(rows, columns=names)


_OF_VERDICTS: Final = ("verdict", "p_genuine")
EVENTS: Final[dict[str, dict[str, Any]]] = {
    "onset": {"Description": "where the displayed expression begins", "Units": "s"},
    "duration": {"Description": "from its onset to its offset", "Units": "s"},
    "trial_type": {
        "Description": "what is displayed; it tells nothing of what anybody experiences",
    },
    "face_id": {"Description": "whose it is, as in recording-face<id>"},
    "apex": {"Description": "where it is strongest", "Units": "s"},
    "intensity": {
        "Description": "strength at the apex, the mean of the two Action Units that rise highest, "
        "0 to 5",
        "Units": "arbitrary",
    },
    "brief": {
        "Description": "whether it lasts less than half a second",
        "Levels": {"0": "no", "1": "yes"},
    },
    "verdict": {
        "Description": "what recordings the display resembles; no statement about honesty",
        "Levels": MEANINGS,
    },
    "p_genuine": {
        "Description": "0 as posed recordings, 1 as spontaneous ones, calibrated where both are "
        "equally common",
        "Units": "arbitrary",
    },
}
"""The columns of the table of events with what its sidecar says of them."""
