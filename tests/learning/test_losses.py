from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="learning needs the extra: train")

from torch import Tensor
from torch.nn import functional

from duchenne.errors import DataError
from duchenne.learning.losses import CombinedLoss, multi_label_focal_loss, task_loss


def test_the_focal_loss_is_the_one_computed_by_hand() -> None:
    # s = 1/2 and 3/4; the first class is there. Eq. 3.2 with alpha 1/4 and gamma 2:
    # 1/4 (1/2)^2 log(1/2) + 3/4 (3/4)^2 log(1/4), and the minus before both.
    logits = torch.tensor([[0.0, math.log(3.0)]])
    wanted = -(0.0625 * math.log(0.5) + 0.421875 * math.log(0.25))
    found = multi_label_focal_loss(logits, torch.tensor([0]), alpha=0.25, gamma=2.0)
    assert float(found) == pytest.approx(wanted, rel=1e-6)
    assert wanted == pytest.approx(0.6281644, abs=1e-6)


def test_rows_are_averaged() -> None:
    logits = torch.tensor([[0.0, math.log(3.0)], [0.0, 0.0]])
    labels = torch.tensor([0, 1])
    each = [multi_label_focal_loss(logits[i : i + 1], labels[i : i + 1]) for i in (0, 1)]
    both = multi_label_focal_loss(logits, labels)
    torch.testing.assert_close(both, (each[0] + each[1]) / 2)


def test_without_focus_it_is_half_the_binary_cross_entropy() -> None:
    logits, labels = torch.randn(5, 6), torch.arange(5)
    truth = functional.one_hot(labels, 6).float()
    whole = functional.binary_cross_entropy_with_logits(logits, truth, reduction="sum") / 5
    found = multi_label_focal_loss(logits, labels, alpha=0.5, gamma=0.0)
    torch.testing.assert_close(found, whole / 2)


@settings(max_examples=30)
@given(st.lists(st.floats(-200, 200), min_size=6, max_size=6), st.integers(0, 5))
def test_it_is_a_number_of_0_or_more_with_gradients(logits: list[float], label: int) -> None:
    values = torch.tensor([logits], requires_grad=True)
    loss = multi_label_focal_loss(values, torch.tensor([label]))
    torch.autograd.backward(loss)
    assert float(loss.detach()) >= 0
    assert bool(torch.isfinite(loss))
    assert bool(torch.isfinite(values.grad).all())


@pytest.mark.parametrize(("alpha", "gamma"), [(-0.1, 2.0), (1.1, 2.0), (0.5, -1.0)])
def test_settings_out_of_range_are_refused(alpha: float, gamma: float) -> None:
    with pytest.raises(DataError, match="focal loss"):
        multi_label_focal_loss(torch.zeros(1, 2), torch.tensor([0]), alpha, gamma)


def test_losses_of_a_task_are_known_by_name() -> None:
    logits, labels = torch.randn(4, 6), torch.tensor([0, 1, 2, 3])
    assert task_loss("ce", logits, labels) == functional.cross_entropy(logits, labels)
    assert task_loss("mfl", logits, labels) == multi_label_focal_loss(logits, labels)


def _two() -> tuple[Tensor, Tensor]:
    return torch.tensor(2.0, requires_grad=True), torch.tensor(3.0, requires_grad=True)


def test_sum_and_fixed_weights() -> None:
    assert float(CombinedLoss("sum", (5.0, 5.0))(*_two()).detach()) == 5.0
    assert float(CombinedLoss("fixed", (1.0, 2.0))(*_two()).detach()) == 8.0
    with pytest.raises(DataError, match="above 0"):
        CombinedLoss("fixed", (1.0, 0.0))


def test_precision_weights_are_those_of_the_last_validation_and_not_learned() -> None:
    combined = CombinedLoss("precision")
    assert float(combined(*_two()).detach()) == 5.0
    combined.validated(0.5, 0.25)
    emotion, genuine = _two()
    loss = combined(emotion, genuine)
    assert float(loss.detach()) == 2.0 * 0.5 + 3.0 * 0.25
    torch.autograd.backward(loss)
    assert emotion.grad is not None
    assert genuine.grad is not None
    assert (float(emotion.grad), float(genuine.grad)) == (0.5, 0.25)
    assert not list(combined.parameters())
    # They go into the checkpoint.
    assert combined.state_dict()["weights"].tolist() == [0.5, 0.25]
    with pytest.raises(DataError, match="0 to 1"):
        combined.validated(1.5, 0.0)


def test_only_precision_weights_follow_the_validation() -> None:
    combined = CombinedLoss("sum")
    combined.validated(0.1, 0.1)
    assert float(combined(*_two()).detach()) == 5.0


def test_uncertainty_weights_settle_where_the_paper_says() -> None:
    # For constant losses L, exp(-s) L + s / 2 is least at exp(s) = 2 L.
    combined = CombinedLoss("uncertainty")
    optimiser = torch.optim.SGD(combined.parameters(), 0.2)
    for _ in range(300):
        optimiser.zero_grad()
        combined(torch.tensor(2.0), torch.tensor(0.5)).backward()
        optimiser.step()
    torch.testing.assert_close(
        combined.log_variance.exp(), torch.tensor([4.0, 1.0]), rtol=1e-3, atol=1e-3
    )
