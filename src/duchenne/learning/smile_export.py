"""From fitted trees and line to a weight file that ONNX Runtime runs, with its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType

from duchenne.errors import ModelError
from duchenne.genuineness.smile import CLASSES, SmilePart
from duchenne.genuineness.smile_inputs import INPUTS, Part
from duchenne.learning.export import write_weights
from duchenne.learning.smile import (
    LEAST_IN_A_LEAF,
    SHARE_OF_INPUTS,
    TREES,
    WEIGHTS,
    Matrix,
    Platt,
)
from duchenne.weights.card import ModelCard, sha256_of
from duchenne.weights.facts import ModelInput, Result

OPSET: Final = {"": 18, "ai.onnx.ml": 3}
TOLERANCE: Final = 1e-4
COMMAND: Final = "duchenne train genuineness --model smile --data uva_nemo_features --ship"

_SEES: Final[dict[Part, str]] = {
    "whole": "onset, apex and offset of a whole smile",
    "onset": "sizes and speeds of the onset, for recordings that end before the smile does",
}
_LIMITS: Final = (
    "It compares a display with spontaneous and deliberate smiles of one data set. It does not "
    "tell what anybody feels, and it tells nobody's truth from lies.",
    "Smiles only, from rest to rest, by a face turned to the camera and followed throughout.",
    "Research use only: that is what the data behind it are for.",
    "The table names no subjects: people are kept apart by gender and age, which is as strict as "
    "it allows.",
    "The probabilities hold where both kinds are equally common, as in the table; on other "
    "recordings they are not calibrated (see the figures on PEDFE).",
    "It learned from 50 frames/s, and speeds depend on the frame rate: with every second frame of "
    "PEDFE's happy clips (12 to 18 frames/s) the onset's largest speed comes out 24 % lower (20 to "
    "26), and the median clip looks 0.01 more spontaneous (benchmarks/frame_rate.py).",
    "In UvA-NEMO's numbers the phases' durations alone tell the kinds apart with an AUC of 0.80 "
    "(0.76 to 0.83; duchenne audit): part of what it knows is how long this set's smiles last.",
    "Durations depend on how a clip was cut: on PEDFE's clips, which end before the smile does, "
    "they do not tell the kinds apart.",
    "Which features the onset model sees was decided by the table, but with PEDFE's figures in "
    "sight, which may flatter it there a little.",
    "The settings of the trees and the idea to average them with a line come from tries on one "
    "repeat's folds of the same table; only the weight was chosen inside the training rows. That "
    "flatters the figures by up to 0.01.",
    "The 75 eyelid columns of the table carry no signal and are not used.",
)


def export_smile(
    model: Any,
    part: Part,
    inputs: Matrix,
    calibration: Platt,
    target: Path,
    results: tuple[Result, ...],
) -> ModelCard:
    """Write a fitted model as ``target`` (.onnx) with its card beside it.

    Args:
        model: as ``smile.fit_smile`` returns it.
        part: what of a smile it sees.
        inputs: (N, k) rows on which the written file is compared with the model.
        calibration: fitted to scores of rows that did not train the model.
        target: where the weight file goes; its stem becomes the model's name.
        results: what was measured.

    Raises:
        ModelError: the file cannot be written, or says something else than the model.
    """
    write_weights(to_bytes(model, inputs.shape[1]), target)
    card = _card(part, calibration, target, model, len(inputs))
    _compare(model, inputs, SmilePart(card))
    for result in results:
        card = card.with_result(result)
    card.save()
    return card


def to_bytes(model: Any, width: int) -> bytes:
    """A fitted classifier of (n, width) inputs as ONNX with the output ``probabilities``."""
    proto = to_onnx(
        model,
        initial_types=[("inputs", FloatTensorType([None, width]))],
        options={id(model): {"zipmap": False}},
        target_opset=OPSET,
    )
    proto.graph.name = "smile"
    content: bytes = proto.SerializeToString(deterministic=True)
    return content


def _card(part: Part, calibration: Platt, target: Path, model: Any, rows: int) -> ModelCard:
    return ModelCard(
        name=target.stem,
        task="genuineness",
        summary="How far a smile resembles spontaneous ones, from the movement of the lip corners: "
        f"{_SEES[part]}.",
        file=target.name,
        sha256=sha256_of(target),
        folder=target.parent,
        licence="MIT (the weights; the smiles are for research use, and so is this model)",
        data="Smile dynamics of the UvA-NEMO Smile Database (Dibeklioglu, Salah and Gevers, ECCV "
        f"2012), published as numbers by Viglianisi and others (2017): {rows} smiles",
        split="grouped 10-fold, a group being one gender and age, ten repeats with other folds; "
        "the weight of trees and line chosen inside the training rows; PEDFE only measured",
        input=ModelInput(f"features of the lips: {_SEES[part]}", (len(INPUTS[part]),)),
        training={
            "method": "extremely randomized trees (Geurts et al. 2006) and logistic regression, "
            "averaged",
            "trees": TREES,
            "least_rows_in_a_leaf": LEAST_IN_A_LEAF,
            "share_of_inputs_tried": SHARE_OF_INPUTS,
            "weight_of_the_trees": float(model.weights[0]),
            "weights_tried": list(WEIGHTS),
            "calibration": "Platt (1999) on out-of-fold scores; ECE and Brier score by the other "
            "folds' calibration",
        },
        retrain=COMMAND,
        limits=_LIMITS,
        numbers=(),
        classes=CLASSES,
        settings={
            "part": part,
            "inputs": list(INPUTS[part]),
            "slope": round(calibration.slope, 4),
            "intercept": round(calibration.intercept, 4),
        },
    )


def _compare(model: Any, inputs: Matrix, written: SmilePart) -> None:
    wanted: NDArray[np.float64] = model.predict_proba(inputs)[:, 1]
    gap = float(np.abs(written.run(inputs) - wanted).max())
    # Written so that NaN fails it too.
    if not gap <= TOLERANCE:
        raise ModelError(
            f"The written smile model differs from the fitted one by {gap:.2g}, more than rounding "
            "explains: do not use it."
        )
