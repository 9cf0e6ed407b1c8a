"""The dynamics of one expression by name, and the table that explains every name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from duchenne.action_units.names import ACTION_UNITS, PAIRED
from duchenne.expressions import company, movement, phases
from duchenne.expressions.head import BLINKS, HEAD, blinking, head_movement
from duchenne.expressions.lips import corner_signals
from duchenne.expressions.naming import DISPLAYS, emotion_evidence
from duchenne.expressions.signals import Signals, Vector, resample
from duchenne.expressions.strength import Rest, strength
from duchenne.expressions.track import Track

_OF_5: Final = "of 5"
_HELD: Final = 0.8
# Lip corners are measured in mouth widths: a fiftieth is a visible movement.
_LEAST_OF_LIPS: Final = 0.02
# The smiles of the UvA-NEMO table begin and end at rest.
_AT_REST_S: Final = 0.5
_AROUND_S: Final = 2.0
# An expression begins where a fifth of it is there; this long before, it is at rest.
_FOOT_S: Final = 0.3

_TIMES: Final = {
    "duration_s": ("s", "from onset to offset; onset, apex and offset durations add up to it"),
    "onset_duration_s": ("s", "until strength first reaches four fifths of its peak"),
    "apex_duration_s": ("s", "from there until strength is last above four fifths of its peak"),
    "offset_duration_s": ("s", "from there to the offset"),
}


@dataclass(frozen=True)
class Feature:
    """One name of the dynamics: its unit ("" where it has none) and meaning."""

    name: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Span:
    """When an expression happens, in s.

    Attributes:
        onset: where it begins.
        apex: where it is strongest.
        offset: where it ends.
        earliest: where the one before it ends, or the face is first seen.
        latest: where the next one begins, or the face is last seen.
    """

    onset: float
    apex: float
    offset: float
    earliest: float
    latest: float


def dynamics(track: Track, signals: Signals, rest: Rest, span: Span) -> dict[str, float]:
    """The dynamics of one expression.

    Args:
        track: the face frame by frame.
        signals: of the stretch of the face that the expression lies in.
        rest: the face's resting Action Units.
        span: when it happens.

    Returns:
        The names of ``DYNAMICS``, in their order, to numbers; NaN for what cannot be told.
    """
    inside = signals.between(span.onset, span.offset)
    found = _durations(strength(rest.rises(inside)), inside.rate, span)
    wide = signals.between(*_with_feet(span))
    rises = rest.rises(wide)
    core = slice(first := round((inside.start - wide.start) * wide.rate), first + len(inside))
    for name, values in {"strength": strength(rises), **rises}.items():
        found |= _named(name, movement.movement(values, wide.rate, core))
    found |= company.company(rises, wide.rate)
    found |= _sides(track, wide, rest, span)
    found |= head_movement(inside, span.apex)
    around = track.within(span.onset - _AROUND_S, span.offset + _AROUND_S)
    found |= blinking(around, span.onset, span.apex, span.offset)
    found |= emotion_evidence(wide, rises, span.apex)
    found |= _lips(track, span)
    # The same 501 strings for all expressions: of their own they would weigh more than the numbers.
    return {feature.name: float(found[feature.name]) for feature in DYNAMICS}


def _with_feet(span: Span) -> tuple[float, float]:
    """From before the onset to after the offset: single muscles may lead, and all start at rest."""
    return max(span.onset - _FOOT_S, span.earliest), min(span.offset + _FOOT_S, span.latest)


def _named(prefix: str, features: dict[str, float]) -> dict[str, float]:
    return {f"{prefix}_{name}": value for name, value in features.items()}


def _durations(strong: Vector, rate: float, span: Span) -> dict[str, float]:
    whole = span.offset - span.onset
    held = np.flatnonzero(strong >= _HELD * strong.max())
    first, last = (min(float(i) / rate, whole) for i in held[[0, -1]])
    return dict(zip(_TIMES, (whole, first, last - first, whole - last), strict=True))


def _sides(track: Track, wide: Signals, rest: Rest, span: Span) -> dict[str, float]:
    found: dict[str, float] = {}
    for unit in PAIRED:
        left, right = (rest.above(wide, f"{unit}_{side}_r") for side in ("left", "right"))
        even, lag = company.unevenness(left, right, wide.rate)
        found |= {f"{unit}_asymmetry": even, f"{unit}_side_lag_s": lag}
    even, lag = _lip_sides(track, wide.rate, span)
    return found | {"lips_asymmetry": even, "lips_side_lag_s": lag}


def _lip_sides(track: Track, rate: float, span: Span) -> tuple[float, float]:
    shown = track.within(*_with_feet(span))
    if shown.lips is None or not len(shown):
        return float("nan"), float("nan")
    flat = shown.lips.reshape(len(shown), -1)
    columns = {str(i): flat[:, i] for i in range(flat.shape[1])}
    signals = resample(shown.times, columns, rate)
    points = np.stack(list(signals.values.values()), axis=1).reshape(-1, *shown.lips.shape[1:])
    if not np.isfinite(points).all() or not np.ptp(points[0], axis=0).any():
        return float("nan"), float("nan")
    corners = corner_signals(points)
    left, right = (corners[side] - corners[side][0] for side in ("left", "right"))
    return company.unevenness(left, right, rate, _LEAST_OF_LIPS)


def _lips(track: Track, span: Span) -> dict[str, float]:
    first = max(span.onset - _AT_REST_S, span.earliest)
    last = min(span.offset + _AT_REST_S, span.latest)
    shown = track.within(first, last)
    if shown.lips is None or not len(shown):
        return dict.fromkeys(phases.COLUMNS, float("nan"))
    return phases.lip_features(shown.times, shown.lips)


def _table() -> Iterator[Feature]:
    for name, (unit, meaning) in _TIMES.items():
        yield Feature(name, unit, meaning)
    for signal in ("strength", *ACTION_UNITS):
        what = ACTION_UNITS.get(signal, "mean of the two Action Units that rise highest")
        for name, (unit, meaning) in movement.FEATURES.items():
            yield Feature(
                f"{signal}_{name}", unit.format(unit=_OF_5), f"{signal} ({what}): {meaning}"
            )
    for name, (unit, meaning) in company.FEATURES.items():
        yield Feature(name, unit, meaning)
    for signal in (*PAIRED, "lips"):
        yield Feature(
            f"{signal}_asymmetry",
            "-1 to 1",
            f"{signal}: (left - right) / (left + right) at the peak, the person's own sides",
        )
        yield Feature(
            f"{signal}_side_lag_s",
            "s",
            f"{signal}: from the left side's half rise to the right side's",
        )
    for name, (unit, meaning) in (HEAD | BLINKS).items():
        yield Feature(name, unit, meaning)
    for name in DISPLAYS:
        told = f"probability of {name} around the apex, among the six without neutral"
        yield Feature(f"emotion_{name}", "0 to 1", told)
    for name in DISPLAYS:
        told = f"share of the Action Units' evidence that is for {name}"
        yield Feature(f"prototype_{name}", "0 to 1", told)
    for phase in phases.PHASES:
        for name, (unit, meaning) in phases.FEATURES.items():
            yield Feature(f"lip_{phase}_{name}", unit, f"lip corners, {phase}: {meaning}")


DYNAMICS: Final[tuple[Feature, ...]] = tuple(_table())
"""Every name of the dynamics, in order."""


def describe() -> pd.DataFrame:
    """Every name of the dynamics with its unit and meaning."""
    rows = [(feature.name, feature.unit, feature.meaning) for feature in DYNAMICS]
    return pd.DataFrame(rows, columns=["name", "unit", "meaning"])
