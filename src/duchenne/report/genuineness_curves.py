"""The course of one expression as curves: its strength, and the signals its verdict rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.expressions import Expression
from duchenne.expressions.distances import NAMES as DISTANCES
from duchenne.expressions.distances import distances
from duchenne.expressions.pieces import pieces
from duchenne.expressions.strength import Rest, strength, without_blinks
from duchenne.expressions.track import tracks
from duchenne.genuineness.signal_words import SIGNAL_WORDS
from duchenne.recording.recording import Recording
from duchenne.report.axis import Tick, grid, position, ticks
from duchenne.report.paths import WIDTH, area, line

Values = NDArray[np.float64]
Strengths = dict[int, list[tuple[Values, Values]]]

HEIGHT: Final = 100
_STRONGEST: Final = 5.0
_AROUND_S: Final = 0.5
_AROUND: Final = 0.25
# The least height of a chart in a signal's unit: noise should not look like movement.
_LEAST_SPAN: Final[dict[str, float]] = {"of 1": 0.25, "°": 10.0, "eye distances": 0.1}


@dataclass(frozen=True)
class Curve:
    """One chart of a card.

    Attributes:
        name: of what is drawn.
        said: the range of its values, in words.
        path: of the curve, in a chart 100 units high.
        filled: drawn as a surface over the ground.
    """

    name: str
    said: str
    path: str
    filled: bool = False


@dataclass(frozen=True)
class Course:
    """The charts of one expression on their common time axis.

    Attributes:
        curves: strength first.
        marks: name of a moment (onset, apex, offset) and percent from the left.
        ticks: of the time axis.
        grid: path of its lines.
        said: for those who cannot see it.
    """

    curves: list[Curve]
    marks: list[tuple[str, float]]
    ticks: list[Tick]
    grid: str
    said: str


def strengths(recording: Recording) -> Strengths:
    """How strongly each face displays something, as ``find_expressions`` sees it.

    Returns:
        By face, for each stretch without a gap: (n,) s and (n,) 0 to 5.
    """
    found: Strengths = {}
    # Strength needs no landmarks, and turning them to the front takes longest.
    for track in tracks(replace(recording, path=None, _landmarks=None)):
        steady = without_blinks(track)
        rest = Rest(steady)
        # One after the other: the signals of an hour should not be held at once.
        parts = (steady.cut(part).signals() for part in pieces(steady, rest))
        found[track.face_id] = [(part.times, strength(rest.rises(part))) for part in parts]
    return found


def course(
    recording: Recording, expression: Expression, names: Sequence[str], strong: Strengths
) -> Course | None:
    """The charts of one expression.

    Args:
        recording: that it is from.
        expression: which.
        names: of signals to draw below its strength.
        strong: what ``strengths`` gave.

    Returns:
        None for an expression of one frame.
    """
    if expression.duration_s <= 0:
        return None
    window = _window(recording, expression)
    marks = [
        (name, position(time, window))
        for name, time in (
            ("onset", expression.onset_s),
            ("apex", expression.apex_s),
            ("offset", expression.offset_s),
        )
    ]
    shown = ticks(window, "s")
    curves = [_strength(expression, strong, window)]
    curves += _signals(recording, expression, names, window)
    said = (
        f"Strength from {window[0]:.2f} to {window[1]:.2f} s: onset {expression.onset_s:.2f} s, "
        f"apex {expression.apex_s:.2f} s at {expression.intensity:.1f} of 5, offset "
        f"{expression.offset_s:.2f} s"
    )
    return Course(curves, marks, shown, grid(shown), said)


def _window(recording: Recording, expression: Expression) -> Values:
    """(2,) s, a little more than the expression."""
    times = recording.table["timestamp"].to_numpy()
    margin = max(_AROUND_S, _AROUND * expression.duration_s)
    first = max(float(np.nanmin(times)), expression.onset_s - margin)
    last = min(float(np.nanmax(times)), expression.offset_s + margin)
    return np.array([first, last])


def _strength(expression: Expression, strong: Strengths, window: Values) -> Curve:
    paths = []
    for times, values in strong.get(expression.face_id, []):
        inside = (times >= window[0] - 1e-6) & (times <= window[1] + 1e-6)
        if inside.sum() > 1:
            high = HEIGHT * (1 - values[inside] / _STRONGEST)
            paths.append(area(_x(times[inside], window), np.full(len(high), HEIGHT), high))
    said = f"{expression.intensity:.1f} of 5 at the apex"
    return Curve("Strength", said, "".join(paths), filled=True)


def _signals(
    recording: Recording, expression: Expression, names: Sequence[str], window: Values
) -> list[Curve]:
    table = recording.table
    times = table["timestamp"].to_numpy()
    mine = (table["face_id"].to_numpy() == expression.face_id) & (table["success"].to_numpy() == 1)
    rows = np.flatnonzero(mine & (times >= window[0] - 1e-6) & (times <= window[1] + 1e-6))
    if len(rows) < 2:
        return []
    x = _x(times[rows], window)
    return [_curve(name, x, _values(recording, name, rows)) for name in names]


def _values(recording: Recording, name: str, rows: NDArray[np.intp]) -> Values:
    if name in recording.table.column_names:
        return np.asarray(recording.table[name].to_numpy()[rows], np.float64)
    apart = distances(recording.landmarks_of(rows))
    return np.asarray(apart[:, DISTANCES.index(name)])


def _curve(name: str, x: Values, values: Values) -> Curve:
    words = SIGNAL_WORDS[name]
    title = words.noun.removeprefix("the ")
    title = title[0].upper() + title[1:]
    known = values[np.isfinite(values)]
    if not len(known):
        return Curve(title, "not measured", "")
    low, high = float(known.min()), float(known.max())
    middle, half = (low + high) / 2, 0.55 * max(high - low, _LEAST_SPAN[words.unit])
    heights = HEIGHT * (0.5 - (values - middle) / (2 * half))
    said = f"{_number(low)} to {_number(high)}{'' if words.unit == '°' else ' '}{words.unit}"
    return Curve(title, said, line(x, heights))


def _number(value: float) -> str:
    shown = f"{value:.0f}" if abs(value) >= 10 else f"{value:.2f}"
    return shown.replace("-", "\N{MINUS SIGN}")


def _x(times: Values, window: Values) -> Values:
    return np.asarray((times - window[0]) / (window[1] - window[0]) * WIDTH)
