"""Two pictures of a genuineness model: are its probabilities true, and what does silence buy?"""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from duchenne.evaluation.genuineness.verdict_bands import CoverageCurve

_BINS: Final = 10
_INK: Final = "#1f2430"
_MODEL: Final = "#2f6f9f"
_QUIET: Final = "#9aa3ad"


def plot_verdicts(
    genuine: NDArray[np.bool_], p: NDArray[np.float64], band: float, title: str, crowd: float
) -> Figure:
    """Reliability beside accuracy against coverage.

    Args:
        genuine: (n,) bool.
        p: (n,) probabilities of genuine for people that the model had not seen.
        band: half the width of the undecided band.
        title: of the picture.
        crowd: accuracy of the crowd of raters on the same clips.
    """
    figure = Figure(figsize=(9.6, 4.3), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left", fontsize=12, color=_INK)
    left, right = figure.subplots(1, 2)
    _draw_reliability(left, genuine, p, band)
    _draw_coverage(right, CoverageCurve.from_predictions(genuine, p), band, crowd)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(colors=_INK, labelsize=9)
    return figure


def _draw_reliability(
    axes: Axes, genuine: NDArray[np.bool_], p: NDArray[np.float64], band: float
) -> None:
    edges = np.linspace(0, 1, _BINS + 1)
    place = np.clip(np.digitize(p, edges) - 1, 0, _BINS - 1)
    rows = np.bincount(place, minlength=_BINS)
    filled = rows > 0
    told = np.bincount(place, p, _BINS)[filled] / rows[filled]
    true = np.bincount(place, genuine.astype(float), _BINS)[filled] / rows[filled]
    axes.axvspan(0.5 - band, 0.5 + band, color=_QUIET, alpha=0.25, lw=0)
    axes.plot([0, 1], [0, 1], color=_QUIET, lw=1, ls="--")
    axes.plot(told, true, color=_MODEL, lw=1.5)
    axes.scatter(told, true, s=12 + 160 * rows[filled] / rows.max(), color=_MODEL, zorder=3)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.set_xlabel("p of genuine, as told", color=_INK)
    axes.set_ylabel("share that was genuine", color=_INK)
    axes.set_title("Grey: undecided. Size of a dot: number of clips", fontsize=9, color=_INK)


def _draw_coverage(axes: Axes, curve: CoverageCurve, band: float, crowd: float) -> None:
    shown = curve.coverage >= 0.1
    coverage, accuracy = curve.at(band)
    axes.plot(100 * curve.coverage[shown], 100 * curve.accuracy[shown], color=_MODEL, lw=1.8)
    axes.scatter([100 * coverage], [100 * accuracy], color=_INK, zorder=3, s=36)
    axes.annotate(
        f"as shipped: {100 * accuracy:.0f} % right\nof the {100 * coverage:.0f} % decided",
        (100 * coverage, 100 * accuracy),
        (4, 12),
        textcoords="offset points",
        ha="left",
        fontsize=9,
        color=_INK,
    )
    axes.axhline(100 * crowd, color=_QUIET, lw=1, ls="--")
    axes.text(11, 100 * crowd + 0.6, "crowd of raters, all clips", fontsize=8, color=_INK)
    axes.set(xlim=(10, 102), ylim=(60, 100))
    axes.set_xlabel("clips decided, %", color=_INK)
    axes.set_ylabel("right, %", color=_INK)
    axes.set_title("The surest clips first", fontsize=9, color=_INK)
