"""Pictures of an evaluation and of a training, drawn without pyplot's global state."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from duchenne.evaluation.statistics.calibration import Calibration, Reliability
from duchenne.evaluation.statistics.metrics import ClassificationReport
from duchenne.notebook.colours import AMBER, FAINT, GRID, INK, TEAL
from duchenne.notebook.figures import NotebookFigure

_LIGHT: Final = LinearSegmentedColormap.from_list(
    "duchenne", ["#fbfcfd", "#dcedf0", "#9fd0d6", "#4ba6b1", "#0f7c8a"]
)
_DPI: Final = 160


def plot_confusion(report: ClassificationReport, title: str) -> Figure:
    """The confusion matrix: share of each label's rows in percent, counts below it."""
    size = len(report.names)
    side = 1.6 + 0.78 * size
    figure = NotebookFigure(
        figsize=(side + 0.6, side + 0.4), layout="constrained", facecolor="white"
    )
    axes = figure.add_subplot()
    share = report.confusion / np.maximum(report.support, 1)[:, None]
    axes.imshow(share, cmap=_LIGHT, vmin=0.0, vmax=1.0)
    for (row, column), value in np.ndenumerate(share):
        _cell(axes, row, column, float(value), int(report.confusion[row, column]))
    labels = [f"{n}\n{s:,}" for n, s in zip(report.names, report.support, strict=True)]
    axes.set_xticks(range(size), report.names)
    axes.set_yticks(range(size), labels)
    axes.set_xticks(np.arange(1, size) - 0.5, minor=True)
    axes.set_yticks(np.arange(1, size) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=2.5)
    axes.tick_params(which="both", length=0, colors=INK, labelsize=10)
    axes.spines[:].set_visible(False)
    axes.set_xlabel("predicted", color=FAINT, labelpad=10, fontsize=11)
    axes.set_ylabel("labelled (rows)", color=FAINT, labelpad=10, fontsize=11)
    _titles(axes, title, _headline(report))
    return figure


def plot_history(history: pd.DataFrame, title: str, validation: str = "PublicTest") -> Figure:
    """Loss and accuracy over the epochs of a training, the best epoch marked.

    Args:
        history: columns epoch (from 0), train_loss, train_accuracy, val_loss, val_accuracy.
        title: above the curves.
        validation: what the ``val_`` columns were measured on.
    """
    figure = NotebookFigure(figsize=(10.4, 4.3), layout="constrained", facecolor="white")
    loss, accuracy = figure.subplots(1, 2)
    epochs = history["epoch"].to_numpy() + 1
    best = int(history["val_accuracy"].to_numpy().argmax())
    for axes, kind, scale in ((loss, "loss", 1.0), (accuracy, "accuracy", 100.0)):
        for split, colour, name in (("train", FAINT, "Training"), ("val", TEAL, validation)):
            values = scale * history[f"{split}_{kind}"].to_numpy()
            _curve(axes, epochs, values, colour, name)
        _style_curves(axes, int(epochs[-1]))
    top = 100.0 * float(history["val_accuracy"].iloc[best])
    for axes, height in ((loss, float(history["val_loss"].iloc[best])), (accuracy, top)):
        axes.axvline(epochs[best], color=AMBER, linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)
        axes.plot(epochs[best], height, "o", color="white", mec=AMBER, mew=2, ms=8, zorder=4)
    _titles(loss, title, "cross entropy")
    _titles(accuracy, " ", f"accuracy in percent; best: {top:.2f} in epoch {epochs[best]}")
    loss.legend(frameon=False, labelcolor=INK, fontsize=10)
    return figure


