"""Made-up faces with known Action Units, seen as the landmark network would see them.

A face is the canonical head plus a random person plus a random expression, turned by up to 30
degrees, seen by a camera, with the network's errors: noise of 0.3 to 2.6 % of the distance between
the eyes (what separates two pipelines on real faces), more of it in depth, and depth that is
stretched or pressed.

The ICT FaceKit has no shape for AU23 and AU25. AU23 is the mean of the lips pressed (mean of both
sides) and the lower lip rolled in; AU25 is the gap between the inner lips that its shapes leave,
2 cm for 5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.points import INNER_LIPS, POINTS
from duchenne.action_units.recipes import READINGS, RECIPES, shapes_of
from duchenne.evaluation.action_units.ict_head import IctHead
from duchenne.faces.faces import LANDMARKS
from duchenne.faces.geometry import to_canonical
from duchenne.faces.pose import rotation_matrix

Array = NDArray[np.float64]

GAP: Final = 2.0
"""Centimetres between the inner lips at AU25's 5."""

MOST_TURNED: Final = 30.0
_UNUSED: Final = frozenset({"PupilDilate_L", "PupilDilate_R"})
# Standard deviation of identities; at 1 the faces differ more than photographed people do.
_PERSON: Final = 0.6
# How likely a shape is active in a face, and how often its two sides differ.
_ACTIVE: Final = (0.03, 0.25)
_UNEVEN: Final = 0.3
_NOISE: Final = (0.003, 0.026)
_DEPTH_NOISE: Final = 1.5
_DEPTH_STRETCH: Final = 0.1
_CAMERA: Final = (35.0, 90.0)
_PIXELS_PER_CM: Final = 20.0
_EYES_APART: Final = 6.3
_IRIS_RADIUS: Final = 0.2
_GAZE: Final = (0.25, 0.15)
# First point of each iris, and the corners of its eye: the person's right, then left.
_IRISES: Final = ((468, 33, 133, "_R"), (473, 362, 263, "_L"))


@dataclass(frozen=True, eq=False)
class MadeFaces:
    """Faces with known Action Units.

    Attributes:
        truth: (n, 31) weights from 0 to 1 in the order of ``READINGS``.
        landmarks: (n, 478, 3) in pixels, as a network would find them; 0 where not in use.
        resting: (n, 478, 3) the same people at rest, seen another time.
        canonical: (n, 478, 3) of ``landmarks``, head pose removed, in cm.
        resting_canonical: (n, 478, 3) of ``resting``.
    """

    truth: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    resting: NDArray[np.float32]
    canonical: NDArray[np.float32]
    resting_canonical: NDArray[np.float32]


def made_faces(head: IctHead, count: int, seed: int) -> MadeFaces:
    """Random people with random expressions; the same seed makes the same faces.

    Args:
        head: the shapes.
        count: how many.
        seed: of the draws.
    """
    random = np.random.default_rng(seed)
    weights = _weights(head, count, random)
    people = head.neutral + _combined(
        random.normal(0, _PERSON, (count, len(head.people))), head.people
    )
    faces = people + _combined(weights, head.shapes)
    angles = np.clip(random.normal(0, MOST_TURNED / 2, (count, 3)), -MOST_TURNED, MOST_TURNED)
    # At rest the same person looks elsewhere, a little less far.
    before = np.clip(angles / 3 + random.normal(0, 5, (count, 3)), -MOST_TURNED, MOST_TURNED)
    landmarks = _seen(head, faces, weights, angles, random)
    resting = _seen(head, people, np.zeros_like(weights), before, random)
    return MadeFaces(
        _truth(head, weights),
        landmarks,
        resting,
        to_canonical(landmarks, head.face),
        to_canonical(resting, head.face),
    )


def _combined(shares: Array, shapes: Array) -> Array:
    return (shares @ shapes.reshape(len(shapes), -1)).reshape(len(shares), -1, 3)


