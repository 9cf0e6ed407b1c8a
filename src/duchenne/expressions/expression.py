"""Expressions: what a face displays, from onset to offset."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from duchenne.action_units.names import ACTION_UNITS
from duchenne.errors import DataError
from duchenne.expressions.company import ACTIVE
from duchenne.expressions.doubts import Seen, doubts
from duchenne.expressions.dynamics import DYNAMICS, Span, dynamics
from duchenne.expressions.finding import BRIEF_S, LEAST_RISE, Found, apex_of, find
from duchenne.expressions.naming import decide
from duchenne.expressions.pieces import pieces
from duchenne.expressions.signals import Signals
from duchenne.expressions.strength import HIGHEST_REST, Rest, strength, without_blinks
from duchenne.expressions.track import Track, tracks
from duchenne.notebook import tables
from duchenne.recording.recording import Recording

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from duchenne.expressions.expressions import Expressions

_HEAD: Final = (
    "face_id", "onset_s", "apex_s", "offset_s", "brief", "emotion", "intensity", "warnings",
)  # fmt: skip


@dataclass(frozen=True)
class Expression:
    """One displayed expression of one face.

    Attributes:
        face_id: whose it is, by the recording's number.
        onset_s: where it begins, s.
        apex_s: where it is strongest, s.
        offset_s: where it ends, s.
        brief: it lasts less than half a second (a single picture is not brief: nobody knows).
        emotion: what it displays, one of six; None where neither emotion nor AUs were measured.
        intensity: strength at the apex, the mean of the two Action Units that rise highest above
            the face's rest, 0 to 5.
        dynamics: the names of ``duchenne.expressions.DYNAMICS`` to numbers; NaN for what cannot be
            told.
        warnings: what to know before trusting it, for example "turned by 40 degrees".
    """

    face_id: int
    onset_s: float
    apex_s: float
    offset_s: float
    brief: bool
    emotion: str | None
    intensity: float
    dynamics: dict[str, float] = field(repr=False)
    warnings: tuple[str, ...] = ()

    @property
    def duration_s(self) -> float:
        """From onset to offset, s."""
        return self.offset_s - self.onset_s

    @property
    def order(self) -> tuple[str, ...]:
        """The Action Units that rise by 1 of 5 or more, the earliest half rise first."""
        rising = [unit for unit in ACTION_UNITS if self.dynamics[f"{unit}_rise"] >= ACTIVE]
        return tuple(sorted(rising, key=lambda unit: self.dynamics[f"{unit}_start_s"]))

    def to_frame(self) -> pd.DataFrame:
        """One row: the attributes, then the dynamics."""
        return to_frame([self])

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: times to the millisecond, None for what is not known."""
        return {
            "face_id": self.face_id,
            "onset_s": round(self.onset_s, 3),
            "apex_s": round(self.apex_s, 3),
            "offset_s": round(self.offset_s, 3),
            "brief": self.brief,
            "emotion": self.emotion,
            "intensity": round(self.intensity, 3),
            "order": list(self.order),
            "warnings": list(self.warnings),
            "dynamics": {
                name: float(f"{value:.5g}") if math.isfinite(value) else None
                for name, value in self.dynamics.items()
            },
        }

    def plot(self, recording: Recording) -> Figure:
        """The Action Units that rise, with onset, apex and offset, and a second around.

        Args:
            recording: in which it was found.

        Raises:
            DataError: the recording does not hold this face.
        """
        from duchenne.expressions.plotting import plot_expression

        return plot_expression(self, recording)

    def _repr_html_(self) -> str:
        facts = self.to_dict()
        facts.pop("dynamics")
        return tables.noun("Expression", facts)


def to_frame(expressions: Iterable[Expression]) -> pd.DataFrame:
    """A row for each expression: its attributes (warnings joined by "; "), then its dynamics."""
    rows = [
        {name: getattr(expression, name) for name in _HEAD}
        | {"warnings": "; ".join(expression.warnings)}
        | expression.dynamics
        for expression in expressions
    ]
    return pd.DataFrame(rows, columns=[*_HEAD, *(feature.name for feature in DYNAMICS)])


def find_expressions(
    recording: Recording, *, whole: bool = False, least_rise: float = LEAST_RISE
) -> Expressions:
    """The expressions of all faces of a recording.

    Args:
        recording: with Action Unit intensities; of a camera of any rate.
        whole: the recording is one expression, from its first frame to its last: one for each
            face, however weak. Otherwise expressions are looked for.
        least_rise: of 5, how far an expression must stand out; weaker ones are not found.

    Returns:
        In the order of time, then of faces; empty where no face moves enough.

    Raises:
        DataError: the recording has faces but no Action Unit intensities, or no times, or
            ``least_rise`` is not above 0, up to 5.
        ModelError: the landmark model, which carries the canonical face, cannot be had.
    """
    from duchenne.expressions.expressions import Expressions

    if not 0 < least_rise <= 5:
        raise DataError(f"least_rise must be above 0, up to 5, not {least_rise}.")
    found: list[Expression] = []
    for track in tracks(recording):
        times = recording.table["timestamp"].to_numpy()
        ends = (float(np.nanmin(times)), float(np.nanmax(times)))
        found += [_whole(track)] if whole else _several(track, ends, least_rise)
    return Expressions(sorted(found, key=lambda one: (one.onset_s, one.face_id)))


def _whole(track: Track) -> Expression:
    steady = without_blinks(track)
    rest = Rest(steady, HIGHEST_REST)
    signals = steady.signals()
    strong = strength(rest.rises(signals))
    first, last = float(track.times[0]), float(track.times[-1])
    apex = apex_of(strong)
    span = Span(first, float(signals.times[apex]), last, first, last)
    seen = Seen(track, float(strong[apex]))
    return _expression(track, signals, rest, span, seen)


def _several(track: Track, ends: tuple[float, float], least_rise: float) -> Iterator[Expression]:
    steady = without_blinks(track)
    rest = Rest(steady)
    for part in pieces(steady, rest):
        signals = steady.cut(part).signals()
        strong = strength(rest.rises(signals))
        places = find(strong, least_rise)
        for place, span in zip(places, _spans(places, signals), strict=True):
            seen = Seen(
                track.within(span.onset, span.offset),
                float(strong[place.apex]),
                place.begun,
                place.unfinished,
                before=float(track.times[part][0]) > ends[0],
                after=float(track.times[part][-1]) < ends[1],
            )
            yield _expression(track.cut(part), signals, rest, span, seen)


def _spans(places: list[Found], signals: Signals) -> list[Span]:
    """Places in samples to seconds, each knowing its neighbours."""

    def seconds(place: float) -> float:
        return signals.start + place / signals.rate

    onsets = [seconds(place.onset) for place in places]
    offsets = [seconds(place.offset) for place in places]
    earliest = [signals.start, *offsets]
    latest = [*onsets[1:], seconds(len(signals) - 1)]
    return [
        Span(onset, seconds(place.apex), offset, before, after)
        for place, onset, offset, before, after in zip(
            places, onsets, offsets, earliest, latest, strict=False
        )
    ]


def _expression(track: Track, signals: Signals, rest: Rest, span: Span, seen: Seen) -> Expression:
    moves = dynamics(track, signals, rest, span)
    return Expression(
        face_id=track.face_id,
        onset_s=span.onset,
        apex_s=span.apex,
        offset_s=span.offset,
        brief=0 < span.offset - span.onset < BRIEF_S,
        emotion=decide(moves),
        intensity=seen.intensity,
        dynamics=moves,
        warnings=doubts(seen),
    )
