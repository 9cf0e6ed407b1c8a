"""The order of the emotions in every chart, and which ink is read on which colour."""

from __future__ import annotations

from typing import Final

STACK_ORDER: Final[tuple[str, ...]] = (
    "happy",
    "surprise",
    "sad",
    "fear",
    "disgust",
    "angry",
    "neutral",
)
"""From the ground up; neutral on top, so that displays rise from the ground like hills."""


_DARK: Final = "#15171a"
_LIGHT: Final = "#ffffff"


def rgb(colour: str) -> tuple[int, int, int]:
    """``#rrggbb`` as three numbers from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def ink_on(colour: str) -> str:
    """Near-black or white, whichever is easier to read on the colour (WCAG 2.2, contrast)."""
    light = _luminance(colour)
    return max((_DARK, _LIGHT), key=lambda ink: _contrast(light, _luminance(ink)))


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(colour: str) -> float:
    shares = [value / 255 for value in rgb(colour)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
