from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")

from torch import Tensor, nn
from torch.nn import functional

from duchenne.learning.networks import CompactResNet, DlibResNet29
from duchenne.learning.norms import reopen_norms


@pytest.mark.parametrize("network", [DlibResNet29(3), CompactResNet(3)], ids=["whole", "compact"])
def test_reopened_norms_compute_the_same_and_hold_the_pictures_statistics(
    network: DlibResNet29,
) -> None:
    torch.manual_seed(0)
    for part in network.modules():
        if isinstance(part, nn.BatchNorm2d):
            nn.init.uniform_(part.weight, 0.5, 1.5)
            nn.init.uniform_(part.bias, -0.5, 0.5)
    pictures = torch.rand(8, 1, 48, 48) * 2.0 - 1.0
    network.eval()
    with torch.inference_mode():
        before = network(pictures)
    reopen_norms(network.train(), pictures)
    assert network.training
    with torch.inference_mode():
        after = network.eval()(pictures)
    torch.testing.assert_close(after, before, atol=1e-3, rtol=1e-3)
    first = network.norm(network.conv((_resized(network, pictures) * 127.5 + 12.806333) / 256.0))
    torch.testing.assert_close(first.mean((0, 2, 3)), network.norm.bias, atol=1e-3, rtol=0)


def _resized(network: DlibResNet29, pictures: Tensor) -> Tensor:
    side = (network.side, network.side)
    return functional.interpolate(pictures, side, mode="bilinear", align_corners=False)
