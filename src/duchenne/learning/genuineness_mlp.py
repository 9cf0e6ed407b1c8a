"""GenuEmotion's multilayer perceptron that tells genuine from posed displays.

Seeds 000 and 001 ("GenuEmotion"): two hidden layers, each followed by batch normalization, leaky
ReLU and dropout; one logit; binary cross entropy; Adam at 5e-4 with an L2 penalty; the learning
rate times 0.9 every two epochs; 40 epochs; 4-fold cross validation. Widths, dropout and penalty,
which the report leaves open, are those of its published code. That code differs from the report in
two things, and here the report holds: it lowers the rate to a tenth every two epochs, and it goes
on with the same weights from fold to fold, so that each fold's test clips were trained on before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file
from torch import nn

from duchenne.errors import DataError, ModelError
from duchenne.evaluation.statistics.standardising import Standardiser

Matrix = NDArray[np.float64]
HISTORY: Final = ("epoch", "train_loss", "train_accuracy", "val_loss", "val_accuracy")
_MEAN, _SPREAD = "standardiser.mean", "standardiser.spread"


@dataclass(frozen=True)
class MlpSettings:
    """What decides a training; the defaults are GenuEmotion's.

    Attributes:
        hidden: widths of the hidden layers.
        slope: of the leaky ReLU below zero.
        dropout: share of units left out, 0 to 1.
        learning_rate: of Adam.
        weight_decay: L2 penalty.
        step_epochs: after how many epochs the learning rate falls.
        step_factor: to which share of itself.
        epochs: passes over the training rows.
        batch_size: rows a step.
    """

    hidden: tuple[int, ...] = (64, 32)
    slope: float = 0.1
    dropout: float = 0.3
    learning_rate: float = 5e-4
    weight_decay: float = 1e-4
    step_epochs: int = 2
    step_factor: float = 0.9
    epochs: int = 40
    batch_size: int = 32


@dataclass(frozen=True, eq=False)
class FittedMlp:
    """A trained perceptron.

    Attributes:
        network: in evaluation mode.
        standardiser: fitted on the training rows.
        history: a row an epoch, the columns of ``HISTORY``; without validation rows the ``val_``
            columns are NaN.
    """

    network: nn.Module
    standardiser: Standardiser
    history: pd.DataFrame

    def __call__(self, features: Matrix) -> Matrix:
        """(n, features) to (n,) probabilities of genuine."""
        rows = torch.from_numpy(self.standardiser(features).astype(np.float32))
        with torch.inference_mode():
            logits = self.network(rows).squeeze(1)
        return np.asarray(torch.sigmoid(logits).double().numpy())


def build_mlp(features: int, settings: MlpSettings) -> nn.Sequential:
    """(n, features) to (n, 1) logits."""
    layers: list[nn.Module] = []
    width = features
    for hidden in settings.hidden:
        layers += [nn.Linear(width, hidden), nn.BatchNorm1d(hidden)]
        layers += [nn.LeakyReLU(settings.slope), nn.Dropout(settings.dropout)]
        width = hidden
    return nn.Sequential(*layers, nn.Linear(width, 1))


def fit_mlp(
    features: Matrix,
    genuine: NDArray[np.bool_],
    settings: MlpSettings | None = None,
    seed: int = 0,
    validation: tuple[Matrix, NDArray[np.bool_]] | None = None,
) -> FittedMlp:
    """Train on standardised features; the last epoch is kept, so nothing is chosen by test rows.

    Args:
        features: (n, features), n at least 2; NaN counts as the mean.
        genuine: (n,) bool.
        settings: by default GenuEmotion's.
        seed: of weights, dropout and the order of rows.
        validation: features and kinds that are only watched, for the curves.

    Raises:
        DataError: fewer than two rows, or only one kind.
    """
    if len(features) < 2 or genuine.all() or not genuine.any():
        raise DataError("Training needs clips of both types, genuine and posed.")
    wanted = settings or MlpSettings()
    standardiser = Standardiser.fit(features)
    watched = [(features, genuine), *([validation] if validation else [])]
    sets = [_tensors(standardiser(rows), kinds) for rows, kinds in watched]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = build_mlp(features.shape[1], wanted)
        history = _train(network, sets, wanted)
    return FittedMlp(network.eval(), standardiser, history)


def mean_history(histories: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The curves of several folds averaged, for ``duchenne.evaluation.plots.plot_history``."""
    return pd.concat(histories).groupby("epoch", as_index=False).mean()


