from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")
pytest.importorskip("sklearn", reason="learning needs the extra: train")

from tests.pedfe_clips import clip_table, drawn_streams

from duchenne.evaluation.statistics.sigmoid import Sigmoid
from duchenne.learning.genuineness_lstm_pb import FittedLstmPb, Movements
from duchenne.learning.genuineness_lstm_pb_learning import LstmPbSettings
from duchenne.learning.genuineness_lstm_pb_plot import SHOWN_S, mean_biases, plot_generated
from duchenne.learning.networks.lstm_pb import LstmPb


def untrained(streams: np.ndarray) -> FittedLstmPb:
    settings = LstmPbSettings(components=2, bias=3, hidden=4, steps=3)
    torch.manual_seed(0)
    network = LstmPb(2, 3, 4).requires_grad_(False)
    movements = Movements.fit(streams, 2)
    return FittedLstmPb(settings, movements, network, lambda b: b[:, 0], Sigmoid(0, 1, 1, 0))


def test_means_are_of_each_emotion_and_type_and_are_drawn() -> None:
    clips = clip_table(2).drop(index=[0, 12])  # nobody in genuine anger
    genuine = (clips["type"] == "genuine").to_numpy(bool)
    streams = drawn_streams(genuine, 4.0, np.random.default_rng(0))
    fitted = untrained(streams)
    means = mean_biases(fitted, streams.astype(np.float64), clips)
    assert len(means) == 11
    rows = ((clips["emotion"] == "fear") & genuine).to_numpy(bool)
    wanted = fitted.biases(streams.astype(np.float64))[rows].mean(axis=0)
    np.testing.assert_allclose(means["fear", "genuine"], wanted, atol=1e-6)
    figure = plot_generated(fitted, means)
    assert len(figure.axes) == 11 * len(SHOWN_S)
    # Nine lines of a face, at rest and as it is drawn; they differ.
    lines = figure.axes[-1].lines
    assert len(lines) == 18
    assert not np.allclose(lines[0].get_ydata(), lines[9].get_ydata())
    labels = {text.get_text() for axes in figure.axes for text in axes.texts}
    assert {"disgust", "fear", "happiness", "sadness", "surprise"} <= labels
