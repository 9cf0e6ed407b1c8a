"""What the card of the face shape says besides its numbers; see face_shape.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duchenne.weights.card import WEIGHTS, ModelCard, sha256_of
from duchenne.weights.facts import ModelInput, Result

NAME = "face_shape"
COMMAND = "python benchmarks/face_shape.py --pedfe DIR --london DIR --ship"

LIMITS = (
    "It decides between two or three faces of one recording and no more: it does not know a "
    "person among hundreds, and must not be used to identify anybody.",
    "It has not been tried on siblings or twins; there is no reason to expect it to tell them "
    "apart.",
    "London's figures flatter a little: nobody of London is in the fit, but the sixteen lengths "
    "were picked out of 27 by their figures on London and on all of PEDFE, whose figures therefore "
    "flatter a little too.",
    "London's pictures are frontal and evenly lit. PEDFE's heads nod and turn, which is nearer to "
    "what a video shows.",
    "It says little of heads turned by more than 30 degrees against each other, less of faces "
    "under 70 pixels, and nothing of a face half hidden.",
    "44 people of one laboratory: whether it tells some groups of people apart less well than "
    "others has not been measured.",
    "PEDFE's landmarks come from MediaPipe's video mode; ours differ from them by 0.3 to 2.6 % of "
    "the distance between the eyes.",
    "How much pose, small faces and wrong landmarks add to the variance within a person was set by "
    "hand, with an eye on PEDFE, London and the tracks of films; the command prints beside it what "
    "it is on PEDFE, which is less.",
    "A single frame proves little: in clips of different emotions most pairs of two people get "
    "weak evidence for one person too (two people above zero); what counts is which of the people "
    "in question gets most.",
)


def write_weights(shares: NDArray[np.float64], between: NDArray[np.float64]) -> Path:
    """Whole shares (16, n) and variances (n,), in a file whose bytes depend on nothing else."""
    path = WEIGHTS / f"{NAME}.npz"
    np.savez(path, shares=shares.astype(np.int16), between=between.astype(np.float64))
    return path


def face_shape_card(
    weights: Path, training: dict[str, object], results: tuple[Result, ...]
) -> ModelCard:
    """The card of a weight file that was just written."""
    return ModelCard(
        name=NAME,
        task=NAME,
        summary="How sixteen lengths of a face are weighted to tell the faces of one recording "
        "apart, so that each keeps its track number.",
        file=weights.name,
        sha256=sha256_of(weights),
        licence="MIT (the weights; PEDFE is for research use, and none of its recordings are part "
        "of them)",
        data="PEDFE: Miolla, Cardaioli and Scarpazza, Behavior Research Methods 55, 2559 (2023); "
        f"{training['people']} people filmed in six emotions, genuine and posed",
        split="weights from all people of PEDFE here; PEDFE's figures from four folds by person, "
        "each measured on people who are not in its fit; London (DeBruine and Jones, Face Research "
        "Lab London Set, 2017, CC BY 4.0) only measured",
        input=ModelInput("logarithms of sixteen lengths between landmarks", (16,)),
        training={
            "method": "linear discriminant analysis (Fisher 1936), rounded to whole numbers",
            "compared by": "two-covariance model (Brümmer and de Villiers 2010)",
            **training,
        },
        retrain=COMMAND,
        limits=LIMITS,
        numbers=results,
    )
