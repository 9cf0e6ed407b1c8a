"""The Action Units that this package measures, with their FACS names."""

from __future__ import annotations

from typing import Final

ACTION_UNITS: Final[dict[str, str]] = {
    "AU01": "inner brow raiser",
    "AU02": "outer brow raiser",
    "AU04": "brow lowerer",
    "AU05": "upper lid raiser",
    "AU06": "cheek raiser",
    "AU07": "lid tightener",
    "AU09": "nose wrinkler",
    "AU10": "upper lip raiser",
    "AU12": "lip corner puller",
    "AU14": "dimpler",
    "AU15": "lip corner depressor",
    "AU17": "chin raiser",
    "AU20": "lip stretcher",
    "AU23": "lip tightener",
    "AU25": "lips part",
    "AU26": "jaw drop",
    "AU28": "lip suck",
    "AU43": "eyes closed",
    "AU45": "blink",
}
"""OpenFace's 17 intensities, AU28 and AU43 (Ekman, Friesen and Hager 2002 for the names)."""

PAIRED: Final[tuple[str, ...]] = (
    *("AU01", "AU02", "AU04", "AU05", "AU06", "AU07", "AU09"),
    *("AU10", "AU12", "AU14", "AU15", "AU20", "AU45"),
)
"""Those measured on either side of the face too."""

SIDES: Final[tuple[str, ...]] = ("left", "right")
"""The person's own."""

INTENSITIES: Final[tuple[str, ...]] = (
    *(f"{unit}_r" for unit in ACTION_UNITS),
    *(f"{unit}_{side}_r" for unit in PAIRED for side in SIDES),
)
"""Columns of intensities from 0 to 5: the whole face first, then sides."""

_EXPERIMENTAL: Final = "experimental"

VERDICTS: Final[dict[str, str]] = {
    "AU01": "checked",
    "AU02": "checked",
    "AU04": "experimental",
    "AU05": "experimental",
    "AU06": "checked",
    "AU07": "experimental",
    "AU09": "checked",
    "AU10": "experimental",
    "AU12": "checked",
    "AU14": "synthetic only",
    "AU15": "experimental",
    "AU17": "experimental",
    "AU20": "experimental",
    "AU23": "experimental",
    "AU25": "synthetic only",
    "AU26": "experimental",
    "AU28": "synthetic only",
    "AU43": "synthetic only",
    "AU45": "checked",
}
"""What the checks of ``duchenne evaluate action-units`` say of each unit, as its card has it:
``checked`` on made-up and real faces, ``synthetic only`` where no test on real faces exists,
``experimental`` where one of them fails. A test holds this table against the card."""

_WORDS: Final = {
    _EXPERIMENTAL: " (experimental: fails a check)",
    "synthetic only": " (no check on real faces)",
}


def trust(unit: str) -> str:
    """A word of warning about a unit that fails a check, else nothing."""
    return _EXPERIMENTAL if VERDICTS[unit] == _EXPERIMENTAL else ""


def describe(intensity: str) -> str:
    """What a column of ``INTENSITIES`` means, and how far its unit is checked."""
    unit, _, side = intensity.removesuffix("_r").partition("_")
    text = f"{unit} intensity, {ACTION_UNITS[unit]}"
    if side:
        text += f", the person's {side} side"
    return text + _WORDS.get(VERDICTS[unit], "")