def _weights(head: IctHead, count: int, random: np.random.Generator) -> Array:
    """(n, shapes) a few movements a face, most of them nearly even on both sides."""
    weights = np.zeros((count, len(head.names)))
    often = random.uniform(*_ACTIVE, count)
    for place, name in enumerate(head.names):
        if name in _UNUSED or name.endswith("_R"):
            continue
        value = random.beta(1.2, 1.2, count) * (random.random(count) < often)
        weights[:, place] = value
        if name.endswith("_L"):
            uneven = random.random(count) < _UNEVEN
            weaker = np.where(uneven, random.random(count), random.uniform(0.8, 1.0, count))
            left = random.random(count) < 0.5
            weights[:, place] = value * np.where(left, weaker, 1.0)
            other = head.names.index(name.removesuffix("_L") + "_R")
            weights[:, other] = value * np.where(left, 1.0, weaker)
    return weights


def _truth(head: IctHead, weights: Array) -> NDArray[np.float32]:
    found = np.empty((len(weights), len(READINGS)), np.float32)
    for column, reading in enumerate(READINGS):
        if reading == "AU25":
            upper, lower = (POINTS.index(point) for point in INNER_LIPS)
            lips = head.shapes[:, upper, 1] - head.shapes[:, lower, 1]
            found[:, column] = np.clip(weights @ lips / GAP, 0.0, 1.0)
            continue
        chosen = weights[:, [head.names.index(name) for name in shapes_of(reading)]]
        mean = RECIPES[reading.partition("_")[0]].mean
        found[:, column] = chosen.mean(axis=1) if mean else chosen.max(axis=1)
    return found


def _seen(
    head: IctHead, faces: Array, weights: Array, angles: Array, random: np.random.Generator
) -> NDArray[np.float32]:
    """Faces (n, points, 3) in cm to noisy landmarks (n, 478, 3) in pixels."""
    count = len(faces)
    full = np.zeros((count, LANDMARKS, 3))
    full[:, list(POINTS)] = faces
    _add_irises(head, full, weights)
    turns = np.stack([rotation_matrix(*angle) for angle in angles])
    full = np.einsum("nij,nkj->nki", turns, full)
    away = random.uniform(*_CAMERA, count)[:, None]
    full[:, :, :2] *= (away / (away - full[:, :, 2]))[..., None]
    full[:, :, 2] *= random.normal(1.0, _DEPTH_STRETCH, count)[:, None]
    share = np.exp(random.uniform(math.log(_NOISE[0]), math.log(_NOISE[1]), count))
    noise = share[:, None, None] * _EYES_APART / np.sqrt(2)
    full += random.normal(size=full.shape) * noise * [1.0, 1.0, _DEPTH_NOISE]
    pixels = full * [1.0, -1.0, -1.0] * _PIXELS_PER_CM
    return np.asarray(pixels, np.float32)


def _add_irises(head: IctHead, full: Array, weights: Array) -> None:
    """The blendshape network asks for irises, which the head does not have: circles that look."""
    for first, one, other, side in _IRISES:
        look = {name: weights[:, head.names.index(f"eyeLook{name}{side}")] for name in _LOOKS}
        width = np.linalg.norm(full[:, one] - full[:, other], axis=1)
        outwards = 1.0 if side == "_L" else -1.0
        centre = (full[:, one] + full[:, other]) / 2
        centre[:, 0] += outwards * (look["Out"] - look["In"]) * _GAZE[0] * width
        centre[:, 1] += ((look["Up"] - look["Down"]) * _GAZE[1] + 0.05) * width
        centre[:, 2] += 0.1 * width
        full[:, first] = centre
        for place, (x, y) in enumerate(((1, 0), (0, 1), (-1, 0), (0, -1)), start=first + 1):
            full[:, place] = centre
            full[:, place, 0] += x * _IRIS_RADIUS * width
            full[:, place, 1] += y * _IRIS_RADIUS * width


_LOOKS: Final = ("Up", "Down", "In", "Out")
