"""The colours of every figure: ink, greys, one hue for numbers, and one for each emotion."""

from __future__ import annotations

from typing import Final

INK: Final = "#22313f"
FAINT: Final = "#5f6d79"
QUIET: Final = "#9aa3ad"
GRID: Final = "#e6eaee"
TEAL: Final = "#0f7c8a"
AMBER: Final = "#d9822b"

EMOTION_COLOURS: Final[dict[str, str]] = {
    "angry": "#d55e00",
    "disgust": "#009e73",
    "fear": "#cc79a7",
    "happy": "#e69f00",
    "sad": "#0072b2",
    "surprise": "#56b4e9",
    "neutral": "#9aa0a6",
}
"""Okabe and Ito's colours for every kind of colour vision (jfly.uni-koeln.de/color, 2008)."""

SERIES: Final[tuple[str, ...]] = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#22313f",
)  # fmt: skip
"""The same for lines that have no colour of their own, the easiest to tell apart first."""
