"""From a checkpoint to a weight file of four outputs that ONNX Runtime runs, with its card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from duchenne.errors import ModelError
from duchenne.evaluation.datasets.face_attributes import HEADS, SIDE, FaceAttributes
from duchenne.evaluation.emotion.attribute_network import AttributeNetwork, evaluate_attributes
from duchenne.learning.augment import to_input
from duchenne.learning.checkpoints import RunFolder, read_checkpoint, read_history
from duchenne.learning.export import TOLERANCE, to_onnx, write_weights
from duchenne.learning.multi_task_card import command, draft_card
from duchenne.learning.multi_task_configs import AttributesConfig
from duchenne.learning.multi_task_train import best_attributes_network
from duchenne.learning.networks.multi_task import MultiTaskNetwork
from duchenne.weights.card import ModelCard, sha256_of


def export_attributes(
    config: AttributesConfig,
    runs: Path,
    data: FaceAttributes,
    target: Path,
    on_progress: Callable[[int], object] | None = None,
) -> ModelCard:
    """Write the best epoch of a run as ``target`` (.onnx) with its card beside it.

    The file's outputs are logits, named and ordered as ``face_attributes.HEADS``. The card's
    numbers are those of the written file itself on the Validation rows.

    Args:
        config: the recipe.
        runs: folder of all trainings; ``runs/<config.name>/`` is exported.
        data: with its Validation rows.
        target: where the weight file goes; its stem becomes the model's name.
        on_progress: told how many more Validation rows are measured.

    Raises:
        ModelError: no checkpoint, or ONNX Runtime and torch disagree about the file.
        DataError: the data holds no Validation rows.
    """
    folder = RunFolder(runs / config.name)
    state = read_checkpoint(folder.best)
    network = best_attributes_network(config, runs)
    write_weights(to_onnx(network, tuple(HEADS)), target)
    epochs = len(read_history(folder.history)) or state["epoch"] + 1
    card = replace(
        draft_card(config, data, state["epoch"] + 1, epochs),
        name=target.stem,
        file=target.name,
        sha256=sha256_of(target),
        folder=target.parent,
    )
    written = AttributeNetwork(card)
    _compare(network, written)
    measured = evaluate_attributes(written, data, "Validation", on_progress)
    card = card.with_result(measured.result(f"{command(config, data)} --export-only"))
    card.save()
    return card


def _compare(network: MultiTaskNetwork, written: AttributeNetwork) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (8, SIDE, SIDE), dtype=np.uint8)
    with torch.inference_mode():
        wanted = network(to_input(torch.from_numpy(pixels)))
    found = written.logits(pixels)
    for head, values in zip(HEADS, wanted, strict=True):
        gap = float(np.abs(found[head] - values.numpy()).max())
        # Written so that NaN fails it too.
        if not gap <= TOLERANCE * max(1.0, float(values.abs().max())):
            raise ModelError(
                f"The exported file's logits of {head} differ from the checkpoint's by {gap:.2g}, "
                "more than rounding explains: do not use it."
            )
