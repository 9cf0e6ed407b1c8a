"""Fits the map from landmarks and blendshapes to Action Units (``duchenne.action_units.readings``).

Geometry: ridge regression (Hoerl and Kennard 1970) of known weights on the displacement of
landmarks from the same person's face at rest, over synthetic faces, region by region. Real faces
seldom go as far as the shapes of the head, and the landmark network moves less than faces do; so a
reading is multiplied until the 99.5th percentile over frames of PEDFE is 1, at most by 2.
Blendshapes and lengths of the face are brought to 1 at the same percentile.

No label of PEDFE is looked at here, only how far its faces move, and only those of the half of its
people by whom formulas were chosen. Zeros are the medians of London's neutral pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.points import (
    INNER_EYES,
    INNER_LIPS,
    LIP_CORNERS,
    LIP_MIDDLE,
    NASAL_ROOT,
    POINTS,
    REGIONS,
)
from duchenne.action_units.readings import FEATURES, UnitWeights
from duchenne.action_units.recipes import READINGS, RECIPES, blendshapes_of
from duchenne.evaluation.action_units.ict_head import IctHead
from duchenne.evaluation.action_units.made_faces import GAP, MadeFaces, made_faces
from duchenne.evaluation.action_units.pedfe import PedfeFrames
from duchenne.faces.blendshapes import BLENDSHAPES

Array = NDArray[np.float64]

FACES: Final = 12000
SEED: Final = 1
_RIDGE: Final = 1e-3
_FAR_GONE: Final = 99.5
# More would be noise, and synthetic faces, which go further, would be cut off at 5.
_MOST_GAIN: Final = 2.0
_RESTING_SPREAD: Final = 95.0


@dataclass(frozen=True, eq=False)
class Fit:
    """The weights, and by how much the geometric half of each unit was multiplied."""

    weights: UnitWeights
    gains: dict[str, float]


def fit_action_units(
    head: IctHead, pedfe: PedfeFrames, resting: NDArray[np.float32], faces: int = FACES
) -> Fit:
    """Fit everything.

    Args:
        head: the shapes with known weights.
        pedfe: real faces; only the people ``chosen_by`` are used.
        resting: (n, 709) features of relaxed faces, a person each.
        faces: how many made-up ones.
    """
    moved = _moved(pedfe)
    geometry = _geometry(made_faces(head, faces, SEED))
    gains = _gains(moved[:, : len(geometry)] @ geometry)
    geometry *= [gains[reading.partition("_")[0]] for reading in READINGS]
    whole = _folded(geometry, moved)
    raw = resting @ whole
    offset = -np.median(raw, axis=0)
    spread = np.percentile(np.abs(raw + offset), _RESTING_SPREAD, axis=0)
    values = (part.astype(np.float32) for part in (whole, offset, spread))
    return Fit(UnitWeights(*values), gains)


def person_medians(features: NDArray[np.float32], subject: NDArray[np.int64]) -> Array:
    """(n, features) the median of the same person's frames, for each frame."""
    found = np.empty(features.shape)
    for one in np.unique(subject):
        mine = subject == one
        found[mine] = np.median(features[mine], axis=0)
    return found


def _moved(pedfe: PedfeFrames) -> Array:
    mine = pedfe.chosen_by[pedfe.clip]
    features = pedfe.features[mine]
    return np.asarray(features - person_medians(features, pedfe.subject[mine]))


def _geometry(made: MadeFaces) -> Array:
    """(657, 31) regression coefficients of displacements in cm."""
    points = (made.canonical - made.resting_canonical)[:, list(POINTS)]
    moved = points.reshape(len(points), -1).astype(float)
    found = np.zeros((moved.shape[1], len(READINGS)))
    for column, reading in enumerate(READINGS):
        if reading == "AU25":
            upper, lower = (3 * POINTS.index(point) + 1 for point in INNER_LIPS)
            found[upper, column], found[lower, column] = 1 / GAP, -1 / GAP
            continue
        region = REGIONS[RECIPES[reading.partition("_")[0]].region]
        places = np.array([POINTS.index(point) for point in region])
        rows = (3 * places[:, None] + np.arange(3)).ravel()
        found[rows, column] = _ridge(moved[:, rows], made.truth[:, column].astype(float))
    return found


def _ridge(values: Array, truth: Array) -> Array:
    values, truth = values - values.mean(axis=0), truth - truth.mean()
    spread = values.T @ values
    spread += _RIDGE * np.trace(spread) / len(spread) * np.eye(len(spread))
    return np.asarray(np.linalg.solve(spread, values.T @ truth))


def _gains(readings: Array) -> dict[str, float]:
    far: dict[str, list[float]] = {}
    for column, reading in enumerate(READINGS):
        value = float(np.percentile(readings[:, column], _FAR_GONE))
        far.setdefault(reading.partition("_")[0], []).append(value)
    gains = {unit: 1 / float(np.mean(v)) for unit, v in far.items()}
    # AU25 is a length on the canonical face and needs none.
    gains["AU25"] = 1.0
    return {unit: round(float(np.clip(gain, 1.0, _MOST_GAIN)), 3) for unit, gain in gains.items()}


def _folded(geometry: Array, moved: Array) -> Array:
    """(709, 31): each reading's parts weighed by its recipe."""
    whole = np.zeros((FEATURES, len(READINGS)))
    for column, reading in enumerate(READINGS):
        recipe = RECIPES[reading.partition("_")[0]]
        whole[: len(geometry), column] = recipe.geometry * geometry[:, column]
        rest = 1.0 - recipe.geometry - recipe.shortened
        if recipe.distance:
            shorter = _shorter(recipe.distance, reading)
            whole[:, column] += recipe.shortened * _to_one(shorter, moved)
        if recipe.blendshapes:
            whole[:, column] += rest * _to_one(_scores(reading), moved)
    return whole


def _to_one(direction: Array, moved: Array) -> Array:
    return np.asarray(direction / np.percentile(moved @ direction, _FAR_GONE))


def _shorter(distance: str, reading: str) -> Array:
    """Centimetres by which a length of the face gets shorter."""
    if distance == "mouth width":
        return _between(LIP_CORNERS["right"], LIP_CORNERS["left"], axis=0)
    if distance == "nasal root":
        return _between(INNER_EYES, NASAL_ROOT, axis=1)
    return _between(LIP_MIDDLE, LIP_CORNERS[reading.partition("_")[2]], axis=1)


def _between(low: tuple[int, ...], high: tuple[int, ...], axis: int) -> Array:
    """The mean of some points less that of others along one axis, so that it grows as they near."""
    direction = np.zeros(FEATURES)
    for points, sign in ((low, 1.0), (high, -1.0)):
        for point in points:
            direction[3 * POINTS.index(point) + axis] = sign / len(points)
    return direction


def _scores(reading: str) -> Array:
    direction = np.zeros(FEATURES)
    names = blendshapes_of(reading)
    for name in names:
        direction[3 * len(POINTS) + BLENDSHAPES.index(name)] += 1 / len(names)
    return direction
