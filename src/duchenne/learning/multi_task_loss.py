"""The loss of several heads, to which a face counts only where its label is known."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from duchenne.evaluation.datasets.face_attributes import UNKNOWN


def summed_losses(logits: Sequence[Tensor], labels: Tensor) -> Tensor:
    """Cross entropy of each head, summed over the rows whose label is known.

    Args:
        logits: (N, K) of each head.
        labels: (N, heads) class indices, -1 where unknown.

    Returns:
        (heads,); 0 for a head without labels, so that it gets no gradient.
    """
    pairs = zip(logits, labels.unbind(1), strict=True)
    losses = [
        functional.cross_entropy(out, truth, ignore_index=UNKNOWN, reduction="sum")
        for out, truth in pairs
    ]
    return torch.stack(losses)


def known(labels: Tensor) -> Tensor:
    """(heads,) how many rows have a label."""
    return (labels != UNKNOWN).sum(0)


def right(logits: Sequence[Tensor], labels: Tensor) -> Tensor:
    """(heads,) how many of those are answered right."""
    pairs = zip(logits, labels.unbind(1), strict=True)
    # No class is -1, so that unknown labels are never met.
    return torch.stack([(out.argmax(1) == truth).sum() for out, truth in pairs])


def weighted_loss(sums: Tensor, counts: Tensor, weights: Tensor) -> Tensor:
    """The heads' mean losses, weighted and added; a head without labels adds nothing.

    Means rather than sums, so that a head's weight in a batch does not depend on how many of
    its faces are labelled.
    """
    return (weights * sums / counts.clamp(min=1)).sum()
