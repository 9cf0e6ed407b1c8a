"""What people call the 75 signals of the model of clips; sides are the person's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

REGIONS: Final[tuple[str, ...]] = ("mouth", "brows", "eyes", "gaze", "cheeks and nose", "head")


@dataclass(frozen=True)
class Signal:
    """How people call a signal.

    Attributes:
        region: one of ``REGIONS``.
        noun: what it measures, "the rise of the left lip corner".
        subject: what moves, "the left lip corner".
        up: what that does when the signal grows, "rose".
        down: what when it shrinks, "fell".
        unit: of its values, for example "of 1".
    """

    region: str
    noun: str
    subject: str
    up: str
    down: str
    unit: str


_SIDED: Final[dict[str, tuple[str, str, str, str, str]]] = {
    # Region, noun, subject, up, down; {side} is the person's own.
    "browDown": (
        "brows", "the lowering of the {side} brow", "the {side} brow", "was lowered",
        "came up again",
    ),
    "browOuterUp": (
        "brows", "the raise of the outer {side} brow", "the outer {side} brow", "rose", "fell",
    ),
    "cheekSquint": (
        "cheeks and nose", "the raise of the {side} cheek", "the {side} cheek", "rose", "fell",
    ),
    "eyeBlink": ("eyes", "the closing of the {side} eye", "the {side} eye", "closed", "opened"),
    "eyeLookDown": (
        "gaze", "the downward look of the {side} eye", "the look of the {side} eye", "went down",
        "came up again",
    ),
    "eyeLookIn": (
        "gaze", "the look of the {side} eye towards the nose", "the look of the {side} eye",
        "went towards the nose", "came back from the nose",
    ),
    "eyeLookOut": (
        "gaze", "the outward look of the {side} eye", "the look of the {side} eye", "went outwards",
        "came back from outside",
    ),
    "eyeLookUp": (
        "gaze", "the upward look of the {side} eye", "the look of the {side} eye", "went up",
        "came down again",
    ),
    "eyeSquint": (
        "eyes", "the narrowing of the {side} eye", "the {side} eye", "narrowed", "relaxed",
    ),
    "eyeWide": (
        "eyes", "the widening of the {side} eye", "the {side} eye", "widened", "relaxed",
    ),
    "mouthDimple": (
        "mouth", "the tightening of the {side} lip corner", "the {side} lip corner", "tightened",
        "relaxed",
    ),
    "mouthFrown": (
        "mouth", "the lowering of the {side} lip corner", "the {side} lip corner", "was lowered",
        "came up again",
    ),
    "mouthLowerDown": (
        "mouth", "the lowering of the lower lip's {side} half", "the lower lip's {side} half",
        "was lowered", "came up again",
    ),
    "mouthPress": (
        "mouth", "the pressing of the lips' {side} half", "the lips' {side} half", "pressed",
        "relaxed",
    ),
    "mouthSmile": (
        "mouth", "the rise of the {side} lip corner", "the {side} lip corner", "rose", "fell",
    ),
    "mouthStretch": (
        "mouth", "the sideways stretch of the {side} lip corner", "the {side} lip corner",
        "stretched sideways", "came back",
    ),
    "mouthUpperUp": (
        "mouth", "the rise of the upper lip's {side} half", "the upper lip's {side} half", "rose",
        "fell",
    ),
    "noseSneer": (
        "cheeks and nose", "the wrinkling of the {side} side of the nose",
        "the {side} side of the nose", "wrinkled", "relaxed",
    ),
}  # fmt: skip

_MIDDLE: Final[dict[str, tuple[str, str, str, str, str]]] = {
    "browInnerUp": (
        "brows", "the raise of the inner brows", "the inner ends of the brows", "rose", "fell",
    ),
    "cheekPuff": ("cheeks and nose", "the puff of the cheeks", "the cheeks", "filled", "emptied"),
    "jawForward": (
        "mouth", "the forward push of the jaw", "the jaw", "went forward", "came back",
    ),
    "jawLeft": (
        "mouth", "the shift of the jaw to the left", "the jaw", "went left", "came back from left",
    ),
    "jawOpen": ("mouth", "the opening of the jaw", "the jaw", "dropped", "closed"),
    "jawRight": (
        "mouth", "the shift of the jaw to the right", "the jaw", "went right",
        "came back from right",
    ),
    "mouthClose": (
        "mouth", "the closing of the lips over the jaw", "the lips over the jaw", "closed",
        "parted",
    ),
    "mouthFunnel": ("mouth", "the rounding of the lips", "the lips", "rounded", "relaxed"),
    "mouthLeft": (
        "mouth", "the shift of the mouth to the left", "the mouth", "went left",
        "came back from left",
    ),
    "mouthPucker": ("mouth", "the pucker of the lips", "the lips", "puckered", "relaxed"),
    "mouthRight": (
        "mouth", "the shift of the mouth to the right", "the mouth", "went right",
        "came back from right",
    ),
    "mouthRollLower": (
        "mouth", "the inward roll of the lower lip", "the lower lip", "rolled in", "rolled out",
    ),
    "mouthRollUpper": (
        "mouth", "the inward roll of the upper lip", "the upper lip", "rolled in", "rolled out",
    ),
    "mouthShrugLower": (
        "mouth", "the upward push of the lower lip", "the lower lip", "was pushed up", "came down",
    ),
    "mouthShrugUpper": (
        "mouth", "the upward push of the upper lip", "the upper lip", "was pushed up", "came down",
    ),
}  # fmt: skip

_HEAD: Final[dict[str, tuple[str, str, str]]] = {
    "pose_pitch": ("the downward tilt of the head", "went down", "came up"),
    "pose_yaw": (
        "the turn of the head to the right of the picture",
        "turned towards the right of the picture",
        "turned towards the left of the picture",
    ),
    "pose_roll": (
        "the anticlockwise tilt of the head",
        "tilted anticlockwise",
        "tilted clockwise",
    ),
}

_APART: Final[dict[str, tuple[str, str]]] = {
    "61_291": ("mouth", "the width of the mouth"),
    "13_14": ("mouth", "the gap between the lips"),
    "0_17": ("mouth", "the height of the mouth"),
    "0_13": ("mouth", "the thickness of the upper lip"),
    "17_14": ("mouth", "the thickness of the lower lip"),
    "133_61": ("mouth", "the way from the right eye to the right lip corner"),
    "362_291": ("mouth", "the way from the left eye to the left lip corner"),
    "2_61": ("mouth", "the way from the nose to the right lip corner"),
    "2_291": ("mouth", "the way from the nose to the left lip corner"),
    "2_0": ("mouth", "the way from the nose to the upper lip"),
    "159_145": ("eyes", "the opening of the right eye"),
    "386_374": ("eyes", "the opening of the left eye"),
    "105_159": ("brows", "the height of the right brow over the eye"),
    "334_386": ("brows", "the height of the left brow over the eye"),
    "107_133": ("brows", "the height of the right brow's inner end"),
    "336_362": ("brows", "the height of the left brow's inner end"),
    "107_336": ("brows", "the distance between the brows"),
    "145_205": ("cheeks and nose", "the way from the right eye to the right cheek"),
    "374_425": ("cheeks and nose", "the way from the left eye to the left cheek"),
    "98_327": ("cheeks and nose", "the width of the nose"),
    "4_152": ("mouth", "the way from the nose to the chin"),
}


def _signals() -> Iterator[tuple[str, Signal]]:
    for name, words in _SIDED.items():
        for side in ("Left", "Right"):
            region, noun, subject, up, down = (word.format(side=side.lower()) for word in words)
            yield f"bs_{name}{side}", Signal(region, noun, subject, up, down, "of 1")
    for name, words in _MIDDLE.items():
        yield f"bs_{name}", Signal(*words, "of 1")
    for name, (noun, up, down) in _HEAD.items():
        yield name, Signal("head", noun, "the head", up, down, "°")
    for name, (region, noun) in _APART.items():
        yield f"distance_{name}", Signal(region, noun, noun, "grew", "shrank", "eye distances")


SIGNAL_WORDS: Final[dict[str, Signal]] = dict(_signals())
"""Every signal of the model of clips; distances are in distances between the eyes."""
