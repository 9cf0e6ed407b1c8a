"""The seven classes of FER-2013, in the order of its labels."""

from __future__ import annotations

from typing import Final

EMOTIONS: Final[tuple[str, ...]] = (
    "angry",
    "disgust",
    "fear",
    "happy",
    "sad",
    "surprise",
    "neutral",
)
"""Class names; position i is FER-2013's label i (Goodfellow et al. 2013)."""
