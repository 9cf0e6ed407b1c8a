from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="learning needs the extra: train")

from torch import nn

from duchenne.errors import DataError, ModelError
from duchenne.learning.networks.further import CLIP_FACTS, FURTHER_FACTS
from duchenne.learning.networks.temporal import Encoder, TemporalNetwork
from duchenne.learning.networks.two_tasks import (
    Heads,
    TwoTaskNetwork,
    facts_of,
    marginals,
    whole_network,
)
from duchenne.learning.pretrained import load_pretrained


def _on_paper(name: str, classes: int, side: int | None = None) -> nn.Module:
    with torch.device("meta"):
        return whole_network(name, classes, side)


@pytest.mark.parametrize(
    ("name", "classes", "parameters", "names"),
    [
        ("efficientnet_v2_m", 1000, 54_139_356, "963ef5354a31dc77"),
        ("vit_b_16", 1000, 86_567_656, "2c2360f6707280a8"),
        ("x3d_s", 400, 3_794_274, "92cf6db9a1a73822"),
        ("slow_r50", 400, 32_454_096, "908b21ac4c77775a"),
    ],
)
def test_names_shapes_and_counts_are_the_published_ones(
    name: str, classes: int, parameters: int, names: str
) -> None:
    # Hashes of the state dicts of torchvision 0.28.0 and pytorchvideo 0.1.5; filled with the same
    # numbers, theirs and ours gave the same outputs within 8e-7.
    network = _on_paper(name, classes)
    assert sum(value.numel() for value in network.parameters()) == parameters
    state = network.state_dict()
    lines = "\n".join(f"{key} {tuple(state[key].shape)}" for key in sorted(state))
    assert hashlib.sha256(lines.encode()).hexdigest()[:16] == names


@pytest.mark.parametrize("name", sorted(FURTHER_FACTS))
def test_every_network_takes_small_grey_pictures_or_clips(name: str) -> None:
    network = whole_network(name, 5, 32).eval()
    shape = (2, 1, 4, 40, 40) if name in CLIP_FACTS else (2, 1, 40, 40)
    with torch.inference_mode():
        logits = network(torch.rand(shape) * 2 - 1)
    assert logits.shape == (2, 5)
    assert bool(torch.isfinite(logits).all())
    head = network.get_submodule(facts_of(name).head)
    assert isinstance(head, nn.Linear)
    assert head.out_features == 5


@pytest.mark.parametrize("name", ["cnn3d", "cnn_lstm", "x3d_s"])
def test_clip_networks_see_the_order_of_frames(name: str) -> None:
    torch.manual_seed(0)
    network = whole_network(name, 4, 32).eval()
    clips = torch.rand(1, 1, 6, 32, 32) * 2 - 1
    with torch.inference_mode():
        assert not torch.allclose(network(clips), network(clips.flip(2)), atol=1e-6)


def test_clips_of_another_shape_are_named() -> None:
    with pytest.raises(DataError, match=r"\(N, 1, T, h, w\)"):
        whole_network("cnn3d", 4, 32)(torch.zeros(1, 1, 32, 32))
    with pytest.raises(DataError, match="multiple of 16"):
        whole_network("vit_b_16", 4, 40)


def test_unknown_networks_and_fixed_sides_are_named() -> None:
    with pytest.raises(DataError, match="No network 'mine'"):
        facts_of("mine")
    with pytest.raises(DataError, match="48 pixels only"):
        whole_network("emotion_cnn", 4, 32)


def test_pytorchvideos_files_can_be_read(tmp_path: Path) -> None:
    torch.manual_seed(1)
    state = whole_network("x3d_s", 400).state_dict()
    torch.save({"model_state": state}, tmp_path / "X3D_S.pyth")
    network = whole_network("x3d_s", 12, 32)
    stayed = load_pretrained(network, tmp_path / "X3D_S.pyth")
    assert stayed == ("blocks.5.proj.weight", "blocks.5.proj.bias")
    torch.testing.assert_close(
        network.state_dict()["blocks.1.res_blocks.0.branch2.conv_b.weight"],
        state["blocks.1.res_blocks.0.branch2.conv_b.weight"],
    )
    with pytest.raises(ModelError, match="not of cnn3d"):
        load_pretrained(whole_network("cnn3d", 12), tmp_path / "X3D_S.pyth")


