"""Where a training's weights start."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")

from duchenne.errors import DataError
from duchenne.learning import starting
from duchenne.learning.data import PictureSet
from duchenne.learning.networks import DlibResNet29, MobileNetV1, build
from duchenne.learning.tfjs_weights import FACERES_FILE


def _pictures(count: int) -> PictureSet:
    rng = np.random.default_rng(0)
    pictures = torch.as_tensor(rng.integers(0, 256, (count, 48, 48), dtype=np.uint8))
    return PictureSet(pictures, torch.zeros(count, dtype=torch.long))


@pytest.mark.parametrize(
    ("name", "weights", "file"),
    [
        ("dlib_resnet29", "dlib", Path("the package's.dat")),
        ("dlib_resnet29", "own.dat", Path("own.dat")),
        ("mobilenet_v1", "vggface2", FACERES_FILE),
        ("mobilenet_v1", "own.json", Path("own.json")),
    ],
)
def test_published_weights_come_with_norms_that_fit_the_training_pictures(
    name: str, weights: str, file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read: list[Path] = []
    monkeypatch.setattr(starting, "dlib_weights", lambda: Path("the package's.dat"))
    monkeypatch.setattr(starting, "load_dlib", lambda _, path: read.append(path))
    monkeypatch.setattr(starting, "load_faceres", lambda _, path: read.append(path))
    network = build(name, 7)
    assert isinstance(network, DlibResNet29 | MobileNetV1)
    before = {key: value.clone() for key, value in network.state_dict().items()}
    starting.start(network, weights, _pictures(6), tmp_path)
    assert read == [file]
    changed = {
        key.rpartition(".")[2]
        for key, value in network.state_dict().items()
        if not torch.equal(value, before[key])
    }
    assert {"running_mean", "running_var"} <= changed


@pytest.mark.parametrize(
    ("weights", "told"),
    [("dlib", "Only dlib_resnet29"), ("vggface2", "Only mobilenet_v1 comes with VGGFace2")],
)
def test_other_networks_have_no_such_weights(weights: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=told):
        starting.start(torch.nn.Linear(1, 1), weights, _pictures(2), tmp_path)


def test_only_one_network_comes_with_imagenet_weights(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(starting, "efficientnet_lite0_weights", lambda: Path("lite0.pth"))
    with pytest.raises(DataError, match="Only efficientnet_lite0 comes with ImageNet weights"):
        starting.start(build("conv4", 5), "imagenet", _pictures(2), tmp_path)
    read: list[object] = []
    monkeypatch.setattr(starting, "load_pretrained", lambda _, path, runs: read.append(path))
    starting.start(build("efficientnet_lite0", 7), "imagenet", _pictures(2), tmp_path)
    assert read == [Path("lite0.pth")]
