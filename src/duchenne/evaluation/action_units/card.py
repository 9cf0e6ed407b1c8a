"""The weights of the Action Units on the disk, and what their card says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from duchenne.action_units.readings import FEATURES, UnitWeights
from duchenne.action_units.recipes import READINGS
from duchenne.evaluation.action_units.checks import ActionUnitEvaluation
from duchenne.evaluation.action_units.measures import UNITS, Measure
from duchenne.evaluation.action_units.prototypes import ALL
from duchenne.evaluation.statistics.intervals import finite_or_none
from duchenne.weights.card import WEIGHTS, ModelCard, sha256_of
from duchenne.weights.facts import Figure, ModelInput, Result

NAME: Final = "action_units"
RETRAIN: Final = "python benchmarks/action_units.py --data DIR --ship"
COMMAND: Final = "duchenne evaluate action-units --data DIR --update-card"

_LIMITS: Final = (
    "No FACS coder has judged a face here: intensities were fitted to synthetic faces and checked "
    "against emotions, smiles and blinks, not against coded intensities.",
    "Units marked experimental fail a check (settings, verdicts); do not build on them alone.",
    "Where nobody's own neutral face is known, the shape of a face counts as movement: compare "
    "moments of one face rather than faces with each other.",
    "Beyond 30 degrees of turn nothing was checked; hands, masks and thick beards mislead it.",
    "AU43 and AU45 are one movement: a frame does not tell closed eyes from a blink, time does.",
    "AU06 rises with strong smiles whatever the eyes do; it is no proof of a genuine smile.",
    "PEDFE's people are 44 of one Italian laboratory, London's 51 mostly white: whether units are "
    "read alike for all groups is not known.",
)
_DATA: Final = {
    "synthetic": "synthetic faces of the ICT FaceKit, unseen people, poses up to 30 degrees",
    "london": "London, neutral and smiling pictures (DeBruine and Jones 2017)",
    "pedfe": "PEDFE, the half of the people by whom nothing was chosen",
    "blinks": "blinks of four clips, counted by eye",
}
_ALL_DATA: Final = "PEDFE, all people, half of whom chose the recipes, so that it flatters"


def write_weights(weights: UnitWeights, folder: Path = WEIGHTS) -> Path:
    """Write the map; the file's bytes depend on nothing else."""
    path = folder / f"{NAME}.npz"
    np.savez(
        path,
        map=weights.map.astype(np.float32),
        offset=weights.offset.astype(np.float32),
        spread=weights.spread.astype(np.float32),
    )
    return path


def action_units_card(path: Path, gains: dict[str, float], training: dict[str, Any]) -> ModelCard:
    """The card of weights that were just written, before they are measured."""
    return ModelCard(
        name=NAME,
        task=NAME,
        summary="Intensities of 19 Action Units, left and right, from landmarks and blendshapes.",
        file=path.name,
        sha256=sha256_of(path),
        licence="MIT (the weights; no recording of PEDFE or London is part of them)",
        data="synthetic faces of the ICT FaceKit (Li et al. 2020), which give the directions; "
        "PEDFE (Miolla, Cardaioli and Scarpazza 2023), 22 people without any label, gives the "
        "scale; London (DeBruine and Jones 2017), 51 neutral pictures, gives the zero",
        split="regions and shares of the recipes were chosen by a look at the emotions of every "
        "other person of PEDFE (22), whose figures are not reported; PEDFE's figures come from the "
        "other 22. Two recipes (AU15, AU23) were revised on the first half after a first version "
        "had given 0.70 and 0.72 on the second, so that these two are not wholly untouched. "
        "London's smiles and the blinks chose nothing; its neutral pictures set the zeros, which "
        "move no figure of a person measured against their own neutral face",
        input=ModelInput("219 landmarks without head pose (cm), 52 blendshapes", (FEATURES,)),
        training=training,
        retrain=RETRAIN,
        limits=_LIMITS,
        numbers=(),
        classes=READINGS,
        settings={"gains": gains},
    )


def _by_data(measures: tuple[Measure, ...]) -> dict[str, list[Measure]]:
    found: dict[str, list[Measure]] = {}
    for measure in measures:
        data = _ALL_DATA if measure.name.endswith(ALL) else _DATA[measure.check]
        found.setdefault(data, []).append(measure)
    return found


def card_with(card: ModelCard, evaluation: ActionUnitEvaluation) -> ModelCard:
    """The card with the figures of an evaluation and the verdicts that follow."""
    # PEDFE's figures over all people are a result of their own: half of them chose the recipes.
    for data, mine in _by_data(evaluation.measures).items():
        figures = tuple(
            Figure(
                f"{m.unit} {m.name.removesuffix(ALL)}",
                round(m.estimate.value, 4),
                finite_or_none(m.estimate.low),
                finite_or_none(m.estimate.high),
            )
            for m in mine
            if finite_or_none(m.estimate.value) is not None
        )
        if figures:
            rows = max(m.rows for m in mine)
            card = card.with_result(Result(data, rows, COMMAND, figures))
    verdicts = {unit: evaluation.verdict(unit) for unit in UNITS}
    return replace(card, settings={**card.settings, "verdicts": verdicts})