def plot_reliability(calibration: Calibration, title: str) -> Figure:
    """Confidence beside accuracy: bars on the diagonal mean probabilities that keep their word.

    Without a temperature of its own the network has one panel, else two: before and after.
    """
    panels = [("at temperature 1", calibration.before.ece, calibration.reliability_before)]
    if calibration.temperature != 1.0:
        name = f"at temperature {calibration.temperature:.2f}"
        panels.append((name, calibration.after.ece, calibration.reliability_after))
    figure = NotebookFigure(
        figsize=(5.2 * len(panels), 5.4), layout="constrained", facecolor="white"
    )
    for number, (name, error, bins) in enumerate(panels):
        axes = figure.add_subplot(1, len(panels), number + 1)
        _draw_reliability(axes, bins)
        _titles(axes, " " if number else title, f"{name}: calibration error {error:.3f}")
    return figure


def save_figure(figure: Figure, path: Path) -> None:
    """Write a PNG, the same bytes for the same figure."""
    figure.savefig(path, dpi=_DPI, metadata={"Software": None})


def _cell(axes: Axes, row: int, column: int, share: float, count: int) -> None:
    colour = "white" if share > 0.62 else INK
    strong = "bold" if row == column else "normal"
    axes.text(column, row - 0.08, f"{100 * share:.0f} %", ha="center", va="center",
              color=colour, fontsize=11.5, fontweight=strong)  # fmt: skip
    axes.text(column, row + 0.26, f"{count:,}", ha="center", va="center",
              color=colour, fontsize=8, alpha=0.75)  # fmt: skip


def _draw_reliability(axes: Axes, bins: Reliability) -> None:
    middles, width = (bins.edges[:-1] + bins.edges[1:]) / 2, np.diff(bins.edges)
    share = bins.rows / bins.rows.sum()
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1.2, linestyle=(0, (4, 3)), zorder=3)
    axes.bar(middles, bins.accuracy, 0.92 * width, color=TEAL, zorder=2)
    axes.plot(bins.confidence, bins.accuracy, "o", color="white", mec=AMBER, mew=2, ms=6, zorder=4)
    # How many rows a bin stands for, hanging from the top.
    axes.bar(
        middles, -0.15 * share / share.max(), 0.92 * width, bottom=1.16, color=FAINT, alpha=0.6
    )
    axes.text(0.01, 1.145, "rows", color=FAINT, fontsize=9, va="top")
    axes.set(xlim=(0, 1), ylim=(0, 1.16), xticks=np.arange(0, 1.01, 0.2))
    axes.set_yticks(np.arange(0, 1.01, 0.2))
    axes.grid(axis="y", color=GRID, linewidth=1)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.tick_params(length=0, colors=INK, labelsize=10)
    axes.set_xlabel("probability of the emotion named", color=FAINT, fontsize=10)
    axes.set_ylabel("share that is right", color=FAINT, fontsize=10)


def _headline(report: ClassificationReport) -> str:
    accuracy, macro = report.accuracy, report.macro_f1
    return (
        f"accuracy {100 * accuracy.value:.1f} % "
        f"({100 * accuracy.low:.1f} to {100 * accuracy.high:.1f}), "
        f"macro F1 {macro.value:.3f} ({macro.low:.3f} to {macro.high:.3f}), {report.rows:,} rows"
    )


def _titles(axes: Axes, title: str, subtitle: str) -> None:
    axes.set_title(f"{title}\n", loc="left", color=INK, fontsize=13, fontweight="bold", pad=10)
    axes.text(0.0, 1.0, subtitle, transform=axes.transAxes, color=FAINT, fontsize=10,
              ha="left", va="bottom").set_y(1.025)  # fmt: skip


def _curve(axes: Axes, epochs: NDArray[Any], values: NDArray[Any], colour: str, name: str) -> None:
    mark = "o" if len(epochs) < 12 else ""
    axes.plot(epochs, values, color=colour, linewidth=2.2, marker=mark, ms=4, label=name, zorder=3)


def _style_curves(axes: Axes, last: int) -> None:
    axes.set_xlim(0.5, last + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", color=GRID, linewidth=1)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.tick_params(length=0, colors=INK, labelsize=10)
    axes.set_xlabel("epoch", color=FAINT, fontsize=10)
