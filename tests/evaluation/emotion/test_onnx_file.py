from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from duchenne.errors import ModelError
from duchenne.evaluation.emotion.onnx_file import count_parameters
from duchenne.weights.card import ModelCard


def test_the_numbers_of_a_linear_network_are_counted(tiny_model: ModelCard) -> None:
    assert count_parameters(tiny_model.path) == 7 * 48 * 48


def test_the_count_is_that_of_the_onnx_package(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx", reason="making a network needs onnx (extra: train)")
    arrays = {
        "weights": np.zeros((300, 200), np.float32),
        "halves": np.zeros((3, 5, 2), np.float16),
        "bytes": np.zeros(17, np.int8),
        "one": np.array(1.0, np.float32),
        "shape": np.array([1, -1], np.int64),
    }
    stored = [onnx.numpy_helper.from_array(a, name) for name, a in arrays.items()]
    graph = onnx.helper.make_graph([], "nothing", [], [], stored)
    path = tmp_path / "some.onnx"
    path.write_bytes(onnx.helper.make_model(graph).SerializeToString())
    assert count_parameters(path) == 300 * 200 + 30 + 17 + 1


@pytest.mark.parametrize("content", [b"\x3a\x7fshort", b"\x0b\x01\x02", b"\xff"])
def test_other_files_are_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="cannot be read as an ONNX file"):
        count_parameters(path)
