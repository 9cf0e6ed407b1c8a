"""How many numbers an ONNX file holds, read without the ``onnx`` package.

The file is plain protobuf (github.com/onnx/onnx, onnx.proto): field 7 of a model is its graph,
field 5 of a graph a stored tensor, whose field 1 is its shape and field 2 its type.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from duchenne.errors import ModelError, reason
from duchenne.weights.protobuf import fields, numbers

_GRAPH: Final = 7
_TENSOR: Final = 5
_SHAPE, _TYPE = 1, 2
# float32, uint8, int8, float16, float64, bfloat16: weights. int32 and int64 hold shapes and axes.
_WEIGHTS: Final = frozenset({1, 2, 3, 10, 11, 16})


def count_parameters(path: Path) -> int:
    """The numbers in an ONNX file's stored tensors, without those of integer type.

    Where batch normalisation was folded into the convolutions on export, that is fewer than the
    network had in training.

    Raises:
        ModelError: the file cannot be read as ONNX.
    """
    try:
        return sum(
            math.prod(shape)
            for number, graph in fields(memoryview(path.read_bytes()))
            if number == _GRAPH and isinstance(graph, memoryview)
            for shape, kind in _tensors(graph)
            if kind in _WEIGHTS
        )
    except (OSError, IndexError, ValueError) as error:
        raise ModelError(f"{path} cannot be read as an ONNX file: {reason(error)}.") from error


def _tensors(graph: memoryview) -> Iterator[tuple[list[int], int]]:
    for number, content in fields(graph):
        if number != _TENSOR or not isinstance(content, memoryview):
            continue
        shape: list[int] = []
        kind = 0
        for field, value in fields(content):
            if field == _SHAPE:
                shape += [value] if isinstance(value, int) else list(numbers(value))
            elif field == _TYPE and isinstance(value, int):
                kind = value
        yield shape, kind
