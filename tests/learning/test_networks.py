from __future__ import annotations

import hashlib

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")

from torch import Tensor, nn

from duchenne.errors import DataError
from duchenne.learning.networks import FACTS, NETWORKS, VGG16, Conv4, build
from duchenne.learning.networks.door import Door

ALL = sorted(FACTS)
SMALL = ["conv4", "efficientnet_lite0", "emotion_cnn", "mobilenet_v1", "mobilenet_v2"]


def _on_paper(name: str, classes: int) -> nn.Module:
    """Shapes without values: the big networks cost nothing so."""
    with torch.device("meta"):
        return build(name, classes)


def _fill(network: nn.Module) -> nn.Module:
    """The same numbers in every network with the same names, whoever wrote it."""
    draw = np.random.default_rng(0)
    state = network.state_dict()
    for key in sorted(state):
        tensor = state[key]
        if not tensor.is_floating_point():
            continue
        values = torch.from_numpy(draw.standard_normal(tuple(tensor.shape), dtype=np.float32))
        if tensor.ndim > 1:
            values *= (2 / tensor[0].numel()) ** 0.5
        elif key.endswith(("weight", "running_var")):
            values = 1 + 0.1 * values
        else:
            values *= 0.1
        tensor.copy_(values)
    return network.eval()


def _two_pictures() -> Tensor:
    ramp = torch.linspace(-1, 1, 48)
    stripes = (9 * ramp).sin().view(1, 48, 1).expand(1, 48, 48)
    pictures: Tensor = torch.stack([ramp.view(1, 48, 1) * ramp.view(1, 1, 48), stripes])
    return pictures


@pytest.mark.parametrize("name", SMALL)
def test_a_fresh_network_can_learn_from_its_first_layer_on(name: str) -> None:
    torch.manual_seed(0)
    network = build(name, 7)
    loss = nn.functional.cross_entropy(network(_two_pictures()), torch.tensor([0, 6]))
    torch.autograd.backward(loss)
    gradients = [value.grad for value in network.parameters()]
    assert all(bool(torch.isfinite(gradient).all()) for gradient in gradients)
    assert gradients[0] is not None
    assert float(gradients[0].abs().max()) > 0


@pytest.mark.parametrize("name", ALL)
def test_faces_become_logits_and_the_gradient_reaches_every_parameter(name: str) -> None:
    network = _on_paper(name, 5)
    logits = network(torch.empty(3, 1, 48, 48, device="meta"))
    assert logits.shape == (3, 5)
    logits.sum().backward()
    unreached = [key for key, value in network.named_parameters() if value.grad is None]
    assert unreached == []


@pytest.mark.parametrize("name", ALL)
def test_the_facts_are_those_of_the_network(name: str) -> None:
    facts, network = FACTS[name], _on_paper(name, 11)
    assert NETWORKS[name] is facts.network
    head = network.get_submodule(facts.head)
    assert isinstance(head, nn.Linear)
    assert head.out_features == 11
    convolution = next(part for part in network.modules() if isinstance(part, nn.Conv2d))
    assert convolution.in_channels == facts.channels
    doors = [part for part in network.modules() if isinstance(part, Door)]
    assert [door.side for door in doors] == [facts.side] * (facts.channels == 3)


