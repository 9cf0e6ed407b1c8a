"""A recording as tiers of annotations, the way people who code faces by hand look at one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.action_units.names import ACTION_UNITS
from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.recording.exporting import Displayed, Judged, moments_of
from duchenne.recording.recording import Recording

Kind = Literal["emotion", "expression", "phase", "action unit", "verdict"]
Vector = NDArray[np.float64]

PHASES: Final = ("onset", "apex", "offset")

# A face that is away for longer has ended what it displayed.
_LONGEST_GAP_S: Final = 0.25
_SLACK_S: Final = 1e-6


@dataclass(frozen=True)
class Annotation:
    """From ``start`` to ``end`` in whole milliseconds, and what is said of it."""

    start: int
    end: int
    value: str


@dataclass(frozen=True)
class Tier:
    """Annotations of one kind about one face.

    Attributes:
        name: no other tier has it.
        kind: what its annotations say.
        face_id: whose face they describe.
        annotations: in the order of time; they do not overlap.
        parent: name of the tier whose annotations hold these; "" where there is none.
    """

    name: str
    kind: Kind
    face_id: int
    annotations: tuple[Annotation, ...]
    parent: str = ""


@dataclass(frozen=True)
class Cut:
    """How signals are cut into segments.

    Attributes:
        threshold: above 0, up to 5: from there on an Action Unit is active.
        least_s: s, shorter segments are left out, and shorter interruptions bridged.

    Raises:
        DataError: numbers that these cannot be.
    """

    threshold: float = 1.0
    least_s: float = 0.2

    def __post_init__(self) -> None:
        if not 0 < self.threshold <= 5:
            raise DataError(
                "threshold, the intensity that an Action Unit is active from, must be above 0, up "
                f"to 5, not {self.threshold}."
            )
        if not 0 <= self.least_s < np.inf:
            raise DataError(
                f"least_s, the shortest segment, must be 0 or more seconds, not {self.least_s}."
            )


def tiers_of(
    recording: Recording,
    step: float,
    cut: Cut,
    expressions: Sequence[Displayed],
    verdicts: Sequence[Judged],
) -> Iterator[Tier]:
    """The tiers of every face, those seen longest first; a frame lasts ``step`` seconds.

    Of the tiers of Action Units those without any annotation are left out.

    Raises:
        DataError: expressions of one face overlap.
    """
    for face_id in recording.face_ids:
        rows = moments_of(recording, face_id)
        name = f"face {face_id}"
        yield Tier(f"{name} emotion", "emotion", face_id, _emotions(rows, step, cut))
        mine = [one for one in expressions if one.face_id == face_id]
        if mine:
            whole = f"{name} expression"
            spans = [_span(one, one.emotion or "unnamed") for one in mine]
            yield Tier(whole, "expression", face_id, _apart(spans, face_id))
            phases = [phase for one in mine for phase in _phases(one, step)]
            yield Tier(f"{name} phase", "phase", face_id, _apart(phases, face_id), whole)
        said = [_span(one, told.verdict) for one, told in verdicts if one.face_id == face_id]
        if said:
            yield Tier(f"{name} verdict", "verdict", face_id, _apart(said, face_id))
        for unit in ACTION_UNITS:
            active = _active(rows, unit, step, cut)
            if active:
                yield Tier(f"{name} {unit}", "action unit", face_id, active)


def segments(
    times: Vector, states: NDArray[np.intp], step: float, least_s: float
) -> list[tuple[float, float, int]]:
    """Stretches of one state that last.

    Args:
        times: (n,) s, rising.
        states: (n,) from 0; -1 where there is none.
        step: s, so long a frame lasts, or until the next one.
        least_s: s, how long they must last.

    Returns:
        Start and end (s) and state, in the order of time. Shorter ones are left out, and what lay
        on both sides of them is joined where it is one state.
    """
    if not len(times):
        return []
    apart = np.diff(times) > max(_LONGEST_GAP_S, 1.5 * step)
    first = np.flatnonzero(np.r_[True, apart | (np.diff(states) != 0)])
    last = np.r_[first[1:] - 1, len(times) - 1]
    ends = np.minimum(times[last] + step, np.r_[times[first[1:]], np.inf])
    found: list[tuple[float, float, int]] = []
    for start, end, state in zip(times[first], ends, states[first], strict=True):
        if state < 0 or end - start < least_s - _SLACK_S:
            continue
        if found and found[-1][2] == state and start - found[-1][1] < least_s:
            start = found.pop()[0]  # noqa: PLW2901
        found.append((float(start), float(end), int(state)))
    return found


def _emotions(rows: pd.DataFrame, step: float, cut: Cut) -> tuple[Annotation, ...]:
    """The class of the highest probability, as long as it stays the same."""
    p = rows[[f"emotion_{name}" for name in EMOTIONS]].to_numpy(np.float64)
    known = np.isfinite(p).all(axis=1)
    states = np.where(known, np.where(known[:, None], p, 0.0).argmax(axis=1), -1)
    found = segments(rows["timestamp"].to_numpy(np.float64), states, step, cut.least_s)
    return tuple(_annotation(start, end, EMOTIONS[state]) for start, end, state in found)


def _active(rows: pd.DataFrame, unit: str, step: float, cut: Cut) -> tuple[Annotation, ...]:
    """Where a unit is active, with its highest intensity."""
    times = rows["timestamp"].to_numpy(np.float64)
    values = rows[f"{unit}_r"].to_numpy(np.float64)
    states = np.where(values >= cut.threshold, 0, -1)
    found = []
    for start, end, _ in segments(times, states, step, cut.least_s):
        inside = (times >= start - _SLACK_S) & (times < end)
        found.append(_annotation(start, end, f"{np.nanmax(values[inside]):.1f}"))
    return tuple(found)


def _annotation(start: float, end: float, value: str) -> Annotation:
    first = max(0, round(1000 * start))
    # ELAN knows no annotations without a length.
    return Annotation(first, max(first + 1, round(1000 * end)), value)


def _span(one: Displayed, value: str) -> Annotation:
    return _annotation(one.onset_s, one.offset_s, value)


def _phases(one: Displayed, step: float) -> Iterator[Annotation]:
    """The apex is a moment: it gets the length of a frame."""
    whole = _span(one, "")
    apex = min(max(whole.start, round(1000 * one.apex_s)), whole.end - 1)
    after = min(apex + max(1, round(1000 * step)), whole.end)
    for value, (start, end) in zip(
        PHASES, pairwise((whole.start, apex, after, whole.end)), strict=True
    ):
        if end > start:
            yield Annotation(start, end, value)


def _apart(annotations: Sequence[Annotation], face_id: int) -> tuple[Annotation, ...]:
    ordered = sorted(annotations, key=lambda one: (one.start, one.end))
    for early, late in pairwise(ordered):
        if late.start < early.end:
            raise DataError(
                f"Two expressions of face {face_id} overlap at {late.start / 1000:.2f} s, which "
                "a tier cannot hold: give those that find_expressions finds in one call."
            )
    return tuple(ordered)
