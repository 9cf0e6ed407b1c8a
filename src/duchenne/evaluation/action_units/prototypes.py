"""Check three: do the units of an emotion's prototype tell its clips from the others (PEDFE)?

Each clip's intensity is the mean over its frames, each person's neutral face comes from the quieter
half of that person's own frames, unlabelled. Recipes, and the mean, were chosen by a look at every
other person; the rest are what is reported. Beside it stand all people, whose figures flatter.
Intervals draw whole people.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.intensities import to_intensities
from duchenne.action_units.neutral import Neutral, quiet_frames
from duchenne.action_units.readings import UnitWeights, read_features
from duchenne.evaluation.action_units.measures import (
    UNITS,
    Array,
    Measure,
    auc_between,
    column,
)
from duchenne.evaluation.action_units.pedfe import PedfeFrames

PROTOTYPES: Final[dict[str, tuple[str, ...]]] = {
    "happiness": ("AU06", "AU12"),
    "surprise": ("AU01", "AU02", "AU05", "AU26"),
    "sadness": ("AU01", "AU04", "AU15"),
    "anger": ("AU04", "AU05", "AU07", "AU23"),
    "disgust": ("AU09", "AU10", "AU17"),
    "fear": ("AU01", "AU02", "AU04", "AU05", "AU20"),
}
"""The literature's (Ekman, Friesen and Hager 2002, EMFACS; Matsumoto et al. 2008)."""

ALL: Final = ", all people"
GENUINE: Final = "AUC genuine against posed happiness"
GIVEN: Final = "AUC genuine against posed happiness, AU12 held"


def separates(emotion: str) -> str:
    """The name of the measure that tells clips of an emotion from all others."""
    return f"AUC {emotion} against the others"


def clip_intensities(pedfe: PedfeFrames, weights: UnitWeights) -> Array:
    """(clips, 19) of each unit, against the person's own neutral; NaN for clips without a face."""
    raw = read_features(pedfe.features, weights)
    subject = pedfe.subject
    values = np.empty((len(raw), len(UNITS)))
    places = [column(unit) for unit in UNITS]
    for person in np.unique(subject):
        mine = np.flatnonzero(subject == person)
        quiet = quiet_frames(raw[mine], pedfe.turned[mine])
        neutral = Neutral.from_readings(raw[mine][quiet], weights)
        values[mine] = to_intensities(raw[mine], neutral)[:, places]
    clips = np.full((len(pedfe.clips), len(UNITS)), np.nan)
    for clip in np.unique(pedfe.clip):
        clips[clip] = values[pedfe.clip == clip].mean(axis=0)
    return clips


def check_prototypes(pedfe: PedfeFrames, weights: UnitWeights) -> tuple[Measure, ...]:
    """AUC of every unit for every emotion, over people by whom nothing was chosen."""
    clips = clip_intensities(pedfe, weights)
    known = np.isfinite(clips).all(axis=1)
    others = known & ~pedfe.chosen_by
    happy = (pedfe.clips["emotion"] == "happiness").to_numpy()
    table, chosen = pedfe.clips[others], clips[others]
    return (
        *_separating(chosen, table, ""),
        *_separating(clips[known], pedfe.clips[known], ALL),
        *_genuine(chosen, table, happy[others]),
    )


def _separating(clips: Array, table: Any, which: str) -> list[Measure]:
    emotion, person = table["emotion"].to_numpy(str), table["subject"].to_numpy()
    return [
        Measure("pedfe", unit, separates(name) + which, len(clips), estimate)
        for place, unit in enumerate(UNITS)
        for name in PROTOTYPES
        if not which or unit in PROTOTYPES[name]
        for estimate in [auc_between(clips[:, place], emotion == name, person)]
    ]


def _genuine(clips: Array, table: Any, happy: NDArray[np.bool_]) -> list[Measure]:
    """AU6 and AU12 in genuine and posed happiness, and AU6 beyond what AU12 foretells."""
    chosen, people = clips[happy], table["subject"].to_numpy()[happy]
    genuine = (table["type"] == "genuine").to_numpy()[happy]
    smile, cheek = (chosen[:, UNITS.index(unit)] for unit in ("AU12", "AU06"))
    beyond = cheek - np.polyval(np.polyfit(smile, cheek, 1), smile)
    return [
        Measure("pedfe", unit, name, len(chosen), auc_between(values, genuine, people))
        for unit, name, values in (
            ("AU12", GENUINE, smile), ("AU06", GENUINE, cheek), ("AU06", GIVEN, beyond),
        )
    ]  # fmt: skip
