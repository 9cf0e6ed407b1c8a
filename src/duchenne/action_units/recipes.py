"""How each Action Unit is read: from which points, which blendshapes, and how they are weighed.

The geometric half of a reading is a ridge regression of the weight of a shape of the ICT FaceKit
head (Li et al. 2020) on the displacement of landmarks; the other half is the change of blendshape
scores. Regions keep a regression from explaining one part of the face by another: fitted to all
points, AU06 falls in real smiles, because the points of a real cheek move otherwise than those of
a synthetic one. Which region, and how much of each half, was decided by a look at one half of
PEDFE's people (``duchenne.evaluation.action_units.pedfe``) and at synthetic faces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from duchenne.action_units.names import PAIRED, SIDES


@dataclass(frozen=True)
class Recipe:
    """One Action Unit.

    Attributes:
        shapes: of the ICT FaceKit head, whose largest weight (mean, where ``mean``) is the unit's
            intensity; without ``_L`` and ``_R``.
        region: whose points are read: face, brows, nose, cheeks or mouth.
        geometry: share of the geometric half, from 0 to 1.
        blendshapes: without ``Left`` and ``Right``; their mean is the other half.
        mean: the unit is the mean of its shapes rather than the largest.
        distance: a length that the unit shortens, where regression and scores miss much of it on
            real faces: ``nasal root`` (above the inner corners of the eyes), ``lip corner`` (above
            the middle of the lips) or ``mouth width``.
        shortened: share of that length, from 0 to 1; blendshapes have what is left.
    """

    shapes: tuple[str, ...]
    region: str = "face"
    geometry: float = 0.5
    blendshapes: tuple[str, ...] = ()
    mean: bool = False
    distance: str = ""
    shortened: float = 0.0


RECIPES: Final[dict[str, Recipe]] = {
    "AU01": Recipe(("browInnerUp",), blendshapes=("browInnerUp",)),
    "AU02": Recipe(("browOuterUp",), blendshapes=("browOuterUp",)),
    "AU04": Recipe(("browDown",), blendshapes=("browDown",)),
    "AU05": Recipe(("eyeWide",), "face", 0.25, ("eyeWide",)),
    "AU06": Recipe(("cheekRaiser", "cheekSquint"), "cheeks", 1.0),
    "AU07": Recipe(("eyeSquint",), "face", 0.75, ("eyeSquint",)),
    "AU09": Recipe(("noseSneer",), "nose", 0.75, distance="nasal root", shortened=0.25),
    "AU10": Recipe(("mouthUpperUp",), geometry=1.0),
    "AU12": Recipe(("mouthSmile",), blendshapes=("mouthSmile",)),
    "AU14": Recipe(("mouthDimple",), geometry=1.0),
    "AU15": Recipe(
        ("mouthFrown",), "mouth", 0.5, ("mouthFrown",), distance="lip corner", shortened=0.25
    ),
    "AU17": Recipe(("mouthShrugLower",), blendshapes=("mouthShrugLower",)),
    "AU20": Recipe(("mouthStretch",), blendshapes=("mouthStretch",)),
    "AU23": Recipe(
        ("mouthPress_L", "mouthPress_R", "mouthRollLower", "mouthRollLower"),
        blendshapes=("mouthRollLower", "mouthPucker"),
        mean=True,
        distance="mouth width",
        shortened=0.25,
    ),
    "AU25": Recipe((), geometry=1.0),
    "AU26": Recipe(("jawOpen",), blendshapes=("jawOpen",)),
    "AU28": Recipe(
        ("mouthRollLower", "mouthRollUpper"),
        blendshapes=("mouthRollLower", "mouthRollUpper"),
        mean=True,
    ),
    "AU45": Recipe(("eyeBlink",), blendshapes=("eyeBlink",)),
}
"""AU43 has none of its own: it is AU45 of the eye that is less closed."""

READINGS: Final[tuple[str, ...]] = tuple(
    name
    for unit in RECIPES
    for name in ([f"{unit}_{side}" for side in SIDES] if unit in PAIRED else [unit])
)
"""What is read off a face: each unit, or each of its two sides."""

_SUFFIXES: Final = {"left": ("_L", "Left"), "right": ("_R", "Right")}


def shapes_of(reading: str) -> tuple[str, ...]:
    """The shapes of the ICT FaceKit head behind a reading, for example ``mouthSmile_L``."""
    unit, _, side = reading.partition("_")
    tail = _SUFFIXES[side][0] if side else ""
    return tuple(name + tail for name in RECIPES[unit].shapes)


def blendshapes_of(reading: str) -> tuple[str, ...]:
    """The blendshapes behind a reading, for example ``mouthSmileLeft``."""
    unit, _, side = reading.partition("_")
    tail = _SUFFIXES[side][1] if side else ""
    names = RECIPES[unit].blendshapes
    return tuple(name if name in _UNPAIRED else name + tail for name in names)


_UNPAIRED: Final = frozenset(
    {"browInnerUp", "jawOpen", "mouthPucker", "mouthRollLower", "mouthRollUpper"}
    | {"mouthShrugLower"}
)
