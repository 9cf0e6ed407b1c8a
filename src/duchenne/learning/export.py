"""From a checkpoint to a weight file that ONNX Runtime runs, with its card."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import nn

from duchenne.emotion.classifier import EmotionClassifier
from duchenne.errors import ModelError
from duchenne.evaluation.datasets.fer2013 import SIDE, Fer2013
from duchenne.evaluation.emotion.scores import card_with, evaluate_emotion, logits_of
from duchenne.evaluation.emotion.targets import target_of
from duchenne.evaluation.statistics.calibration import fit_temperature
from duchenne.files import in_one_step
from duchenne.learning.augment import to_input
from duchenne.learning.checkpoints import RunFolder, read_checkpoint, read_history
from duchenne.learning.configs import EmotionConfig
from duchenne.learning.emotion_card import draft_card
from duchenne.learning.recipes import emotion_recipe
from duchenne.learning.starting import best_network
from duchenne.learning.train_emotion import finished_epochs
from duchenne.weights.card import ModelCard, sha256_of

OPSET: Final = 18
TOLERANCE: Final = 1e-4


def export_emotion(
    config: EmotionConfig,
    runs: Path,
    data: Fer2013,
    target: Path,
    on_progress: Callable[[int], object] | None = None,
) -> ModelCard:
    """Write the best epoch of a run as ``target`` (.onnx) with its card beside it.

    The card's numbers are those of the written file itself on PublicTest, to which the
    temperature of its probabilities is fitted as well.

    Args:
        config: the recipe.
        runs: folder of all trainings; ``runs/<config.name>/`` is exported.
        data: FER-2013 with its PublicTest rows.
        target: where the weight file goes; its stem becomes the model's name.
        on_progress: told how many more PublicTest rows are measured.

    Raises:
        ModelError: no checkpoint, or ONNX Runtime and torch disagree about the file.
    """
    folder = RunFolder(runs / config.name)
    state = read_checkpoint(folder.best)
    network = best_network(config, runs)
    write_weights(to_onnx(network), target)
    epochs = len(read_history(folder.history)) or state["epoch"] + 1
    card = replace(
        draft_card(config, state["epoch"] + 1, epochs, _continued(config, runs, state)),
        name=target.stem,
        file=target.name,
        sha256=sha256_of(target),
        folder=target.parent,
    )
    classifier = EmotionClassifier(card, classes=None)
    _compare(network, classifier)
    card = replace(card, temperature=_temperature(classifier, data))
    classifier = EmotionClassifier(card, classes=None)
    card = card_with(card, evaluate_emotion(classifier, data, "PublicTest", on_progress))
    card.save()
    return card


def to_onnx(network: nn.Module, outputs: Sequence[str] = ("logits",)) -> bytes:
    """A network of (n, 1, 48, 48) pictures as ONNX, batch normalisation folded into convolutions.

    The same weights give the same bytes. ``outputs`` names what the network gives, in its order.
    """
    example = torch.zeros(2, 1, SIDE, SIDE)
    with _quiet_exporter():
        program = torch.onnx.export(
            network,
            (example,),
            dynamo=True,
            opset_version=OPSET,
            input_names=["pictures"],
            output_names=list(outputs),
            dynamic_shapes=({0: torch.export.Dim("faces")},),
            verbose=False,
        )
    assert program is not None
    model = program.model_proto
    # The exporter's notes name source files of this machine and are of no use to a reader.
    del model.metadata_props[:], model.graph.metadata_props[:]
    for part in (*model.graph.node, *model.graph.value_info, *model.graph.initializer):
        del part.metadata_props[:]
    for end in (*model.graph.input, *model.graph.output):
        del end.metadata_props[:]
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def _temperature(classifier: EmotionClassifier, data: Fer2013) -> float:
    """Fitted on PublicTest, which did not train the network."""
    public = data.split("PublicTest")
    rows, labels = target_of(classifier.card.classes).select(public)
    return round(fit_temperature(logits_of(classifier, public.images[rows]), labels), 4)


def _continued(config: EmotionConfig, runs: Path, state: dict[str, object]) -> int:
    """How long the recipe that this one continues had been trained."""
    if config.start_from is None:
        return 0
    told = state.get("epochs_before")
    if isinstance(told, int) and told:
        return told
    return finished_epochs(emotion_recipe(config.start_from), runs)


def write_weights(content: bytes, target: Path) -> None:
    """Put a weight file into its place whole.

    Raises:
        ModelError: it cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with in_one_step(target) as fresh:
            fresh.write_bytes(content)
    except OSError as error:
        raise ModelError(f"{target} cannot be written ({error.strerror}).") from error


def _compare(network: nn.Module, classifier: EmotionClassifier) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (8, SIDE, SIDE), dtype=np.uint8)
    with torch.inference_mode():
        wanted = network(to_input(torch.from_numpy(pixels))).numpy()
    gap = float(np.abs(classifier.logits(pixels) - wanted).max())
    # Written so that NaN fails it too.
    if not gap <= TOLERANCE * max(1.0, float(np.abs(wanted).max())):
        raise ModelError(
            f"The exported file's logits differ from the checkpoint's by {gap:.2g}, more than "
            "rounding explains: do not use it."
        )


@contextlib.contextmanager
def _quiet_exporter() -> Iterator[None]:
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            logger.setLevel(logging.ERROR)
            yield
        finally:
            logger.setLevel(level)