@settings(max_examples=25)
@given(st.lists(st.floats(-30, 30), min_size=12, max_size=12))
def test_marginals_are_the_sums_of_the_twelve(logits: list[float]) -> None:
    twelve = torch.tensor([logits], dtype=torch.float64)
    shares = twelve.softmax(1).reshape(6, 2)
    emotion, kind = marginals(twelve)
    torch.testing.assert_close(emotion.softmax(1)[0], shares.sum(1))
    torch.testing.assert_close(kind.softmax(1)[0], shares.sum(0))


@pytest.mark.parametrize("heads", ["twelve", "two", "hydra"])
def test_all_heads_answer_both_tasks(heads: Heads) -> None:
    network = TwoTaskNetwork("compact_resnet", heads).eval()
    emotion, kind = network(torch.zeros(3, 1, 48, 48))
    assert (emotion.shape, kind.shape) == ((3, 6), (3, 2))
    (emotion.sum() + kind.sum()).backward()
    unreached = [name for name, value in network.named_parameters() if value.grad is None]
    assert not unreached


def test_heads_are_linear_relu_linear_and_branches_have_a_trunk() -> None:
    kinds = [type(part) for part in TwoTaskNetwork("compact_resnet", "two").genuine.children()]
    assert kinds == [nn.Linear, nn.ReLU, nn.Linear]
    own = len(list(TwoTaskNetwork("compact_resnet", "hydra").genuine.parameters()))
    assert own > len(list(TwoTaskNetwork("compact_resnet", "two").genuine.parameters()))


@pytest.mark.parametrize("heads", ["twelve", "two"])
def test_a_frozen_backbone_learns_in_its_heads_only(heads: Heads) -> None:
    network = TwoTaskNetwork("compact_resnet", heads, frozen=True).train()
    norm = network.backbone.norm
    assert isinstance(norm, nn.Module)
    assert not norm.training
    trained = {name for name, value in network.named_parameters() if value.requires_grad}
    assert trained
    assert all(name.startswith(("backbone.fc.", "emotion.", "genuine.")) for name in trained)


def test_weights_of_a_whole_network_are_taken_over_but_for_its_last_layer() -> None:
    whole = whole_network("compact_resnet", 7)
    for heads in ("twelve", "two"):
        network = TwoTaskNetwork("compact_resnet", heads)
        network.take(whole)
        taken, given = network.backbone.state_dict(), whole.state_dict()
        torch.testing.assert_close(taken["conv.weight"], given["conv.weight"])


@pytest.mark.parametrize("encoder", ["gru", "transformer", "none"])
def test_frames_that_are_not_there_change_nothing(encoder: Encoder) -> None:
    torch.manual_seed(0)
    network = TemporalNetwork(7, encoder, width=16).eval()
    frames, there = torch.randn(3, 6, 7), torch.ones(3, 6, dtype=torch.bool)
    there[1, 4:] = False
    changed = frames.clone()
    changed[1, 4:] = 100.0
    with torch.inference_mode():
        for one, other in zip(network(frames, there), network(changed, there), strict=True):
            torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)
        short = network(frames[1:2, :4], there[1:2, :4])
        torch.testing.assert_close(short[0], network(frames, there)[0][1:2], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("encoder", ["gru", "transformer"])
def test_encoders_see_the_order_of_frames(encoder: Encoder) -> None:
    torch.manual_seed(0)
    network = TemporalNetwork(7, encoder, width=16).eval()
    frames, there = torch.randn(1, 6, 7), torch.ones(1, 6, dtype=torch.bool)
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    with torch.inference_mode():
        assert not torch.allclose(
            network(frames, there)[0], network(frames[:, order], there)[0], atol=1e-5
        )