@pytest.mark.parametrize(
    ("name", "parameters", "names"),
    [
        ("resnet50", 25_557_032, "a87e91cd6bd1f939"),
        ("mobilenet_v2", 3_504_872, "e3eb10f890f74c6e"),
        ("vgg16", 138_357_544, "ba63c2556d912509"),
        ("inception_resnet_v1", 23_482_624 + 512 * 1000 + 1000, "d87b0567f69b1113"),
        ("efficientnet_lite0", 4_652_008, "56e888a56e06aa25"),
    ],
)
def test_names_shapes_and_counts_are_the_published_ones(
    name: str, parameters: int, names: str
) -> None:
    # Hashes of the state dicts of torchvision 0.28.0, facenet-pytorch 2.6.0 and
    # efficientnet_lite_pytorch 0.1.0, each built for 1,000 classes.
    network = _on_paper(name, 1000)
    assert sum(value.numel() for value in network.parameters()) == parameters
    state = network.state_dict()
    lines = "\n".join(f"{key} {tuple(state[key].shape)}" for key in sorted(state))
    assert hashlib.sha256(lines.encode()).hexdigest()[:16] == names


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("resnet50", [[444.9, 936.99, -466.24, 360.86], [1030.1, 2208.3, -1114.1, 852.3]]),
        ("mobilenet_v2", [[4.051, -2.6105, -3.5795, 1.3275], [3.7992, -1.3389, -3.7717, 1.9011]]),
        (
            "inception_resnet_v1",
            [[3.7219, 1.3651, 1.0475, 0.57685], [7.0784, 3.6044, 2.257, 1.7213]],
        ),
        (
            "efficientnet_lite0",
            [[-5.375, 0.14104, 4.9996, 2.3286], [-5.341, 0.43649, 4.8486, 2.6043]],
        ),
    ],
)
def test_equal_weights_give_what_the_published_code_gives(
    name: str, wanted: list[list[float]]
) -> None:
    # The same packages' answers to the same weights and pictures.
    with torch.inference_mode():
        found = _fill(build(name, 1000))(_two_pictures())[:, :4]
    torch.testing.assert_close(found, torch.tensor(wanted), rtol=2e-3, atol=2e-3)


def test_equal_weights_give_the_features_of_torchvisions_vgg16() -> None:
    with torch.device("meta"):
        features = VGG16(7).features
    with torch.inference_mode():
        found = _fill(features.to_empty(device="cpu"))(Door(224)(_two_pictures())).flatten(1)
    told = torch.stack([found.mean(1), found.std(1), found.amax(1)], dim=1)
    torch.testing.assert_close(
        told,
        torch.tensor([[0.8647, 1.1352, 9.7894], [1.9786, 2.3671, 14.766]]),
        rtol=2e-3,
        atol=2e-3,
    )


# The talk's table: layer, output, and parameters with the running statistics.
TABLE = [
    ("features.0.0", (128, 46, 46), 3_584),
    ("features.0.2", (128, 46, 46), 512),
    ("features.0.3", (128, 23, 23), 0),
    ("features.0.4", (128, 23, 23), 0),
    ("features.1.0", (256, 21, 21), 295_168),
    ("features.1.2", (256, 21, 21), 1_024),
    ("features.1.3", (256, 10, 10), 0),
    ("features.1.4", (256, 10, 10), 0),
    ("features.2.0", (512, 8, 8), 1_180_160),
    ("features.2.2", (512, 8, 8), 2_048),
    ("features.2.3", (512, 4, 4), 0),
    ("features.2.4", (512, 4, 4), 0),
    ("features.3.0", (512, 2, 2), 2_359_808),
    ("features.3.2", (512, 2, 2), 2_048),
    ("features.3.3", (512, 1, 1), 0),
    ("features.3.4", (512, 1, 1), 0),
    ("head.0", (512,), 0),
    ("head.1", (512,), 262_656),
    ("head.3", (512,), 0),
    ("head.4", (256,), 131_328),
    ("head.6", (256,), 0),
    ("head.7", (5,), 1_285),
]


def _numbers(part: nn.Module) -> int:
    """Parameters and running statistics; Keras does not count batches."""
    return sum(v.numel() for k, v in part.state_dict().items() if "batches" not in k)


def test_conv4_is_the_talks_table_layer_by_layer() -> None:
    network = _on_paper("conv4", 5)
    shapes: dict[str, tuple[int, ...]] = {}
    for name, part in network.named_modules():
        part.register_forward_hook(
            lambda _part, _given, out, name=name: shapes.update({name: tuple(out.shape[1:])})
        )
    network(torch.empty(2, 1, 48, 48, device="meta"))
    found = [(name, shapes[name], _numbers(network.get_submodule(name))) for name, _, _ in TABLE]
    assert found == TABLE
    assert _numbers(network) == 4_239_621
    trainable = sum(v.numel() for v in network.parameters() if v.requires_grad)
    assert trainable == 4_236_805
    assert _numbers(network) - trainable == 2_816


