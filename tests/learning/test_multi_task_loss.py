from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")

from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from duchenne.evaluation.datasets.face_attributes import HEADS
from duchenne.learning.multi_task_configs import LossWeights
from duchenne.learning.multi_task_loss import known, right, summed_losses, weighted_loss

SIZES = [len(classes) for classes in HEADS.values()]
WEIGHTS = torch.tensor(LossWeights().in_order)
FACE = st.tuples(*(st.integers(-1, size - 1) for size in SIZES))
FACES = st.lists(FACE, min_size=1, max_size=6)


def _logits(rows: int, seed: int = 0) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(rows, size, generator=generator, requires_grad=True) for size in SIZES]


def _loss(logits: list[Tensor], labels: Tensor) -> Tensor:
    return weighted_loss(summed_losses(logits, labels), known(labels), WEIGHTS)


@given(FACES)
def test_unknown_labels_give_no_gradient_at_all(faces: list[tuple[int, ...]]) -> None:
    labels, logits = torch.tensor(faces), _logits(len(faces))
    torch.autograd.backward(_loss(logits, labels))
    for out, truth in zip(logits, labels.unbind(1), strict=True):
        assert out.grad is not None
        assert torch.equal(out.grad[truth == -1], torch.zeros_like(out.grad[truth == -1]))
        assert bool((out.grad[truth != -1].abs().sum(1) > 0).all())


@given(FACES, st.integers(1, 4))
def test_more_faces_without_labels_change_neither_loss_nor_gradients(
    faces: list[tuple[int, ...]], more: int
) -> None:
    labels, logits = torch.tensor(faces), _logits(len(faces))
    alone = _loss(logits, labels)
    torch.autograd.backward(alone)
    wider = [
        torch.cat([out.detach(), extra.detach()]).requires_grad_()
        for out, extra in zip(logits, _logits(more, seed=1), strict=True)
    ]
    padded = torch.cat([labels, torch.full((more, len(SIZES)), -1)])
    together = _loss(wider, padded)
    torch.autograd.backward(together)
    torch.testing.assert_close(together, alone)
    for out, wide in zip(logits, wider, strict=True):
        assert out.grad is not None
        assert wide.grad is not None
        torch.testing.assert_close(wide.grad[: len(faces)], out.grad)


@given(st.lists(st.tuples(*(st.integers(0, s - 1) for s in SIZES)), min_size=1, max_size=6))
def test_with_every_label_it_is_the_weighted_sum_of_cross_entropies(
    faces: list[tuple[int, ...]],
) -> None:
    labels, logits = torch.tensor(faces), _logits(len(faces))
    parts = {
        head: functional.cross_entropy(out, truth)
        for head, out, truth in zip(HEADS, logits, labels.unbind(1), strict=True)
    }
    wanted = 2 * parts["emotion"] + 4 * parts["age"] + 1.5 * parts["ethnicity"]
    torch.testing.assert_close(_loss(logits, labels), wanted + 0.1 * parts["gender"])


def test_a_batch_without_labels_weighs_nothing() -> None:
    labels, logits = torch.full((3, 4), -1), _logits(3)
    loss = _loss(logits, labels)
    torch.autograd.backward(loss)
    assert loss.item() == 0.0
    assert all(not out.grad.any() for out in logits if out.grad is not None)


def test_only_known_labels_are_counted_right() -> None:
    labels = torch.tensor([[0, -1, 4, 2], [1, -1, 4, -1]])
    logits = [torch.zeros(2, size) for size in SIZES]
    logits[2][0, 4] = 1.0
    assert known(labels).tolist() == [2, 0, 2, 1]
    assert right(logits, labels).tolist() == [1, 0, 1, 0]
