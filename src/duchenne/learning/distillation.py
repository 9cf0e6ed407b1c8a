"""What a network learns from trained ones: Hinton, Vinyals and Dean 2015."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional


@torch.no_grad()
def teach(teachers: Sequence[nn.Module], pictures: Tensor, temperature: float) -> Tensor:
    """The teachers' mean probabilities, softened, for the very pictures that the student sees.

    Args:
        teachers: in evaluation mode; (N, 1, 48, 48) to (N, K) logits each.
        pictures: (N, 1, 48, 48) in [-1, 1], augmented and mixed as the student's.
        temperature: divides the logits, above 0.

    Returns:
        (N, K), each row summing to 1.
    """
    laid_out = pictures.contiguous(memory_format=torch.channels_last)
    parts = [functional.softmax(one(laid_out).float() / temperature, dim=1) for one in teachers]
    return torch.stack(parts).mean(0)


def distillation_loss(logits: Tensor, theirs: Tensor, temperature: float) -> Tensor:
    """Kullback-Leibler divergence from the teachers to the student, softened alike.

    Times the squared temperature, which keeps its gradients as large as those of the labels
    (Hinton et al. 2015, section 2).

    Args:
        logits: (N, K) of the student.
        theirs: (N, K) probabilities of the teachers, as ``teach`` gives them.
        temperature: above 0, the one that the teachers were softened with.
    """
    own = functional.log_softmax(logits / temperature, dim=1)
    return functional.kl_div(own, theirs, reduction="batchmean") * temperature**2
