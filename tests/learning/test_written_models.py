"""A file that does not answer as the model it was written from is not given away."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="learning needs the extra: train")
torch = pytest.importorskip("torch", reason="learning needs the extra: train")

from duchenne.errors import ModelError
from duchenne.evaluation.datasets.face_attributes import HEADS
from duchenne.learning import genuineness_export, multi_task_export, smile_export


@pytest.mark.parametrize("wrong", [0.6, float("nan")])
def test_files_that_answer_otherwise_are_refused(wrong: float) -> None:
    with pytest.raises(ModelError, match="do not use it"):
        genuineness_export._same(np.full(3, 0.5), np.array([0.5, wrong, 0.5]))
    fitted = SimpleNamespace(predict_proba=lambda rows: np.full((len(rows), 2), 0.5))
    written: Any = SimpleNamespace(run=lambda rows: np.full(len(rows), wrong))
    with pytest.raises(ModelError, match="do not use it"):
        smile_export._compare(fitted, np.zeros((4, 2), np.float32), written)
    network: Any = lambda pictures: [torch.zeros(len(pictures), 2) for _ in HEADS]  # noqa: E731
    written = SimpleNamespace(
        logits=lambda pixels: {head: np.full((len(pixels), 2), wrong) for head in HEADS}
    )
    with pytest.raises(ModelError, match="do not use it"):
        multi_task_export._compare(network, written)
