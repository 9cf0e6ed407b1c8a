from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from duchenne.emotion.labels import EMOTIONS
from duchenne.evaluation.plots import (
    plot_confusion,
    plot_history,
    plot_reliability,
    save_figure,
)
from duchenne.evaluation.statistics.calibration import Calibration
from duchenne.evaluation.statistics.metrics import ClassificationReport


def _history(epochs: int) -> pd.DataFrame:
    rise = np.linspace(0.3, 0.6, epochs)
    columns = {"train_loss": 1 - rise, "train_accuracy": rise, "val_loss": 1 - rise}
    return pd.DataFrame({"epoch": range(epochs), **columns, "val_accuracy": rise[::-1]})


def test_the_confusion_matrix_shows_percent_and_counts() -> None:
    report = ClassificationReport.from_predictions([0, 0, 0, 1], [0, 0, 1, 1], ("no", "yes"))
    texts = {text.get_text() for text in plot_confusion(report, "a title").axes[0].texts}
    assert {"67 %", "33 %", "100 %", "2", "1"} <= texts


def test_a_class_without_rows_is_drawn_as_zero() -> None:
    report = ClassificationReport.from_predictions([0], [0], EMOTIONS)
    texts = [text.get_text() for text in plot_confusion(report, "a title").axes[0].texts]
    assert texts.count("0 %") == 48


@pytest.mark.parametrize("epochs", [1, 5, 60])
def test_the_curves_name_the_best_epoch(epochs: int) -> None:
    loss, accuracy = plot_history(_history(epochs), "a title").axes
    assert "in epoch 1" in accuracy.texts[0].get_text()
    lines = {line.get_label(): line for line in loss.lines}
    drawn = np.asarray(lines["PublicTest"].get_ydata())
    np.testing.assert_allclose(drawn, _history(epochs)["val_loss"])


def test_the_same_figure_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        save_figure(plot_history(_history(4), "a title"), tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    assert min(Image.open(tmp_path / "one.png").size) > 500


def test_pyplot_and_its_global_state_stay_out() -> None:
    report = ClassificationReport.from_predictions([0, 1], [0, 1], ("no", "yes"))
    before = "matplotlib.pyplot" in sys.modules
    plot_confusion(report, "a title")
    assert ("matplotlib.pyplot" in sys.modules) == before


@pytest.mark.parametrize(("temperature", "panels"), [(1.0, 1), (1.7, 2)])
def test_reliability_has_a_panel_for_each_temperature(temperature: float, panels: int) -> None:
    logits = np.random.default_rng(0).normal(0, 2, (200, 7))
    calibration = Calibration.from_logits(logits, np.arange(200) % 7, temperature)
    figure = plot_reliability(calibration, "a title")
    assert len(figure.axes) == panels
    texts = {text.get_text() for text in figure.axes[-1].texts}
    assert any(f"calibration error {calibration.after.ece:.3f}" in text for text in texts)
