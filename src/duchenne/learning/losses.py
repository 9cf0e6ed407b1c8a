"""Losses of one task, and their combination over the two tasks of the thesis (SYSTEMS S6).

Gagatsis 2023, Maastricht University, sections 3.2.2 and 3.2.3.
"""

from __future__ import annotations

from typing import Final, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from duchenne.errors import DataError

TaskLoss = Literal["ce", "mfl"]
Combination = Literal["sum", "fixed", "precision", "uncertainty"]

ALPHA: Final = 0.25
GAMMA: Final = 2.0
"""Lin et al. 2017 (Focal loss for dense object detection, ICCV); the thesis names none."""


def multi_label_focal_loss(
    logits: Tensor, labels: Tensor, alpha: float = ALPHA, gamma: float = GAMMA
) -> Tensor:
    """Eq. 3.2 of the thesis, the mean over the rows; the minus applies to both of its terms.

    ``-sum_i [alpha (1 - s_i)^gamma y_i log s_i + (1 - alpha) s_i^gamma (1 - y_i) log(1 - s_i)]``
    with ``s`` the logistic function of the logits: each class is a yes-or-no question of its own.

    Args:
        logits: (N, K).
        labels: (N,) class indices.
        alpha: weight of the class that is there against those that are not, 0 to 1.
        gamma: how much less easy rows count; 0: all alike.

    Returns:
        A scalar, 0 or more.

    Raises:
        DataError: an ``alpha`` or ``gamma`` out of range.
    """
    if not 0.0 <= alpha <= 1.0 or gamma < 0.0:
        raise DataError(
            f"A focal loss has an alpha from 0 to 1 and a gamma of 0 or more, "
            f"not {alpha:g} and {gamma:g}."
        )
    truth = functional.one_hot(labels, logits.shape[1]).to(logits)
    # By logsigmoid, which keeps its precision where the logistic function is 0 or 1.
    there, not_there = functional.logsigmoid(logits), functional.logsigmoid(-logits)
    positive = alpha * (gamma * not_there).exp() * truth * there
    negative = (1.0 - alpha) * (gamma * there).exp() * (1.0 - truth) * not_there
    return -(positive + negative).sum(dim=1).mean()


def task_loss(kind: TaskLoss, logits: Tensor, labels: Tensor) -> Tensor:
    """Cross entropy (eq. 3.1) or the multi-label focal loss (eq. 3.2), the mean over the rows."""
    if kind == "ce":
        return functional.cross_entropy(logits, labels)
    return multi_label_focal_loss(logits, labels)


class CombinedLoss(nn.Module):
    """One loss of two: the displayed emotion's, and that of genuine or posed.

    ``sum`` adds them; ``fixed`` weighs them by numbers given; ``precision`` by the macro precision
    of each task in the last validation (eq. 3.3; 1 and 1 until there was one; numbers, through
    which nothing is learned); ``uncertainty`` by weights that are learned beside the network, for
    classification ``exp(-s) loss + s / 2`` with ``s`` the log variance (Kendall, Gal and Cipolla
    2018, CVPR, eq. 10).

    Args:
        kind: see above.
        weights: of emotion and genuineness, with ``fixed``.

    Raises:
        DataError: weights that are not above 0.
    """

    weights: Tensor

    def __init__(
        self, kind: Combination = "sum", weights: tuple[float, float] = (1.0, 1.0)
    ) -> None:
        super().__init__()
        if not all(weight > 0.0 for weight in weights):
            raise DataError(f"The weights of two losses are above 0, not {weights}.")
        self.kind = kind
        given = weights if kind == "fixed" else (1.0, 1.0)
        # A buffer of the checkpoint: a resumed training goes on with the same weights.
        self.register_buffer("weights", torch.tensor(given))
        if kind == "uncertainty":
            self.log_variance = nn.Parameter(torch.zeros(2))

    def forward(self, emotion: Tensor, genuine: Tensor) -> Tensor:
        """Two scalars to one."""
        both = torch.stack([emotion, genuine])
        if self.kind == "uncertainty":
            return ((-self.log_variance).exp() * both + self.log_variance / 2).sum()
        return (self.weights * both).sum()

    def validated(self, emotion: float, genuine: float) -> None:
        """Take the macro precisions of the last validation, each 0 to 1, as weights.

        Raises:
            DataError: a value out of range.
        """
        if not (0.0 <= emotion <= 1.0 and 0.0 <= genuine <= 1.0):
            raise DataError(f"Precisions lie from 0 to 1, not at {emotion} and {genuine}.")
        if self.kind == "precision":
            self.weights.copy_(torch.tensor([emotion, genuine]))
