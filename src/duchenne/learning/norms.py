"""Makes normalisations of published networks trainable again."""

from __future__ import annotations

import torch
from torch import Tensor, nn


@torch.no_grad()
def reopen_norms(network: nn.Module, pictures: Tensor) -> None:
    """Give fixed normalisations the statistics of real pictures; the outputs stay the same.

    Some published files hold a factor and an offset for each channel, without the mean and the
    variance that they once were fitted to. With those of ``pictures`` in their place, and factor
    and offset changed accordingly, the layers can be trained as batch normalisation again.

    Args:
        network: with running mean 0 and variance 1 everywhere, as ``load_dlib`` and
            ``load_faceres`` leave them.
        pictures: (N, 1, H, W) in [-1, 1], some hundreds of the training's.
    """
    seen: dict[nn.BatchNorm2d, tuple[Tensor, Tensor]] = {}

    def look(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        assert isinstance(norm, nn.BatchNorm2d)
        seen[norm] = (inputs[0].mean((0, 2, 3)), inputs[0].var((0, 2, 3)))

    norms = [part for part in network.modules() if isinstance(part, nn.BatchNorm2d)]
    handles = [norm.register_forward_pre_hook(look) for norm in norms]
    before = network.training
    network.eval()(pictures)
    network.train(before)
    for handle in handles:
        handle.remove()
    for norm, (mean, variance) in seen.items():
        assert norm.running_mean is not None
        assert norm.running_var is not None
        # eval() divided by sqrt(1 + eps) where the statistics were 0 and 1.
        factor = norm.weight / (1.0 + norm.eps) ** 0.5
        norm.bias.add_(factor * mean)
        norm.weight.copy_(factor * (variance + norm.eps).sqrt())
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
