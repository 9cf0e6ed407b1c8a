"""What LSTM-PB takes a genuine and a posed display of each emotion to look like, as a picture."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from duchenne.evaluation.datasets.pedfe import KINDS, PEDFE_EMOTIONS
from duchenne.evaluation.genuineness.features import STREAM, STREAM_RATE
from duchenne.learning.genuineness_lstm_pb import FittedLstmPb
from duchenne.notebook.colours import AMBER, FAINT, INK, TEAL
from duchenne.recording.points68 import POINTS_68

Matrix = NDArray[np.float64]

SHOWN_S: Final = (0.2, 0.5, 1.0, 1.5, 2.0)
"""The moments that are drawn, after the start."""

MAGNIFIED: Final = 2.0
"""How much larger movements are drawn than they are: means of many displays are small."""

_COLOURS: Final = dict(zip(KINDS, (TEAL, AMBER), strict=True))
_REST: Final = "#c6cdd3"
_CLOSED: Final = frozenset({"eye", "lips"})
# Ranges of iBUG's 68 points; two below the nose are not in a stream.
_LINES: Final = (
    ("jaw", range(17)), ("brow", range(17, 22)), ("brow", range(22, 27)),
    ("nose", range(27, 31)), ("nose", range(31, 36)), ("eye", range(36, 42)),
    ("eye", range(42, 48)), ("lips", range(48, 60)), ("lips", range(60, 68)),
)  # fmt: skip


def mean_biases(
    fitted: FittedLstmPb, streams: Matrix, clips: pd.DataFrame
) -> dict[tuple[str, str], Matrix]:
    """The mean PB of each emotion and type that the clips hold.

    Args:
        fitted: that recognises them.
        streams: (n, t, points, 2) in cm.
        clips: the table of the same clips, columns emotion and type.

    Returns:
        (emotion, type) to (bias,).
    """
    found = fitted.biases(streams)
    groups = clips.reset_index(drop=True).groupby(["emotion", "type"]).indices
    return {key: found[rows].mean(axis=0) for key, rows in groups.items()}


def plot_generated(fitted: FittedLstmPb, means: dict[tuple[str, str], Matrix]) -> Figure:
    """Streams drawn from mean PBs: an emotion a row, genuine to the left, posed to the right.

    Behind each face lies the face at rest that it started from; movements are magnified.

    Args:
        fitted: that draws them.
        means: as ``mean_biases`` gives them.
    """
    emotions = [name for name in PEDFE_EMOTIONS if any(key[0] == name for key in means)]
    columns = len(SHOWN_S)
    size = (1.25 * 2 * columns + 1.4, 1.38 * len(emotions) + 1.25)
    figure = Figure(figsize=size, facecolor="white")
    grid = figure.add_gridspec(
        len(emotions), 2 * columns + 1, left=0.085, right=0.995, bottom=0.02,
        top=1 - 1.15 / size[1], wspace=0.0, hspace=0.02,
        width_ratios=[*[1.0] * columns, 0.25, *[1.0] * columns],
    )  # fmt: skip
    samples = 1 + round(SHOWN_S[-1] * STREAM_RATE)
    for row, emotion in enumerate(emotions):
        for half, kind in enumerate(KINDS):
            if (emotion, kind) not in means:
                continue
            stream = fitted.generate(means[emotion, kind][None], samples)[0]
            for place, moment in enumerate(SHOWN_S):
                axes = figure.add_subplot(grid[row, half * (columns + 1) + place])
                moved = stream[round(moment * STREAM_RATE)] - stream[0]
                _draw(axes, stream[0], stream[0] + MAGNIFIED * moved, _COLOURS[kind])
                _label(axes, emotion if place + half == 0 else "", moment if row == 0 else None)
    _headings(figure, size)
    return figure


def _draw(axes: Axes, rest: NDArray[np.float32], face: NDArray[np.float32], colour: str) -> None:
    for points, ink, width in ((rest, _REST, 0.8), (face, colour, 1.3)):
        for part, numbers in _chains():
            chain = [*numbers, numbers[0]] if part in _CLOSED else numbers
            axes.plot(*points[chain].T, color=ink, linewidth=width, solid_joinstyle="round")
    low, high = rest.min(axis=0), rest.max(axis=0)
    edge = 0.07 * (high - low).max()
    axes.set(xlim=(low[0] - edge, high[0] + edge), ylim=(low[1] - 2 * edge, high[1] + edge))
    axes.set_aspect("equal")
    axes.axis("off")


def _chains() -> list[tuple[str, list[int]]]:
    """The lines of a face, by places in a stream."""
    known = [(part, [POINTS_68[i] for i in numbers]) for part, numbers in _LINES]
    return [(part, [STREAM.index(p) for p in points if p in STREAM]) for part, points in known]


def _label(axes: Axes, emotion: str, moment: float | None) -> None:
    if emotion:
        axes.text(-0.08, 0.5, emotion, transform=axes.transAxes, ha="right", va="center",
                  color=INK, fontsize=11)  # fmt: skip
    if moment is not None:
        axes.set_title(f"{moment:g} s", color=FAINT, fontsize=9, pad=3)


def _headings(figure: Figure, size: tuple[float, float]) -> None:
    def write(x: float, inches: float, text: str, **style: Any) -> None:
        figure.text(x, 1 - inches / size[1], text, ha="left", va="top", **style)

    write(0.012, 0.1, "Displays drawn by LSTM-PB from mean PB vectors",
          color=INK, fontsize=13, fontweight="bold")  # fmt: skip
    behind = "landmarks without head pose, on the mean face at rest (grey)"
    write(0.012, 0.4, f"{behind}; movements drawn {MAGNIFIED:g} times as large",
          color=FAINT, fontsize=10)  # fmt: skip
    for x, kind in zip((0.095, 0.56), KINDS, strict=True):
        write(x, 0.72, kind, color=_COLOURS[kind], fontsize=11, fontweight="bold")