def test_conv4_takes_the_grey_channel_three_times() -> None:
    seen: list[Tensor] = []
    network = Conv4().eval()
    network.features.register_forward_pre_hook(lambda _part, given: seen.append(given[0]))
    pictures = _two_pictures()
    network(pictures)
    torch.testing.assert_close(seen[0], pictures.expand(2, 3, 48, 48))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("resnet50", [(1 - 0.485) / 0.229, (1 - 0.456) / 0.224, (1 - 0.406) / 0.225]),
        ("inception_resnet_v1", [127.5 / 128] * 3),
        ("efficientnet_lite0", [1.0] * 3),
    ],
)
def test_white_is_white_to_the_published_network(name: str, wanted: list[float]) -> None:
    network = build(name, 2)
    assert isinstance(network.door, Door)
    white = network.door(torch.ones(1, 1, 48, 48))
    side = FACTS[name].side
    torch.testing.assert_close(
        white, torch.tensor(wanted).view(1, 3, 1, 1).expand(1, 3, side, side)
    )


def test_a_network_can_look_at_smaller_pictures() -> None:
    with torch.device("meta"):
        network = VGG16(7, side=64)
    sizes: list[tuple[int, ...]] = []
    network.features.register_forward_pre_hook(lambda _part, given: sizes.append(given[0].shape))
    assert network(torch.empty(1, 1, 48, 48, device="meta")).shape == (1, 7)
    assert sizes == [(1, 3, 64, 64)]


@pytest.mark.parametrize("shape", [(1, 3, 48, 48), (1, 48, 48), (48, 48)])
def test_pictures_of_another_shape_are_named(shape: tuple[int, ...]) -> None:
    with pytest.raises(DataError, match=r"grey pictures as \(N, 1, h, w\), not \("):
        Conv4()(torch.zeros(shape))


def test_an_unknown_network_lists_the_known_ones() -> None:
    with pytest.raises(DataError, match=r"No network 'alexnet'; there are: compact_resnet, conv4"):
        build("alexnet", 7)


def test_a_network_without_classes_is_refused() -> None:
    with pytest.raises(DataError, match="at least one class, not 0"):
        build("conv4", 0)


@pytest.mark.parametrize("name", ["conv4", "mobilenet_v2"])
def test_onnx_runtime_gives_what_torch_gives(name: str) -> None:
    pytest.importorskip("onnxscript", reason="exporting needs the extra: train")
    pytest.importorskip("lightning", reason="learning needs the extra: train")
    import onnxruntime

    from duchenne.learning.export import to_onnx

    network = _fill(build(name, 7))
    session = onnxruntime.InferenceSession(to_onnx(network))
    pictures = _two_pictures()
    (found,) = session.run(None, {"pictures": pictures.numpy()})
    with torch.inference_mode():
        torch.testing.assert_close(torch.from_numpy(found), network(pictures), rtol=1e-4, atol=1e-4)


def test_the_vgg_for_fer2013_is_the_papers_and_reads_the_middle_of_the_picture() -> None:
    # The count of the authors' own network (github.com/usef-kh/fer), built for seven classes.
    network = build("vgg_fer2013", 7).eval()
    assert sum(value.numel() for value in network.parameters()) == 29_890_759
    pictures = _two_pictures()
    framed = pictures.clone()
    framed[..., :4, :] = framed[..., -4:, :] = 1.0
    framed[..., :4] = framed[..., -4:] = -1.0
    with torch.inference_mode():
        torch.testing.assert_close(network(framed), network(pictures))
        framed[..., 4, 4] += 1.0
        assert not torch.equal(network(framed), network(pictures))
