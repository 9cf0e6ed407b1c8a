"""What a network learns from trained ones: Hinton, Vinyals and Dean 2015."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from duchenne.learning.augment import to_input


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


def look_once(teachers: Sequence[nn.Module], pictures: Tensor, batch: int = 128) -> Tensor:
    """The teachers' mean probabilities for unchanged pictures and their mirror images.

    Args:
        teachers: in evaluation mode; (N, 1, 48, 48) to (N, K) logits each.
        pictures: (N, 48, 48) uint8 grey.
        batch: pictures at a time.

    Returns:
        (N, K) on the CPU, each row summing to 1.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    for one in teachers:
        one.to(device)
    parts = []
    # disable=None: no bar where nobody watches, in a log or a pipe.
    with tqdm(total=len(pictures), desc="teachers", leave=False, disable=None) as bar:
        for first in range(0, len(pictures), batch):
            rows = pictures[first : first + batch]
            seen = to_input(rows.to(device))
            both = teach(teachers, seen, 1.0) + teach(teachers, seen.flip(-1), 1.0)
            parts.append(both.cpu() / 2.0)
            bar.update(len(rows))
    return torch.cat(parts)
