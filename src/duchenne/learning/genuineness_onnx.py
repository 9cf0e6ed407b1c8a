"""A fitted kernel machine as an ONNX graph, built by hand: scikit-learn's converter knows no part
of it but the kernel.

Inputs: ``inputs`` (n, inputs) float32, and for a model by person ``mean`` and ``spread`` (inputs,)
of the person's scores. Outputs: ``value`` (n,), above 0 for genuine, ``familiarity`` (n,) 0 to 1,
and ``scores`` (n, inputs). NaN counts as typical.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, checker, helper, numpy_helper

from duchenne.learning.genuineness_kernel import Machine

OPSET: Final = 18
_IR: Final = 9


@dataclass
class _Graph:
    """Nodes and constants as they are added; every step is named after what it gives."""

    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)

    def hold(self, name: str, values: Any, kind: Any = np.float32) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values, kind), name))
        return name

    def half(self, name: str, values: NDArray[np.float64]) -> str:
        """A large constant, stored at half its size."""
        self.hold(f"{name}_stored", values, np.float16)
        return self.add("Cast", name, f"{name}_stored", to=TensorProto.FLOAT)

    def add(self, operation: str, name: str, *inputs: str, **settings: Any) -> str:
        self.nodes.append(helper.make_node(operation, list(inputs), [name], name, **settings))
        return name


def kernel_onnx(machine: Machine) -> bytes:
    """The graph of a machine, checked, as the bytes of an ONNX file."""
    graph = _Graph()
    graph.hold("zero", 0.0)
    graph.hold("last", [-1], np.int64)
    width = len(machine.scorer.floors)
    seen = _scores(graph, machine)
    if machine.by_person:
        seen = graph.add("Concat", "design", seen, _relative(graph), axis=1)
    kernel = _kernel(graph, machine, seen)
    weighed = graph.add("MatMul", "weighed", kernel, graph.hold("weights", machine.weights))
    graph.add("Add", "value", weighed, graph.hold("offset", machine.offset))
    graph.add("ReduceMax", "familiarity", kernel, "last", keepdims=0)
    made = helper.make_graph(
        graph.nodes,
        "genuineness",
        [_value("inputs", ["clips", width]), *_of_person(machine, width)],
        [
            _value("value", ["clips"]),
            _value("familiarity", ["clips"]),
            _value("scores", ["clips", width]),
        ],
        graph.constants,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = _IR
    checker.check_model(model, full_check=True)
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def _value(name: str, shape: list[Any]) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _of_person(machine: Machine, width: int) -> list[Any]:
    return [_value(name, [width]) for name in ("mean", "spread")] if machine.by_person else []


def _scores(graph: _Graph, machine: Machine) -> str:
    """Piecewise straight curves: the sum of what is gained on each step (``NormalScores``)."""
    scorer = machine.scorer
    deep = graph.add("Unsqueeze", "deep", "inputs", "last")
    above = graph.add("Sub", "above", deep, graph.hold("lows", scorer.lows))
    share = graph.add("Div", "share", above, graph.hold("widths", scorer.widths))
    along = graph.add("Clip", "along", share, "zero", graph.hold("one", 1.0))
    gained = graph.add("Mul", "gained", along, graph.hold("rises", scorer.rises))
    summed = graph.add("ReduceSum", "summed", gained, "last", keepdims=0)
    raised = graph.add("Add", "raised", summed, graph.hold("floors", scorer.floors))
    unknown = graph.add("IsNaN", "unknown", "inputs")
    return graph.add("Where", "scores", unknown, "zero", raised)


def _relative(graph: _Graph) -> str:
    centred = graph.add("Sub", "centred", "scores", "mean")
    over = graph.add("Div", "over", centred, "spread")
    return graph.add("Where", "relative", "unknown", "zero", over)


def _kernel(graph: _Graph, machine: Machine, seen: str) -> str:
    """exp(-gamma (|a|² + |b|² - 2ab)) of the rotated scores a and the support vectors b."""
    placed = graph.add("MatMul", "placed", seen, graph.half("rotation", machine.rotation))
    # The lengths are those of the vectors as stored, so that a vector is its own neighbour.
    stored = machine.vectors.astype(np.float16).astype(np.float64)
    vectors = graph.half("vectors", machine.vectors.T)
    own = graph.add("ReduceSumSquare", "own", placed, "last", keepdims=1)
    both = graph.add("Add", "both", own, graph.hold("lengths", (stored**2).sum(axis=1)))
    product = graph.add("MatMul", "product", placed, vectors)
    twice = graph.add("Mul", "twice", product, graph.hold("two", 2.0))
    apart = graph.add("Sub", "apart", both, twice)
    far = graph.add("Max", "far", apart, "zero")
    scaled = graph.add("Mul", "scaled", far, graph.hold("minus_gamma", -machine.gamma))
    return graph.add("Exp", "kernel", scaled)
