"""LSTM with parametric bias (SYSTEMS S8).

A recurrent network that predicts the next sample of a stream; beside the sample it sees a short
vector that stays the same over the whole stream, the parametric bias (PB). The weights are learned
from all streams and a PB from each, so the PBs come to say in what the streams differ. Tani, Ito
and Sugita, Neural Networks 17, 2004 (RNNPB); Huynh and Kim, ICCV Workshops 2017, with an LSTM.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class LstmPb(nn.Module):
    """Predicts by how much a stream changes from sample to sample.

    Args:
        inputs: numbers a sample.
        bias: length of a PB vector.
        hidden: units of the LSTM.
    """

    def __init__(self, inputs: int, bias: int, hidden: int) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(inputs + bias, hidden)
        self.change = nn.Linear(hidden, inputs)

    def forward(self, streams: Tensor, biases: Tensor, own: float = 0.0) -> Tensor:
        """What it takes the second and all later samples to be.

        Args:
            streams: (n, t, inputs), t at least 2.
            biases: (n, bias) before the tanh that keeps a PB between -1 and 1.
            own: share of its own prediction in what it sees of a sample, 0 to 1; the rest is the
                true sample. At 1 only the first sample and the PB are used.

        Returns:
            (n, t - 1, inputs).
        """
        bounded = torch.tanh(biases)
        seen = streams[:, 0]
        hidden = cell = seen.new_zeros(len(streams), self.cell.hidden_size)
        predicted = []
        for sample in streams[:, 1:].unbind(1):
            hidden, cell = self.cell(torch.cat([seen, bounded], 1), (hidden, cell))
            expected = seen + self.change(hidden)
            predicted.append(expected)
            seen = own * expected + (1.0 - own) * sample
        return torch.stack(predicted, 1)

    def generate(self, first: Tensor, biases: Tensor, length: int) -> Tensor:
        """Streams drawn from PBs alone.

        Args:
            first: (n, inputs) samples to start from.
            biases: (n, bias) as in ``forward``.
            length: samples, at least 2.

        Returns:
            (n, length, inputs), the first sample included.
        """
        streams = torch.zeros(len(first), length, first.shape[1])
        streams[:, 0] = first
        return torch.cat([streams[:, :1], self(streams, biases, own=1.0)], 1)
