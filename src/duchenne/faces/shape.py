"""The shape of a face as far as it tells people apart, and how well two shapes agree.

No pixels and no identity network: sixteen lengths of the face mesh that expression moves little
(eye corners, nasal root, nose, face oval, jaw), in three dimensions, so that head pose cancels
as far as the network's depth can be trusted. Their logarithms, freed of size, are weighted into
eight numbers of which each varies by about 1 within a person (linear discriminant analysis,
Fisher 1936; two-covariance model, Brümmer and de Villiers 2010).

The weights were fitted to 16,830 frames of the 44 people of PEDFE (Miolla et al. 2023: six
emotions, genuine and posed; only these numbers come from it). How well single frames tell one
person from another, as the area under the ROC curve:

- 0.994 London's frontal pictures (DeBruine and Jones 2017), 51 people, one picture neutral and
  one smiling; by faces 150 / 100 / 70 / 50 / 40 pixels wide, JPEG, 24 of them:
  0.98 / 0.99 / 0.97 / 0.97 / 0.96. Nobody of London is in the fit, but the sixteen lengths were
  picked out of 27 with an eye on London too, so this flatters a little;
- 0.84 PEDFE, clips of different emotions, heads nodding by up to 30 degrees (4-fold, by person).

The evidence is worth 3.0 nats for the median of the 51 Londoners, neutral against smiling, and
-1.0 for the median of two of them; for one of ten pairs of two people it is above 1.4. Of 1,275
pairs of Londoners who both smile after having been neutral, 99.9 % go to the right names, 91 %
with more than 3 nats. One second on, the six people of five real clips agree with their own past by
0.3 to 3.9 nats (medians) and with Londoners by -2.9 to 0.6. The least one cries, laughs and nods;
32 % of his frames are more like a certain astronaut than like himself.

So it decides between two or three faces, and no more: it does not know a person among hundreds,
cannot tell twins and rarely siblings, says little of heads turned by more than 30 degrees against
each other or of faces under 50 pixels, and nothing of a face half hidden. It serves a run's tracker
and the state that lets an interrupted run go on; a finished recording should not keep it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

# Each length: the pairs of landmarks it is the mean of, and its share in the eight numbers.
_LENGTHS: Final[tuple[tuple[tuple[tuple[int, int], ...], tuple[int, ...]], ...]] = (
    (((133, 362),), (-13, 12, 45, -17, 22, 2, -23, -1)),
    (((4, 2),), (-15, 9, -25, 27, 10, -1, 10, 23)),
    (((168, 2),), (0, 5, -11, 53, 38, 10, 17, -21)),
    (((245, 465),), (9, 10, -44, 20, -15, -11, 27, -26)),
    (((127, 356),), (3, -38, 60, 61, -2, -9, 76, 8)),
    (((234, 454),), (-7, 40, -120, 16, -18, -85, -78, 0)),
    (((172, 397),), (-44, 43, -4, 36, 35, -49, 155, 44)),
    (((58, 288),), (43, -65, 49, -22, 2, 79, -132, -28)),
    (((54, 284),), (-25, -22, 34, -35, 3, 68, 36, 39)),
    (((168, 152),), (57, 15, 37, -106, -71, -8, -76, 0)),
    (((2, 152),), (-32, -5, -19, 61, 25, 11, 43, 8)),
    (((133, 4), (362, 4)), (36, -15, 8, 14, -15, 45, -3, 24)),
    (((149, 378),), (16, -3, -24, -33, 7, 10, -30, -43)),
    (((10, 127), (10, 356)), (-3, -11, 27, -32, -48, 23, -53, -60)),
    (((33, 4), (263, 4)), (-48, 40, -24, -29, 8, -56, -9, 23)),
    (((33, 172), (263, 397)), (22, -14, 10, -15, 18, -29, 40, 10)),
)
_STARTS: Final = np.array([pair[0] for pairs, _ in _LENGTHS for pair in pairs])
_ENDS: Final = np.array([pair[1] for pairs, _ in _LENGTHS for pair in pairs])
_MEANS: Final = np.array(
    [
        [(pair in pairs) / len(pairs) for many, _ in _LENGTHS for pair in many]
        for pairs, _ in _LENGTHS
    ]
)
# Columns that sum to zero forget size.
_SHARES: Final = np.array([shares for _, shares in _LENGTHS], np.float64)
_WEIGHTS: Final = _SHARES - _SHARES.mean(axis=0)
# Variance between people, where the variance within a person is 1.
_BETWEEN: Final = np.array([5.40, 2.41, 2.02, 1.35, 1.07, 0.93, 0.70, 0.66])

# Variance of one person's shape at one pose; and the difference of pose (degrees) and the width
# of the face (pixels) that each add 1 to it (PEDFE; a film with nods; London's faces shrunk).
_WITHIN: Final = 0.75
_TURN: Final = 12.0
_WIDTH: Final = 65.0
# How often landmarks are plainly wrong (hands, half a face): no pair is ruled out for certain.
_DOUBT: Final = 0.02
# Frames beyond this many weigh no more, so that a shape can still settle.
_MOST_WEIGHT: Final = 150.0
_TINY: Final = 1e-6

_RIGHT, _LEFT, _TOP, _CHIN = 33, 263, 10, 152
# The line from forehead to chin leans back by this much on an upright head, in degrees.
_LEAN: Final = 5.0


@dataclass(frozen=True, eq=False)
class FaceShape:
    """What is known of the shape of one face, from one frame or from many.

    Attributes:
        values: (8,) float64, the mean over frames; they vary by about 1 within a person.
        turn: (2,) float64, mean pitch and yaw in degrees: frames of like pose compare better.
        noise: variance of the values that comes from a small picture.
        weight: sum of the frames' weights, at most 150; 0 for nothing known.
    """

    values: NDArray[np.float64]
    turn: NDArray[np.float64]
    noise: float
    weight: float

    @classmethod
    def unknown(cls) -> FaceShape:
        """A face not seen yet."""
        return cls(np.zeros(len(_BETWEEN)), np.zeros(2), 0.0, 0.0)

    @classmethod
    def from_landmarks(cls, landmarks: NDArray[np.float32]) -> FaceShape:
        """The shape in one frame; landmarks (478, 3) in pixels. A turned head weighs less."""
        lines = (landmarks[_ENDS] - landmarks[_STARTS]).astype(np.float64)
        lengths = _MEANS @ np.sqrt(np.einsum("ij,ij->i", lines, lines))
        turn = _turn(landmarks)
        width = max(float(np.ptp(landmarks[:, 0])), 1.0)
        weight = 1.0 / (1.0 + float(turn @ turn) / _TURN**2)
        values = np.log(np.maximum(lengths, _TINY)) @ _WEIGHTS
        return cls(values, turn, (_WIDTH / width) ** 2, weight)

    def merged(self, other: FaceShape) -> FaceShape:
        """The shape over the frames of both."""
        weight = self.weight + other.weight
        if weight == 0:
            return self
        share = other.weight / weight
        return FaceShape(
            self.values + share * (other.values - self.values),
            self.turn + share * (other.turn - self.turn),
            self.noise + share * (other.noise - self.noise),
            min(weight, _MOST_WEIGHT),
        )

    def evidence(self, other: FaceShape) -> float:
        """Natural logarithm of how much likelier these are one person than two.

        0 where either is unknown; never below log 0.02.
        """
        if self.weight == 0 or other.weight == 0:
            return 0.0
        apart = self.turn - other.turn
        within = _WITHIN + float(apart @ apart) / _TURN**2 + (self.noise + other.noise) / 2
        squares = (self.values - other.values) ** 2
        both = within + _BETWEEN
        ratio = 0.5 * np.log(both / within) - squares / 4 * (1 / within - 1 / both)
        return float(np.logaddexp(np.log1p(-_DOUBT) + ratio.sum(), np.log(_DOUBT)))

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it, to the last digit."""
        return {
            "values": self.values.tolist(),
            "turn": self.turn.tolist(),
            "noise": self.noise,
            "weight": self.weight,
        }

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> FaceShape:
        """The inverse of ``to_dict``.

        Raises:
            KeyError, TypeError, ValueError: the content is something else.
        """
        values = np.array(content["values"], np.float64)
        turn = np.array(content["turn"], np.float64)
        noise, weight = float(content["noise"]), float(content["weight"])
        numbers = np.concatenate([values, turn, [noise, weight]])
        if values.shape != _BETWEEN.shape or turn.shape != (2,) or not np.isfinite(numbers).all():
            raise ValueError("not the shape of a face")
        return cls(values, turn, noise, weight)


def _turn(landmarks: NDArray[np.float32]) -> NDArray[np.float64]:
    """Pitch and yaw in degrees, near enough to the pose solver's (r = 0.99) for no cost."""
    down = landmarks[_CHIN].astype(np.float64) - landmarks[_TOP]
    across = landmarks[_LEFT].astype(np.float64) - landmarks[_RIGHT]
    pitch = np.degrees(np.arctan2(down[2], np.hypot(down[0], down[1]))) - _LEAN
    yaw = np.degrees(np.arctan2(across[2], np.hypot(across[0], across[1])))
    return np.array([pitch, yaw])
