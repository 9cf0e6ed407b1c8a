"""How LSTM-PB learns its weights with a PB for each stream, and how it finds the PB of a new one.

Both are gradient steps on the mean squared error of the predicted samples. In learning they go
into the weights and the PBs together; in recognition the weights are frozen and a PB starts at 0.
No step sees whether a display was genuine or posed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from duchenne.learning.networks.lstm_pb import LstmPb


@dataclass(frozen=True)
class LstmPbSettings:
    """What decides a training.

    Attributes:
        components: of the landmarks' movement, that the network sees.
        bias: length of a PB vector.
        hidden: units of the LSTM.
        own: share of its own prediction in what it sees of a sample, 0 to 1. With the true samples
            alone it predicts well without a PB, which then says nothing.
        epochs: passes over the training streams.
        batch_size: streams a step.
        learning_rate: of the weights, by Adam; it falls to 0 along a cosine.
        bias_rate: the same of the PBs.
        steps: of recognition.
        step_rate: learning rate of recognition, falling likewise.
        shrinkage: penalty on the mean square of a PB.
    """

    components: int = 12
    bias: int = 8
    hidden: int = 48
    own: float = 0.8
    epochs: int = 40
    batch_size: int = 128
    learning_rate: float = 0.01
    bias_rate: float = 0.05
    steps: int = 60
    step_rate: float = 0.1
    shrinkage: float = 1e-3


@dataclass(frozen=True, eq=False)
class Streams:
    """Streams of several lengths.

    Attributes:
        samples: (n, t, components) float32, 0 after the end of a stream.
        lengths: (n,) int, samples that are known, from the first on.
    """

    samples: Tensor
    lengths: NDArray[np.intp]

    def batches(self, size: int) -> list[NDArray[np.intp]]:
        """Row numbers in batches of like lengths; a stream that cannot be predicted is in none."""
        order = np.argsort(self.lengths, kind="stable")
        order = order[self.lengths[order] >= 2]
        return [order[first : first + size] for first in range(0, len(order), size)]

    def cut(self, rows: NDArray[np.intp]) -> tuple[Tensor, Tensor]:
        """Samples (k, t', components) and whether they are predicted, (k, t' - 1), as 0 or 1."""
        lengths = self.lengths[rows]
        predicted = np.arange(1, lengths.max()) < lengths[:, None]
        samples = self.samples[torch.from_numpy(rows)][:, : int(lengths.max())]
        return samples, torch.from_numpy(predicted.astype(np.float32))


def learn(streams: Streams, settings: LstmPbSettings) -> LstmPb:
    """The weights, learned together with a PB for each stream; torch's generator decides."""
    network = LstmPb(streams.samples.shape[2], settings.bias, settings.hidden)
    biases = nn.Parameter(0.01 * torch.randn(len(streams.lengths), settings.bias))
    parts = (network.parameters(), settings.learning_rate), ([biases], settings.bias_rate)
    optimiser = torch.optim.Adam([{"params": of, "lr": rate} for of, rate in parts])
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, settings.epochs)
    batches = streams.batches(settings.batch_size)
    for _ in range(settings.epochs):
        for number in torch.randperm(len(batches)).tolist():
            rows = batches[number]
            optimiser.zero_grad()
            some = biases[torch.from_numpy(rows)]
            loss = _loss(network, streams.cut(rows), some, settings).mean()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        schedule.step()
    return network.eval().requires_grad_(False)


def find_biases(network: LstmPb, streams: Streams, settings: LstmPbSettings) -> NDArray[np.float32]:
    """The PB of each stream with the weights as they are.

    Returns:
        (n, bias) float32 before the tanh that bounds a PB; 0 for streams of less than two samples.
        A row does not depend on the other rows.
    """
    found = np.zeros((len(streams.lengths), settings.bias), np.float32)
    for rows in streams.batches(settings.batch_size):
        biases = nn.Parameter(torch.zeros(len(rows), settings.bias))
        optimiser = torch.optim.Adam([biases], settings.step_rate)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, settings.steps)
        cut = streams.cut(rows)
        for _ in range(settings.steps):
            optimiser.zero_grad()
            loss = _loss(network, cut, biases, settings).sum()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
        found[rows] = biases.detach().numpy()
    return found


def errors(
    network: LstmPb, streams: Streams, biases: NDArray[np.float32], own: float
) -> NDArray[np.float32]:
    """(n,) mean squared error of each stream's predicted samples; NaN where there are none."""
    found = np.full(len(streams.lengths), np.nan, np.float32)
    with torch.inference_mode():
        for rows in streams.batches(len(found)):
            samples, predicted = streams.cut(rows)
            some = torch.from_numpy(biases[rows])
            found[rows] = _errors(network(samples, some, own), samples, predicted).numpy()
    return found


def _loss(
    network: LstmPb, cut: tuple[Tensor, Tensor], biases: Tensor, settings: LstmPbSettings
) -> Tensor:
    samples, predicted = cut
    missed = _errors(network(samples, biases, settings.own), samples, predicted)
    return missed + settings.shrinkage * biases.square().mean(1)


def _errors(expected: Tensor, samples: Tensor, predicted: Tensor) -> Tensor:
    squared = (expected - samples[:, 1:]).square().mean(2)
    return (squared * predicted).sum(1) / predicted.sum(1)
