"""A first, honest set of Action Unit intensities: no training, every rule on one page.

Each AU rests on one measurement of the face: a blendshape score, or a distance on the canonical
face (head pose, place and size removed, centimetres of a mean head). The measurement is mapped
in a straight line onto OpenFace's scale, 0 where most relaxed faces lie and 5 near the largest
values seen on real faces. Zeros are the medians of the neutral faces of the London set (DeBruine
and Jones 2017), fives the 99th percentiles over the frames of PEDFE (Miolla et al. 2023) where
it has the measurement (AU23: see below), else the 95th percentile of London's smiles (AU06) or
the largest wrinkle of the ICT FaceKit head (AU09). Nobody's own neutral face is known here.

MediaPipe's cheekSquint, noseSneer and cheekPuff stay at zero on photographs, so AU06 and AU09
rest on geometry. FACS meanings: Ekman, Friesen and Hager 2002.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.names import ACTION_UNITS
from duchenne.faces.blendshapes import BLENDSHAPES, DEAD_BLENDSHAPES

STRONGEST: Final = 5.0

_OUTER_EYE_CORNERS = (33, 263)
_INNER_EYE_CORNERS = (133, 362)
_UNDER_THE_EYES = (229, 230, 449, 450)
_NOSE_WINGS = (129, 358)
_INNER_BROWS = (107, 336)
_INNER_LIPS = (13, 14)

# A full smile lifts the wings of the nose too: centimetres for AU12 at 5 (ICT FaceKit).
_SMILE_LIFTS_WINGS = 0.23


@dataclass(frozen=True)
class _Rule:
    """The measurement at which an AU is 0 and the one at which it is 5, and what is measured."""

    zero: float
    five: float
    blendshapes: tuple[str, ...] = ()


def _both(name: str) -> tuple[str, str]:
    return f"{name}Left", f"{name}Right"


_RULES: Final[dict[str, _Rule]] = {
    "AU01": _Rule(0.02, 0.80, ("browInnerUp",)),
    "AU02": _Rule(0.03, 0.84, _both("browOuterUp")),
    "AU04": _Rule(0.08, 0.64, _both("browDown")),
    "AU05": _Rule(0.01, 0.20, _both("eyeWide")),
    "AU06": _Rule(-1.21, -0.97),
    "AU07": _Rule(0.23, 0.80, _both("eyeSquint")),
    "AU09": _Rule(0.20, 0.95),
    "AU10": _Rule(0.00, 0.79, _both("mouthUpperUp")),
    "AU12": _Rule(0.00, 0.96, _both("mouthSmile")),
    "AU14": _Rule(0.01, 0.11, _both("mouthDimple")),
    "AU15": _Rule(0.00, 0.32, _both("mouthFrown")),
    "AU17": _Rule(0.08, 0.73, ("mouthShrugLower",)),
    "AU20": _Rule(0.00, 0.30, _both("mouthStretch")),
    # Smiles press the lips too: 0 where one relaxed face in ten lies, 5 at the 99.9th percentile.
    "AU23": _Rule(0.17, 0.52, _both("mouthPress")),
    "AU25": _Rule(0.05, 2.00),
    "AU26": _Rule(0.00, 0.53, ("jawOpen",)),
    "AU45": _Rule(0.11, 0.62, _both("eyeBlink")),
}
assert tuple(_RULES) == tuple(ACTION_UNITS)
assert not DEAD_BLENDSHAPES & {name for rule in _RULES.values() for name in rule.blendshapes}

_INDICES: Final = {
    name: [BLENDSHAPES.index(shape) for shape in rule.blendshapes] for name, rule in _RULES.items()
}
_ZEROS: Final = np.array([rule.zero for rule in _RULES.values()], np.float32)
_SPANS: Final = np.array([rule.five - rule.zero for rule in _RULES.values()], np.float32)
# Heights above the inner eye corners in cm, over London's neutral faces.
_NEUTRAL_WINGS_TO_EYES: Final = -3.63  # the median
_LOW_BROWS_TO_EYES: Final = 2.03  # lower than 95 % of relaxed brows


def intensities(
    canonical: NDArray[np.float32], blendshapes: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Intensities of the 17 Action Units.

    Args:
        canonical: (n, 478, 3) landmarks on the canonical face, in cm
            (``duchenne.faces.geometry.to_canonical``).
        blendshapes: (n, 52) scores from 0 to 1.

    Returns:
        (n, 17) float32 from 0 to 5, in the order of ``ACTION_UNITS``; NaN where the input is.

    Raises:
        ValueError: the arrays do not have these shapes.
    """
    if canonical.shape[1:] != (478, 3) or blendshapes.shape != (len(canonical), 52):
        raise ValueError(
            "Action Units need landmarks (n, 478, 3) and blendshapes (n, 52), "
            f"got {canonical.shape} and {blendshapes.shape}."
        )
    measured = np.stack(
        [
            blendshapes[:, _INDICES[name]].mean(axis=1) if rule.blendshapes
            else _geometry(name, canonical, blendshapes)
            for name, rule in _RULES.items()
        ],
        axis=1,
    )  # fmt: skip
    share = np.clip((measured - _ZEROS) / _SPANS, 0.0, 1.0)
    return np.asarray(share * STRONGEST, np.float32)


def _geometry(
    name: str, canonical: NDArray[np.float32], blendshapes: NDArray[np.float32]
) -> NDArray[np.float32]:
    height = canonical[:, :, 1]

    def mean(points: tuple[int, ...]) -> NDArray[np.float32]:
        return np.asarray(height[:, points].mean(axis=1))

    if name == "AU06":
        # A raised cheek pushes the skin below the eye up, towards the eye's corners.
        return mean(_UNDER_THE_EYES) - mean(_OUTER_EYE_CORNERS)
    if name == "AU25":
        return height[:, _INNER_LIPS[0]] - height[:, _INNER_LIPS[1]]
    # AU09 pulls the wings of the nose up and the inner brows down.
    inner_eyes = mean(_INNER_EYE_CORNERS)
    wings = mean(_NOSE_WINGS) - inner_eyes - _NEUTRAL_WINGS_TO_EYES
    smile = blendshapes[:, _INDICES["AU12"]].mean(axis=1)
    brows = np.clip(_LOW_BROWS_TO_EYES - (mean(_INNER_BROWS) - inner_eyes), 0.0, None)
    return np.asarray(wings - _SMILE_LIFTS_WINGS * smile + brows / 2, np.float32)
