"""The ICT FaceKit head on MediaPipe's points: shapes with known weights, and made-up people.

The head comes as 68 landmarks with 100 identities, and as 6,706 vertices with expression shapes
(Li et al. 2020, "Learning Formation of Physically-Based Face Attributes", CVPR; MIT licence). Its
face is laid onto the canonical face by Procrustes and a smooth warp of the 68 points (Bookstein
1989, here with the kernel r of three dimensions); each of our points then moves like the vertices
nearest to it. Identities are carried over by the same kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.points import POINTS
from duchenne.errors import DataError, reason
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.pose import procrustes
from duchenne.files import UNREADABLE_ARCHIVE

Array = NDArray[np.float64]

# Multi-PIE's 68 points among MediaPipe's (17 of the jaw, 10 brows, 9 nose, 12 eyes, 20 lips).
_MULTI_PIE: Final = np.array(
    [
        *(162, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 389),
        *(71, 63, 105, 66, 107, 336, 296, 334, 293, 301, 168, 197, 5, 4, 75, 97, 2, 326, 305),
        *(33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380),
        *(61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181, 78, 82, 13, 312, 308, 317, 14, 87),
    ]
)
_JAW_POINTS: Final = 17
# Upper and lower lip touch in the neutral head: nearest vertices must come from the right one,
# told apart by how far the opening jaw takes them (cm).
_UPPER_LIP: Final = frozenset({0, 37, 39, 40, 267, 269, 270, 13, 82, 81, 80, 312, 311, 310})
_LOWER_LIP: Final = frozenset({17, 84, 181, 91, 314, 405, 321, 14, 87, 178, 88, 317, 402, 318})
_UPPER_FALLS: Final = 0.9
_LOWER_FALLS: Final = 1.2
_NEIGHBOURS: Final = 4
_FILES: Final = ("ict_landmarks68.npz", "ict_narrowface_expressions.npz")


@dataclass(frozen=True, eq=False)
class IctHead:
    """The head, in cm of the canonical face.

    Attributes:
        face: the canonical face it was laid onto.
        names: of the expression shapes, for example ``mouthSmile_L``.
        neutral: (points, 3) the points of ``POINTS`` at rest.
        shapes: (shapes, points, 3) displacement at weight 1.
        people: (100, points, 3) displacement of one standard deviation of each identity.
    """

    face: CanonicalFace
    names: tuple[str, ...]
    neutral: Array
    shapes: Array
    people: Array

    @classmethod
    def from_folder(cls, folder: Path, face: CanonicalFace) -> IctHead:
        """From ``ict_landmarks68.npz`` and ``ict_narrowface_expressions.npz``.

        Raises:
            DataError: a file is missing, or something else.
        """
        try:
            with np.load(folder / _FILES[0]) as few, np.load(folder / _FILES[1]) as many:
                landmarks, people = few["neutral"].astype(float), few["id_delta"].astype(float)
                vertices, shapes = many["neutral"].astype(float), many["exp_delta"].astype(float)
                names = tuple(str(name) for name in many["exp_names"])
        except UNREADABLE_ARCHIVE as error:
            raise DataError(
                f"{folder} is not the ICT FaceKit folder ({' and '.join(_FILES)}): {reason(error)}."
            ) from error
        goal = face.points[_MULTI_PIE]
        inner = slice(_JAW_POINTS, None)
        even = np.ones(len(_MULTI_PIE) - _JAW_POINTS)
        scale, turn, offset = procrustes(landmarks[inner], goal[inner], even)
        placed = scale * landmarks @ turn.T + offset
        surface = scale * vertices @ turn.T + offset
        surface = surface + _smooth(placed, goal - placed, surface)
        points = face.points[list(POINTS)]
        shapes = scale * shapes @ turn.T
        falls = np.linalg.norm(shapes[names.index("jawOpen")], axis=1)
        moved = _carried(points, surface, shapes, falls)
        kin = _smooth(goal, _beside(scale * people @ turn.T), points)
        kin = kin.reshape(len(points), len(people), 3).transpose(1, 0, 2)
        return cls(face, names, points, moved, kin)


def _beside(stack: Array) -> Array:
    """(k, n, 3) to (n, 3 k)."""
    return stack.transpose(1, 0, 2).reshape(stack.shape[1], -1)


def _smooth(source: Array, values: Array, wanted: Array) -> Array:
    """Values (n, k) known at points (n, 3), spread smoothly to other points (m, 3)."""
    flat = np.column_stack([np.ones(len(source)), source])
    kernel = np.linalg.norm(source[:, None] - source[None], axis=2)
    # A little stiffness: eyelids that nearly touch must not tear the surface.
    kernel -= 1e-3 * np.eye(len(source))
    system = np.block([[kernel, flat], [flat.T, np.zeros((4, 4))]])
    solved = np.linalg.solve(system, np.vstack([values, np.zeros((4, values.shape[1]))]))
    near = np.linalg.norm(wanted[:, None] - source[None], axis=2)
    return np.asarray(np.column_stack([near, np.ones(len(wanted)), wanted]) @ solved)


def _carried(points: Array, surface: Array, shapes: Array, falls: Array) -> Array:
    """Shapes of the vertices (s, v, 3) to shapes of our points (s, points, 3)."""
    moved = np.empty((len(shapes), len(points), 3))
    for place, (number, point) in enumerate(zip(POINTS, points, strict=True)):
        apart = np.linalg.norm(surface - point, axis=1)
        if number in _UPPER_LIP:
            apart[falls > _UPPER_FALLS] = np.inf
        if number in _LOWER_LIP:
            apart[falls < _LOWER_FALLS] = np.inf
        near = np.argsort(apart, kind="stable")[:_NEIGHBOURS]
        share = 1 / (apart[near] + 0.02) ** 2
        moved[:, place] = np.einsum("v,svc->sc", share / share.sum(), shapes[:, near])
    return moved
