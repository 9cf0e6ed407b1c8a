"""A recording as a figure: displayed emotions and Action Units, over time or as bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from duchenne.action_units.names import ACTION_UNITS
from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.notebook.colours import EMOTION_COLOURS
from duchenne.notebook.figures import draw_bars, draw_courses, label, new_figure, say_nothing
from duchenne.notebook.tables import shorten
from duchenne.recording.recording import Recording

MOST_FACES: Final = 3
"""Faces that are drawn unless others are asked for: those seen longest."""

_LINES: Final = 4
_HIGHEST: Final = 5.0
_PANEL: Final = 2.1
_BAR: Final = 0.24


def plot_recording(
    recording: Recording, faces: Sequence[int] | None, units: Sequence[str] | None
) -> Figure:
    """See ``Recording.plot``."""
    chosen = _faces(recording, faces)
    name = _name(recording)
    if not chosen:
        figure = new_figure(_PANEL)
        axes = figure.add_subplot()
        label(axes, "time (s)", "probability", name)
        say_nothing(axes, "No face was found.")
        return figure
    shown = {face: recording.face(face) for face in chosen}
    known = _units(shown, units)
    if recording.table["frame"].to_numpy().min() == recording.table["frame"].to_numpy().max():
        return _bars(name, shown, known)
    return _courses(name, shown, known)


def strongest_units(rows: pd.DataFrame, most: int = _LINES) -> list[str]:
    """The Action Units that move most, from the 5th to the 95th percentile; none unmeasured."""
    moves = {}
    for unit in ACTION_UNITS:
        values = rows[f"{unit}_r"].to_numpy(np.float64)
        known = values[np.isfinite(values)]
        if known.size:
            low, high = np.quantile(known, [0.05, 0.95])
            moves[unit] = high - low if len(known) > 2 else high
    # Blinks come and go in every recording and would crowd out what a face displays.
    told = {unit: move for unit, move in moves.items() if unit not in {"AU43", "AU45"}}
    best = sorted(told or moves, key=lambda unit: -moves[unit])[:most]
    return [unit for unit in ACTION_UNITS if unit in best]


def draw_units(axes: Axes, rows: pd.DataFrame, units: Sequence[str], across: str = "") -> None:
    """The intensities of Action Units over time; ``across`` names the axis of time."""
    courses = {f"{unit} {ACTION_UNITS[unit]}": rows[f"{unit}_r"].to_numpy() for unit in units}
    draw_courses(axes, moments(rows)[0], courses)
    label(axes, across, "intensity (0 to 5)")
    axes.set_ylim(-0.1, _HIGHEST + 0.1)
    if not units:
        say_nothing(axes, "No Action Unit intensities were measured.")


def moments(rows: pd.DataFrame) -> tuple[NDArray[np.float64], str]:
    """Where rows stand in time, and the axis' name; frames where the source has no times."""
    times = rows["timestamp"].to_numpy(np.float64)
    if np.isfinite(times).all():
        return times, "time (s)"
    return rows["frame"].to_numpy(np.float64), "frame"


def _courses(name: str, shown: dict[int, pd.DataFrame], units: Sequence[str]) -> Figure:
    figure = new_figure(0.5 + 2 * _PANEL * len(shown))
    panels = figure.subplots(2 * len(shown), 1, sharex=True, squeeze=False)[:, 0]
    for (face, rows), (upper, lower) in zip(shown.items(), panels.reshape(-1, 2), strict=True):
        times, across = moments(rows)
        known = {e: values for e in EMOTIONS if _any(values := rows[f"emotion_{e}"].to_numpy())}
        draw_courses(upper, times, known, EMOTION_COLOURS)
        label(upper, "", "probability (0 to 1)", f"{name}, face {face}")
        upper.set_ylim(-0.02, 1.02)
        if not known:
            say_nothing(upper, "No emotions were measured.")
        draw_units(lower, rows, units)
    panels[-1].set_xlabel(across)
    return figure


def _bars(name: str, shown: dict[int, pd.DataFrame], units: Sequence[str]) -> Figure:
    high = 1.1 + _BAR * max(len(EMOTIONS), len(units))
    figure = new_figure(high * len(shown))
    panels = figure.subplots(len(shown), 2, squeeze=False)
    for (face, rows), (left, right) in zip(shown.items(), panels, strict=True):
        emotions = {e: float(rows[f"emotion_{e}"].mean()) for e in EMOTIONS}
        draw_bars(left, emotions, EMOTION_COLOURS)
        label(left, "probability (0 to 1)", "displayed emotion", f"{name}, face {face}")
        left.set_xlim(0, 1.12)
        strong = {f"{u} {ACTION_UNITS[u]}": float(rows[f"{u}_r"].mean()) for u in units}
        draw_bars(right, strong, {})
        label(right, "intensity (0 to 5)", "Action Unit")
        right.set_xlim(0, _HIGHEST * 1.12)
        if not strong:
            say_nothing(right, "No Action Unit intensities were measured.")
    return figure


def _faces(recording: Recording, faces: Sequence[int] | None) -> list[int]:
    if faces is None:
        return recording.face_ids[:MOST_FACES]
    if not faces:
        raise DataError("Name at least one face to plot, or leave faces out.")
    return list(dict.fromkeys(faces))


def _units(shown: dict[int, pd.DataFrame], units: Sequence[str] | None) -> list[str]:
    every = pd.concat(list(shown.values()))
    if units is None:
        one_frame = every["frame"].nunique() == 1
        return strongest_units(every, len(ACTION_UNITS) if one_frame else _LINES)
    strange = [unit for unit in units if unit not in ACTION_UNITS]
    if strange:
        raise DataError(f"No Action Unit {strange[0]!r}; there are: {', '.join(ACTION_UNITS)}.")
    return [unit for unit in dict.fromkeys(units) if _any(every[f"{unit}_r"].to_numpy())]


def _any(values: NDArray[Any]) -> bool:
    return bool(np.isfinite(values).any())


def _name(recording: Recording) -> str:
    source, person = recording.metadata.source.name, recording.metadata.person
    # Short enough that the face's number is not pushed out of sight.
    return shorten(f"{person}, {source}" if person else source, 60)
