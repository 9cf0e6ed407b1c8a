"""The moments of a recording that are worth a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import Final

import pandas as pd

from duchenne.action_units.names import ACTION_UNITS
from duchenne.emotion.labels import EMOTIONS
from duchenne.recording.columns import NO_FACE
from duchenne.recording.recording import Recording
from duchenne.report.quality import steady
from duchenne.report.rows import (
    faces_longest_first,
    frame_times,
    report_rows,
    top_emotions,
    with_face,
)
from duchenne.report.words import percent

MOST_MOMENTS: Final = 8

# Below these a peak tells nothing.
_LEAST_PROBABILITY: Final = 0.4
_LEAST_INTENSITY: Final = 1.0
# Peaks of one face this close to each other look the same: one picture for both.
_APART_SECONDS: Final = 0.25
_APART_SHARE: Final = 0.02


@dataclass(frozen=True)
class KeyMoment:
    """A moment worth a picture.

    Attributes:
        time: seconds since the source's first frame.
        frame: number of the frame in the source.
        face_id: whose it is; -1 where the recording has no face.
        reason: why this moment, in words.
    """

    time: float
    frame: int
    face_id: int
    reason: str


def key_moments(recording: Recording) -> list[KeyMoment]:
    """Where each face's displays are clearest: at most 8 moments, in the order of time.

    For each face, those seen longest first: the peak of each emotion that is ever the most
    probable one (at 40 % at least), and the strongest AU12 (1 of 5 at least). Rows with a far
    turned head, low confidence or a small face only count where a face has no others. A
    recording without any face gives the frame in its middle; one without rows gives nothing.

    Raises:
        DataError: the recording lacks a column.
    """
    rows = report_rows(recording)
    if rows.empty:
        return []
    times, _ = frame_times(rows)
    faces = faces_longest_first(rows)
    if not faces:
        middle = int(times.index[len(times) // 2])
        return [KeyMoment(float(times[middle]), middle, NO_FACE, "no face found in this frame")]
    seen = with_face(rows)
    apart = max(_APART_SECONDS, _APART_SHARE * float(times.iloc[-1] - times.iloc[0]))
    each = [_of_face(seen[seen["face_id"] == face], times, apart) for face in faces]
    # One of each face in turn: the first face must not take all the places.
    fair = [m for m in chain.from_iterable(zip_longest(*each)) if m is not None]
    return sorted(fair[:MOST_MOMENTS], key=lambda m: (m.time, m.face_id))


def _of_face(rows: pd.DataFrame, times: pd.Series[float], apart: float) -> list[KeyMoment]:
    good = rows[steady(rows)]
    chosen: list[KeyMoment] = []
    for row, reason in _peaks(rows if good.empty else good):
        frame = int(rows.at[row, "frame"])
        time = float(times[frame])
        near = next((i for i, m in enumerate(chosen) if abs(m.time - time) < apart), None)
        if near is None:
            chosen.append(KeyMoment(time, frame, int(rows.at[row, "face_id"]), reason))
        else:
            together = f"{chosen[near].reason}; {reason}"
            chosen[near] = replace(chosen[near], reason=together)
    return chosen


def _peaks(rows: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Row labels and reasons, the most telling first; at least one."""
    peaks = sorted(_emotion_peaks(rows), reverse=True)
    yield from ((row, reason) for _, _, row, reason in peaks)
    smile = rows["AU12_r"].dropna()
    strong = not smile.empty and float(smile.max()) >= _LEAST_INTENSITY
    if strong:
        name = f"AU12 ({ACTION_UNITS['AU12']})"
        yield int(smile.idxmax()), f"{name} strongest, {smile.max():.1f} of 5"
    if not peaks and not strong:
        confidence = rows["confidence"].fillna(0.0)
        yield int(confidence.idxmax()), "seen most clearly"


def _emotion_peaks(rows: pd.DataFrame) -> Iterator[tuple[bool, float, int, str]]:
    tops = top_emotions(rows)
    for name in EMOTIONS:
        values = rows.loc[tops.index[tops == name], f"emotion_{name}"]
        if values.empty or float(values.max()) < _LEAST_PROBABILITY:
            continue
        peak = float(values.max())
        # Neutral comes last: a face at rest is the least telling picture.
        yield (
            name != "neutral",
            peak,
            int(values.idxmax()),
            f"{name} at its highest, " + percent(peak),
        )
