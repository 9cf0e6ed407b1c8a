"""What the page draws of one face: paths, means and words, ready for the template."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.action_units.names import ACTION_UNITS, trust
from duchenne.emotion.labels import EMOTIONS
from duchenne.notebook.colours import EMOTION_COLOURS
from duchenne.report.palette import STACK_ORDER, ink_on
from duchenne.report.paths import area, bars, line, place
from duchenne.report.quality import FAR_PITCH, FAR_YAW
from duchenne.report.rows import ANGLES, AU_COLUMNS, EMOTION_COLUMNS, top_emotions
from duchenne.report.timeline import FaceSeries
from duchenne.report.words import short_percent

Values = NDArray[np.float64]

STACK_HEIGHT: Final = 1000
ROW_HEIGHT: Final = 100
"""Units from the bottom to the top of the stacked chart and of the small ones."""

UNKNOWN: Final = "\N{EN DASH}"
# FACS' level A, a trace; a row that never gets there is drawn faintly.
_LEAST_INTENSITY: Final = 1.0
_STRONGEST: Final = 5.0
_ANGLE_WORDS: Final = {
    "pose_yaw": ("yaw", "up: to the right", FAR_YAW),
    "pose_pitch": ("pitch", "up: looks down", FAR_PITCH),
    "pose_roll": ("roll", "up: anticlockwise", None),
}
_LEAST_ANGLE: Final = 40.0


@dataclass(frozen=True)
class EmotionBar:
    """One emotion of one face.

    Attributes:
        name: of the emotion.
        colour: ``#rrggbb``.
        series: its place in the page's data, FER-2013's order.
        mean: probability from 0 to 1, NaN where unknown.
        ink: ``#rrggbb``, readable on ``colour``.
        text: the mean in words.
        share: of the frames in which it is the most probable emotion, from 0 to 1.
        path: of its layer in the stacked chart.
    """

    name: str
    colour: str
    ink: str
    series: int
    mean: float
    text: str
    share: float
    path: str


@dataclass(frozen=True)
class UnitRow:
    """One Action Unit of one face; ``mean`` and ``peak`` from 0 to 5, NaN where unknown.

    ``trust`` is a warning where the unit fails a check, else empty.
    """

    code: str
    meaning: str
    mean: float
    peak: float
    text: str
    quiet: bool
    trust: str
    path: str


@dataclass(frozen=True)
class AngleRow:
    """One head angle of one face; ``limit`` degrees are too far for good numbers."""

    name: str
    meaning: str
    text: str
    path: str
    far: tuple[float, float] | None


def emotion_bars(rows: pd.DataFrame, series: FaceSeries, times: Values) -> list[EmotionBar]:
    """The layers of the stacked chart from the ground up, with the means of all frames."""
    shares = top_emotions(rows).value_counts(normalize=True)
    x, ground = place(times), np.zeros(len(times))
    found = []
    for name in STACK_ORDER:
        number = EMOTIONS.index(name)
        top = ground + series.emotions[number]
        low, high = (STACK_HEIGHT * (1 - level) for level in (ground, top))
        mean = _mean(rows[EMOTION_COLUMNS[number]])
        text = UNKNOWN if np.isnan(mean) else short_percent(mean)
        path, share = area(x, low, high), float(shares.get(name, 0.0))
        colour = EMOTION_COLOURS[name]
        bar = EmotionBar(name, colour, ink_on(colour), number, mean, text, share, path)
        found.append(bar)
        ground = top
    return found


def unit_rows(rows: pd.DataFrame, series: FaceSeries, times: Values) -> list[UnitRow]:
    """The nineteen Action Units in their order, all on the scale from 0 to 5."""
    x, ground = place(times), np.full(len(times), float(ROW_HEIGHT))
    found = []
    for number, (code, meaning) in enumerate(ACTION_UNITS.items()):
        values = rows[AU_COLUMNS[number]]
        mean, peak = _mean(values), _peak(values)
        quiet = not peak >= _LEAST_INTENSITY
        text = UNKNOWN if np.isnan(mean) else f"{mean:.1f}"
        high = ROW_HEIGHT * (1 - series.action_units[number] / _STRONGEST)
        path = area(x, ground, high)
        found.append(UnitRow(code, meaning, mean, peak, text, quiet, trust(code), path))
    return found


def angle_limit(series: list[FaceSeries]) -> float:
    """Degrees at the edge of every pose chart, the same for all faces: a multiple of 10."""
    seen = [np.abs(s.angles[np.isfinite(s.angles)]) for s in series]
    largest = max((float(v.max()) for v in seen if v.size), default=0.0)
    return max(_LEAST_ANGLE, 10.0 * math.ceil(largest / 10))


def angle_rows(
    rows: pd.DataFrame, series: FaceSeries, times: Values, limit: float
) -> list[AngleRow]:
    """Yaw, pitch and roll, zero in the middle, ``limit`` degrees at the edges."""
    x = place(times)
    found = []
    for number, column in enumerate(ANGLES):
        name, meaning, far = _ANGLE_WORDS[column]
        heights = ROW_HEIGHT * (0.5 - series.angles[number] / (2 * limit))
        edges = None if far is None else _edges(far, limit)
        mean = _mean(rows[column])
        text = UNKNOWN if np.isnan(mean) else f"{mean:.0f}°".replace("-", "\N{MINUS SIGN}")
        found.append(AngleRow(name, meaning, text, line(x, heights), edges))
    return found


def gaps(series: FaceSeries, times: Values) -> str:
    """Blocks over the times at which the face was not seen."""
    everything = np.concatenate([series.emotions, series.action_units, series.angles])
    return bars(place(times), np.isnan(everything).all(axis=0), ROW_HEIGHT)


def _edges(far: float, limit: float) -> tuple[float, float]:
    reach = far / (2 * limit)
    return round(ROW_HEIGHT * (0.5 - reach), 1), round(ROW_HEIGHT * (0.5 + reach), 1)


def _mean(values: pd.Series[float]) -> float:
    known = _known(values)
    return float(np.mean(known)) if known.size else float("nan")


def _peak(values: pd.Series[float]) -> float:
    known = _known(values)
    return float(known.max()) if known.size else float("nan")


def _known(values: pd.Series[float]) -> Values:
    numbers = values.to_numpy(np.float64)
    known: Values = numbers[np.isfinite(numbers)]
    return known
