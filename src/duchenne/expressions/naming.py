"""Which emotion an expression displays: what the network sees at the apex, and which AUs rise.

The Action Units' evidence is how much of each emotion's prototype is there (EMFACS, after Ekman,
Friesen and Hager 2002, table 10-2, shortened to what we measure), less what rises outside of it.
Both witnesses count alike; where only one was measured, it decides alone.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.emotion.labels import EMOTIONS
from duchenne.expressions.signals import Signals
from duchenne.expressions.strength import MOVERS

Vector = NDArray[np.float64]

DISPLAYS: Final[tuple[str, ...]] = tuple(name for name in EMOTIONS if name != "neutral")

PROTOTYPES: Final[dict[str, tuple[str, ...]]] = {
    "angry": ("AU04", "AU05", "AU07", "AU23"),
    "disgust": ("AU09", "AU10", "AU15"),
    "fear": ("AU01", "AU02", "AU04", "AU05", "AU20"),
    "happy": ("AU06", "AU12"),
    "sad": ("AU01", "AU04", "AU15"),
    "surprise": ("AU01", "AU02", "AU05", "AU26"),
}
"""The Action Units of each emotion's prototype."""

APEX_S: Final = 0.2
"""The apex is this long before and after its highest point."""

# Softens the choice between prototypes: one of five steps of intensity.
_SOFTNESS: Final = 1.0


def emotion_evidence(signals: Signals, rises: dict[str, Vector], apex: float) -> dict[str, float]:
    """Evidence for the six emotions.

    Args:
        signals: of the face, with ``emotion_`` probabilities where they were measured.
        rises: Action Units above rest, (n,) each.
        apex: s, where the expression is strongest.

    Returns:
        ``emotion_happy`` and so on: mean probability around the apex, among the six without
        neutral; ``prototype_happy`` and so on: share of the Action Units' evidence. Each six sum
        to 1, or are NaN where nothing was measured.
    """
    near = np.abs(signals.times - apex) <= APEX_S + 1e-6
    if not near.any():
        near[int(np.argmin(np.abs(signals.times - apex)))] = True
    seen = np.array([_mean(signals.get(f"emotion_{name}")[near]) for name in DISPLAYS])
    total = seen.sum()
    shares = seen / total if total > 0 else np.full(len(DISPLAYS), np.nan)
    risen = {unit: _mean(values[near]) for unit, values in rises.items()}
    muscles = _prototypes(risen)
    return {f"emotion_{name}": float(v) for name, v in zip(DISPLAYS, shares, strict=True)} | {
        f"prototype_{name}": float(v) for name, v in zip(DISPLAYS, muscles, strict=True)
    }


def decide(evidence: dict[str, float]) -> str | None:
    """The emotion with the most evidence; None where nothing was measured."""
    witnesses = np.array(
        [[evidence[f"{kind}_{name}"] for name in DISPLAYS] for kind in ("emotion", "prototype")]
    )
    known = witnesses[np.isfinite(witnesses).all(axis=1)]
    return DISPLAYS[int(np.argmax(known.mean(axis=0)))] if len(known) else None


def _prototypes(risen: dict[str, float]) -> Vector:
    measured = {unit: max(rise, 0.0) for unit, rise in risen.items() if np.isfinite(rise)}
    if not measured:
        return np.full(len(DISPLAYS), np.nan)
    scores = []
    for name in DISPLAYS:
        inside = [measured.get(unit, 0.0) for unit in PROTOTYPES[name]]
        outside = [measured.get(u, 0.0) for u in MOVERS if u not in PROTOTYPES[name]]
        scores.append(float(np.mean(inside)) - float(np.mean(outside)))
    weights = np.exp((np.array(scores) - max(scores)) / _SOFTNESS)
    return np.asarray(weights / weights.sum())


def _mean(values: Vector) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