def save_mlp(fitted: FittedMlp, path: Path) -> None:
    """Write weights, means and spreads as safetensors.

    Raises:
        DataError: the file cannot be written.
    """
    arrays = {name: value.numpy() for name, value in fitted.network.state_dict().items()}
    arrays |= {_MEAN: fitted.standardiser.mean, _SPREAD: fitted.standardiser.spread}
    try:
        save_file(arrays, path)
    except (OSError, SafetensorError) as error:
        raise DataError(f"{path} cannot be written: choose another folder.") from error


def load_mlp(path: Path, settings: MlpSettings | None = None) -> FittedMlp:
    """What ``save_mlp`` wrote, without its history.

    Raises:
        ModelError: the file is not there, or holds another network.
    """
    try:
        arrays = load_file(path)
        standardiser = Standardiser(arrays.pop(_MEAN), arrays.pop(_SPREAD))
        network = build_mlp(len(standardiser.mean), settings or MlpSettings())
        network.load_state_dict({k: torch.from_numpy(v) for k, v in arrays.items()})
    except (OSError, SafetensorError, KeyError, RuntimeError, TypeError) as error:
        raise ModelError(f"{path} is not a perceptron of duchenne train genuineness.") from error
    return FittedMlp(network.eval(), standardiser, pd.DataFrame(columns=list(HISTORY)))


_Tensors = tuple[torch.Tensor, torch.Tensor]


def _tensors(features: Matrix, kinds: NDArray[np.bool_]) -> _Tensors:
    return torch.from_numpy(features.astype(np.float32)), torch.from_numpy(kinds.astype(np.float32))


def _train(network: nn.Module, sets: list[_Tensors], settings: MlpSettings) -> pd.DataFrame:
    optimiser = torch.optim.Adam(
        network.parameters(), settings.learning_rate, weight_decay=settings.weight_decay
    )
    schedule = torch.optim.lr_scheduler.StepLR(
        optimiser, settings.step_epochs, settings.step_factor
    )
    rows = []
    for epoch in range(settings.epochs):
        network.train()
        for batch in torch.split(torch.randperm(len(sets[0][0])), settings.batch_size):
            # Batch normalization cannot learn from a single row.
            if len(batch) > 1:
                _step(network, optimiser, (sets[0][0][batch], sets[0][1][batch]))
        schedule.step()
        measured = [_measure(network, some) for some in sets]
        blank = [(float("nan"), float("nan"))] * (2 - len(measured))
        rows.append((epoch, *(value for pair in [*measured, *blank] for value in pair)))
    return pd.DataFrame(rows, columns=list(HISTORY))


def _step(network: nn.Module, optimiser: torch.optim.Optimizer, batch: _Tensors) -> None:
    optimiser.zero_grad()
    loss = nn.functional.binary_cross_entropy_with_logits(network(batch[0]).squeeze(1), batch[1])
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()


def _measure(network: nn.Module, some: _Tensors) -> tuple[float, float]:
    """Loss and accuracy."""
    network.eval()
    with torch.inference_mode():
        logits = network(some[0]).squeeze(1)
        loss = nn.functional.binary_cross_entropy_with_logits(logits, some[1])
        right = ((logits > 0) == (some[1] > 0.5)).float().mean()
    return float(loss), float(right)
