"""A made-up FER-2013, and a network small enough to make here; the rooms' conftests take both."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from duchenne.emotion.labels import EMOTIONS
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.weights.card import ModelCard, sha256_of
from duchenne.weights.facts import Figure, ModelInput, Result


@pytest.fixture(scope="session")
def tiny_fer() -> Fer2013:
    """140 Training, 21 PublicTest and 21 PrivateTest rows; each class is a stripe of its own."""
    rng = np.random.default_rng(7)
    labels = np.tile(np.arange(7), 26)
    images = rng.integers(0, 120, (len(labels), 48, 48), dtype=np.uint8)
    for i, label in enumerate(labels):
        images[i, 6 * label : 6 * label + 8] += 110
    usage = np.array(["Training"] * 140 + ["PublicTest"] * 21 + ["PrivateTest"] * 21)
    images[161] = images[0]  # one PrivateTest row is a copy of a Training row
    return Fer2013(images, labels.astype(np.int64), usage)


@pytest.fixture
def tiny_fer_csv(tiny_fer: Fer2013, tmp_path: Path) -> Path:
    """The same as ``fer2013.csv``."""
    path = tmp_path / "fer2013.csv"
    rows = zip(tiny_fer.images, tiny_fer.labels, tiny_fer.usage, strict=True)
    lines = [f"{label},{' '.join(map(str, image.ravel()))},{use}" for image, label, use in rows]
    path.write_text("\n".join(["emotion,pixels,Usage", *lines]) + "\n")
    return path


@pytest.fixture
def tiny_model(tmp_path: Path) -> ModelCard:
    """A linear emotion network that looks for the stripes of ``tiny_fer``, with its saved card."""
    onnx = pytest.importorskip("onnx", reason="making a network needs onnx (extra: train)")
    weights = np.full((7, 48, 48), -0.004, np.float32)
    for label in range(7):
        weights[label, 6 * label : 6 * label + 8] = 0.02
    path = tmp_path / "tiny.onnx"
    _write_linear(onnx, weights.reshape(7, -1).T, path)
    card = ModelCard(
        name="tiny",
        task="emotion",
        summary="A linear network for tests.",
        file=path.name,
        sha256=sha256_of(path),
        licence="MIT",
        data="made up",
        split="none",
        input=ModelInput("uint8 grey face crop", (48, 48), 1 / 127.5, -1.0),
        training={"recipe": "by hand"},
        retrain="pytest",
        limits=("Knows stripes only.",),
        numbers=(Result("stripes", 7, "pytest", (Figure("accuracy", 1.0, 0.6, 1.0),)),),
        classes=EMOTIONS,
        folder=tmp_path,
    )
    card.save()
    return card


def _write_linear(onnx: ModuleType, weights: np.ndarray, path: Path) -> None:
    helper = onnx.helper
    graph = helper.make_graph(
        [
            helper.make_node("Flatten", ["pictures"], ["flat"]),
            helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
        ],
        "linear",
        [helper.make_tensor_value_info("pictures", 1, ["faces", 1, 48, 48])],
        [helper.make_tensor_value_info("logits", 1, ["faces", 7])],
        [onnx.numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    path.write_bytes(model.SerializeToString())
