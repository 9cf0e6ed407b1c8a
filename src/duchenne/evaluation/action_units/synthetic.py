"""Check one: synthetic faces of people nobody was fitted to, heads turned by up to 30 degrees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.intensities import STRONGEST, to_intensities
from duchenne.action_units.readings import UnitWeights, readings
from duchenne.evaluation.action_units.ict_head import IctHead
from duchenne.evaluation.action_units.made_faces import made_faces
from duchenne.evaluation.action_units.measures import (
    UNITS,
    Array,
    Measure,
    column,
    correlation,
    mean_error,
)
from duchenne.faces.networks import FaceNetworks

FACES: Final = 2000
# Not the seed of the fit: these people, expressions and poses were never seen.
SEED: Final = 99
KNOWN: Final = "r, neutral known"
UNKNOWN: Final = "r, neutral unknown"
ERROR: Final = "mean absolute error, neutral known"


@dataclass(frozen=True, eq=False)
class SyntheticCheck:
    """What came of it.

    Attributes:
        measures: per unit, correlation with and without the person's neutral face, and error.
        leakage: (19, 19) how much a unit (row) reads of another (column) at its full strength,
            0 to 5, all others held (multiple regression); the diagonal is its own slope times 5.
    """

    measures: tuple[Measure, ...]
    leakage: Array

    def worst_leak(self, unit: str) -> tuple[str, float]:
        """The other unit that adds most to this one, and how much."""
        row = self.leakage[UNITS.index(unit)].copy()
        row[UNITS.index(unit)] = -np.inf
        # AU43 and AU45 are one movement.
        if unit in _ONE_MOVEMENT:
            row[[UNITS.index(name) for name in _ONE_MOVEMENT]] = -np.inf
        return UNITS[int(row.argmax())], float(row.max())


_ONE_MOVEMENT: Final = frozenset({"AU43", "AU45"})


def check_synthetic(
    head: IctHead, networks: FaceNetworks, weights: UnitWeights, faces: int = FACES
) -> SyntheticCheck:
    """Measure synthetic faces through the blendshape network and the readings."""
    made = made_faces(head, faces, SEED)
    raw = readings(made.canonical, _scores(networks, made.landmarks), weights)
    rest = readings(made.resting_canonical, _scores(networks, made.resting), weights)
    truth = _whole(to_intensities(made.truth))
    known, unknown = _whole(to_intensities(raw - rest)), _whole(to_intensities(raw))
    measures = []
    for place, unit in enumerate(UNITS):
        for name, estimate in (
            (KNOWN, correlation(known[:, place], truth[:, place])),
            (UNKNOWN, correlation(unknown[:, place], truth[:, place])),
            (ERROR, mean_error(known[:, place], truth[:, place])),
        ):
            measures.append(Measure("synthetic", unit, name, faces, estimate))
    return SyntheticCheck(tuple(measures), _leakage(known, truth))


def _scores(networks: FaceNetworks, landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.stack([networks.blendshapes(points) for points in landmarks])


def _whole(intensities: NDArray[np.float32]) -> Array:
    return intensities[:, [column(unit) for unit in UNITS]].astype(float)


def _leakage(found: Array, truth: Array) -> Array:
    # AU43 moves with AU45 but for winks, so that regression takes one for both.
    asked = [place for place, unit in enumerate(UNITS) if unit != "AU43"]
    design = np.column_stack([np.ones(len(truth)), truth[:, asked]])
    slopes = np.linalg.lstsq(design, found, rcond=None)[0][1:].T
    full = np.zeros((len(UNITS), len(UNITS)))
    full[:, asked] = slopes * STRONGEST
    return full
