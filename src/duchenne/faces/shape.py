"""The shape of a face as far as it tells people apart, and how well two shapes agree.

No pixels and no identity network: sixteen lengths of the face mesh that expression moves little
(eye corners, nasal root, nose, face oval, jaw), in three dimensions, so that head pose cancels
as far as the network's depth can be trusted. Their logarithms, freed of size, are weighted into
eight numbers of which each varies by about 1 within a person (linear discriminant analysis,
Fisher 1936; two-covariance model, Brümmer and de Villiers 2010).

The weights lie in ``duchenne/weights/face_shape.npz``. Its card says what they were fitted to
(PEDFE: Miolla et al. 2023), how well single frames tell people apart, and how to make them again;
benchmarks/face_shape.py fits and measures.

What follows from eight numbers: they decide between two or three faces, and no more. They do not
know a person among hundreds, nothing suggests that they tell twins or siblings apart, and they say
less the further two heads are turned against each other and the smaller the faces; of a face half
hidden they say nothing. They serve a run's tracker and the state that lets an interrupted run go
on; a finished recording does not keep them, though its landmarks would give them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duchenne.weights.card import load_card

# Each length: the pairs of landmarks it is the mean of, in the order of the weights' rows.
_LENGTHS: Final[tuple[tuple[tuple[int, int], ...], ...]] = (
    ((133, 362),),
    ((4, 2),),
    ((168, 2),),
    ((245, 465),),
    ((127, 356),),
    ((234, 454),),
    ((172, 397),),
    ((58, 288),),
    ((54, 284),),
    ((168, 152),),
    ((2, 152),),
    ((133, 4), (362, 4)),
    ((149, 378),),
    ((10, 127), (10, 356)),
    ((33, 4), (263, 4)),
    ((33, 172), (263, 397)),
)
_STARTS: Final = np.array([pair[0] for pairs in _LENGTHS for pair in pairs])
_ENDS: Final = np.array([pair[1] for pairs in _LENGTHS for pair in pairs])
_MEANS: Final = np.array(
    [[(pair in pairs) / len(pairs) for many in _LENGTHS for pair in many] for pairs in _LENGTHS]
)
_NUMBERS: Final = 8

# Variance of one person's shape at one pose; and the difference of pose (degrees) and the width
# of the face (pixels) that each add 1 to it. Set by hand, on the cautious side of PEDFE
# (benchmarks/face_shape.py shows both).
_WITHIN: Final = 0.75
_TURN: Final = 12.0
_WIDTH: Final = 65.0
# How often landmarks are plainly wrong (hands, half a face): no pair is ruled out for certain.
_DOUBT: Final = 0.02
# Frames beyond this many weigh no more, so that a shape can still settle.
_MOST_WEIGHT: Final = 150.0
_TINY: Final = 1e-6

_RIGHT, _LEFT, _TOP, _CHIN = 33, 263, 10, 152
LANDMARKS_USED: Final = tuple(
    sorted({*_STARTS.tolist(), *_ENDS.tolist(), _RIGHT, _LEFT, _TOP, _CHIN})
)
"""The landmarks that a shape depends on, but for the width of the face."""
# The line from forehead to chin leans back by this much on an upright head, in degrees.
_LEAN: Final = 5.0


@dataclass(frozen=True, eq=False)
class ShapeWeights:
    """How lengths become the numbers of a shape.

    Attributes:
        lengths: (16, 8) what each logarithm adds to each number; columns sum to zero.
        between: (8,) variance between people, where the variance within a person is about 1.
    """

    lengths: NDArray[np.float64]
    between: NDArray[np.float64]

    @classmethod
    def from_shares(
        cls, shares: NDArray[np.integer[Any] | np.floating[Any]], between: NDArray[np.float64]
    ) -> ShapeWeights:
        """From (16, 8) shares, freed here of what size would add."""
        return cls(shares - shares.mean(axis=0), between)


@cache
def shape_weights() -> ShapeWeights:
    """The shipped weights, read and verified once.

    Raises:
        ModelError: the file is missing, or not the one its card describes.
    """
    with np.load(load_card("face_shape").path, allow_pickle=False) as file:
        return ShapeWeights.from_shares(file["shares"], file["between"])


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
        return cls(np.zeros(_NUMBERS), np.zeros(2), 0.0, 0.0)

    @classmethod
    def from_landmarks(cls, landmarks: NDArray[np.float32]) -> FaceShape:
        """The shape in one frame; landmarks (478, 3) in pixels. A turned head weighs less."""
        turn = turn_degrees(landmarks)
        weight = 1.0 / (1.0 + float(turn @ turn) / _TURN**2)
        values = log_lengths(landmarks) @ shape_weights().lengths
        return cls(values, turn, width_noise(landmarks), weight)

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
        within = variance_within(self.turn - other.turn, (self.noise + other.noise) / 2)
        return float(log_odds(self.values - other.values, within, shape_weights().between))

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
        if values.shape != (_NUMBERS,) or turn.shape != (2,) or not np.isfinite(numbers).all():
            raise ValueError("not the shape of a face")
        return cls(values, turn, noise, weight)


def log_lengths(landmarks: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """(16,) natural logarithms of the lengths, from landmarks (478, 3) in one unit."""
    lines = (landmarks[_ENDS] - landmarks[_STARTS]).astype(np.float64)
    lengths = _MEANS @ np.sqrt(np.einsum("ij,ij->i", lines, lines))
    return np.asarray(np.log(np.maximum(lengths, _TINY)))


def turn_degrees(landmarks: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Pitch and yaw in degrees, near enough to the pose solver's (r = 0.99) for no cost."""
    down = landmarks[_CHIN].astype(np.float64) - landmarks[_TOP]
    across = landmarks[_LEFT].astype(np.float64) - landmarks[_RIGHT]
    pitch = np.degrees(np.arctan2(down[2], np.hypot(down[0], down[1]))) - _LEAN
    yaw = np.degrees(np.arctan2(across[2], np.hypot(across[0], across[1])))
    return np.array([pitch, yaw])


def width_noise(landmarks: NDArray[np.floating[Any]]) -> float:
    """The variance of a shape's values that comes from few pixels; landmarks in pixels."""
    return (_WIDTH / max(float(np.ptp(landmarks[:, 0])), 1.0)) ** 2


def variance_within(turned: NDArray[np.float64], noise: ArrayLike) -> NDArray[np.float64]:
    """Of one person's values, half the variance of their difference between two shapes.

    Args:
        turned: (..., 2) degrees of pitch and yaw between the two.
        noise: (...) the mean of both shapes' ``noise``.
    """
    return np.asarray(_WITHIN + (turned**2).sum(axis=-1) / _TURN**2 + noise)


def log_odds(
    apart: NDArray[np.float64], within: NDArray[np.float64], between: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Natural logarithm of how much likelier two shapes are one person's than two people's.

    Args:
        apart: (..., n) the difference of their values.
        within: (...) see ``variance_within``.
        between: (n,) variance of the values between people.
    """
    one = within[..., None]
    two = one + between
    ratio = 0.5 * np.log(two / one) - apart**2 / 4 * (1 / one - 1 / two)
    return np.asarray(np.logaddexp(np.log1p(-_DOUBT) + ratio.sum(axis=-1), np.log(_DOUBT)))
