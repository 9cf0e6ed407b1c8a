"""Networks that name a displayed emotion and whether it is genuine or posed.

Gagatsis 2023 (SYSTEMS S5 to S7): a single head of 12 classes; two heads, each linear, ReLU, linear,
on a shared backbone; and branches of HydraNet's kind (Karpathy 2019, Tesla's HydraNet; Mullapudi et
al. 2018, HydraNets, CVPR), in which every task also has a trunk of its own.
"""

from __future__ import annotations

from typing import Final, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from duchenne.errors import DataError
from duchenne.learning.networks import FACTS, NetworkFacts
from duchenne.learning.networks.further import FURTHER_FACTS

Heads = Literal["twelve", "two", "hydra"]
EMOTIONS: Final = 6
KINDS: Final = 2
"""Genuine and posed, in this order; a single head's class is ``KINDS * emotion + kind``."""

_HIDDEN: Final = 256


class TwoTaskNetwork(nn.Module):
    """Grey pictures (N, 1, h, w), or clips (N, 1, T, h, w), in [-1, 1] to two sets of log-odds.

    Args:
        network: a name of ``networks.FACTS`` or ``networks.further.FURTHER_FACTS``.
        heads: ``twelve``: the network's own last layer with 12 classes; ``two``; ``hydra``.
        side: pixels inside; none: the published weights' own.
        frozen: train the heads only; the backbone's normalisations keep their statistics.
        emotions: how many emotions there are.

    Raises:
        DataError: no such network.
    """

    def __init__(
        self,
        network: str,
        heads: Heads = "two",
        side: int | None = None,
        frozen: bool = False,
        emotions: int = EMOTIONS,
    ) -> None:
        super().__init__()
        self.kind, self.frozen = heads, frozen
        self.backbone = whole_network(network, emotions * KINDS, side)
        self.last = facts_of(network).head
        last = self.backbone.get_submodule(self.last)
        assert isinstance(last, nn.Linear)
        if heads != "twelve":
            self.backbone.set_submodule(self.last, nn.Identity())
            branches = heads == "hydra"
            self.emotion = _branch(last.in_features, emotions, branches)
            self.genuine = _branch(last.in_features, KINDS, branches)
        if frozen:
            for name, weights in self.backbone.named_parameters():
                weights.requires_grad_(name.rpartition(".")[0] == self.last)

    def train(self, mode: bool = True) -> TwoTaskNetwork:
        super().train(mode)
        if self.frozen:
            self.backbone.eval()
        return self

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """(N, emotions) logits and (N, 2) logits of genuine and posed.

        A single head's 12 logits are summed up over the other task (``marginals``).
        """
        if self.kind == "twelve":
            return marginals(self.twelve(pictures))
        shared = self.backbone(pictures)
        return self.emotion(shared), self.genuine(shared)

    def twelve(self, pictures: Tensor) -> Tensor:
        """(N, 12), with six emotions, logits of a single head."""
        logits: Tensor = self.backbone(pictures)
        return logits

    def take(self, network: nn.Module) -> None:
        """Take over the weights of a whole network of the same name but for its last layer."""
        state = {
            key: value
            for key, value in network.state_dict().items()
            if key.rpartition(".")[0] != self.last
        }
        self.backbone.load_state_dict(self.backbone.state_dict() | state)


def facts_of(network: str) -> NetworkFacts:
    """What is known of a network for pictures or for clips.

    Raises:
        DataError: there is none of that name.
    """
    known = FACTS | FURTHER_FACTS
    if network not in known:
        raise DataError(f"No network {network!r}; there are: {', '.join(sorted(known))}.")
    return known[network]


def whole_network(network: str, classes: int, side: int | None = None) -> nn.Module:
    """A freshly initialised network of either kind with its own last layer.

    Raises:
        DataError: there is none of that name, or it cannot take another side.
    """
    facts = facts_of(network)
    if side is None or side == facts.side:
        return facts.network(classes)
    try:
        return facts.network(classes, side=side)  # type: ignore[call-arg]
    except TypeError as error:
        raise DataError(f"{network} takes pictures of {facts.side} pixels only.") from error


def marginals(twelve: Tensor) -> tuple[Tensor, Tensor]:
    """(N, 12) logits to (N, 6) and (N, 2), whose softmax are the sums of the 12's."""
    table = functional.log_softmax(twelve, dim=1).reshape(len(twelve), -1, KINDS)
    return torch.logsumexp(table, dim=2), torch.logsumexp(table, dim=1)


def _branch(width: int, classes: int, has_trunk: bool) -> nn.Module:
    """Linear, ReLU, linear; before it, in HydraNet's kind, a layer that the tasks do not share."""
    head = [nn.Linear(width, _HIDDEN), nn.ReLU(), nn.Linear(_HIDDEN, classes)]
    trunk = [nn.Linear(width, width), nn.LayerNorm(width), nn.ReLU()] if has_trunk else []
    return nn.Sequential(*trunk, *head)
