"""Why a model leans the way it does, in words that rest on its own numbers.

The model is asked what each part of the face adds (``KernelModel.contributions``: how strongly it
showed, and how it moved). In the parts that add most, the inputs are looked up whose place among
the training clips tells the kinds apart, and of these the one that moves the model most is put
into words. So a sentence names nothing that the model did not use.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.names import ACTION_UNITS
from duchenne.action_units.points import REGIONS as POINT_REGIONS
from duchenne.genuineness.clip_model import Baseline, KernelModel
from duchenne.genuineness.reference import Reference
from duchenne.genuineness.signal_words import REGIONS
from duchenne.genuineness.verdict import Reason, Speaks
from duchenne.genuineness.words import ASPECTS, EMOTION_NOUNS, compared, group_of, split, told

Vector = NDArray[np.float64]

MOST_FOR: Final = 3
LEAST_CONTRIBUTION: Final = 0.05
"""Log odds: parts that add less are not worth a sentence."""

LEAST_SEEN: Final = 0.05
"""Of 1: a blendshape that stays lower in nearly all training clips is not put into words."""

# Percent added to both tails, so that "over 99 %" is not infinitely telling.
_SOFTENING: Final = 2.0
_MOST_TELLING: Final = 6
# Of 5: less is written as 0.0.
_TRACE: Final = 0.05


@dataclass(frozen=True, eq=False)
class ClipView:
    """One expression as the model of clips sees it.

    Attributes:
        model: of clips.
        reference: how the training clips' numbers are spread.
        inputs: (inputs,) of the expression.
        emotion: what it displays, one of FER-2013's names; None for any.
        baseline: of the person, for a model that needs it.
    """

    model: KernelModel
    reference: Reference
    inputs: Vector
    emotion: str | None = None
    baseline: Baseline | None = None

    def contributions(self, groups: Mapping[str, Sequence[int]]) -> dict[str, float]:
        """Log odds of "genuine" that each group of inputs adds."""
        return self.model.contributions(self.inputs, groups, self.baseline)

    def percents(self, name: str, value: float) -> tuple[float, float]:
        """How many spontaneous and how many posed training clips lie below, 0 to 100."""
        genuine = self.reference.percent(name, value, "genuine", self.among)
        return genuine, self.reference.percent(name, value, "posed", self.among)

    @property
    def among(self) -> str | None:
        """The emotion by the reference's name; None where it knows none such."""
        called = (self.emotion, EMOTION_NOUNS.get(self.emotion or ""))
        return next((name for name in called if name in self.reference.emotions), None)

    @property
    def noun(self) -> str | None:
        """The same in a sentence."""
        return EMOTION_NOUNS.get(self.among or "", self.among)


def clip_groups(names: Sequence[str]) -> dict[str, list[int]]:
    """The places of the inputs of each part of the face: "mouth, how it moves" and so on."""
    groups: dict[str, list[int]] = {f"{r}, {a}": [] for r in REGIONS for a in ASPECTS}
    for place, name in enumerate(names):
        groups[group_of(name)].append(place)
    return {group: places for group, places in groups.items() if places}


def clip_reasons(view: ClipView, p: float) -> tuple[Reason, ...]:
    """Up to three reasons for the side that p leans to, and one against it.

    Args:
        view: the expression.
        p: what the model makes of it, 0 to 1.
    """
    groups = clip_groups(view.model.names)
    parts = view.contributions(groups)
    return tuple(
        _clip_reason(view, group, groups[group], parts[group], speaks)
        for group, speaks in _chosen(parts, p)
    )


def still_reasons(model: KernelModel, inputs: Vector, p: float) -> tuple[Reason, ...]:
    """The same for a model of one frame: single Action Units, or regions of landmarks.

    Args:
        model: of one frame.
        inputs: (inputs,) of the frame.
        p: what the model makes of them, 0 to 1.
    """
    units = model.names[0].startswith("AU")
    groups = _unit_groups(model.names, inputs) if units else _point_groups(model.names)
    parts = model.contributions(inputs, groups)
    chosen = list(_chosen(parts, p))
    if units:
        values = {group: float(inputs[groups[group][0]]) for group, _ in chosen}
        return tuple(_unit_reason(g, values[g], parts[g], speaks) for g, speaks in chosen)
    return tuple(
        Reason(
            f"The shape of the {group} in this frame speaks for a {_side(parts[group])} display.",
            speaks,
            group=group,
            contribution=parts[group],
        )
        for group, speaks in chosen
    )


def _chosen(parts: Mapping[str, float], p: float) -> Iterator[tuple[str, Speaks]]:
    """The groups that add most to the side of p, then the one that takes most away."""
    side = 1.0 if p >= 0.5 else -1.0
    ranked = sorted(parts, key=lambda group: -side * parts[group])
    for group in ranked[:MOST_FOR]:
        if side * parts[group] >= LEAST_CONTRIBUTION:
            yield group, "for"
    for group in ranked[-1:]:
        if side * parts[group] <= -LEAST_CONTRIBUTION:
            yield group, "against"


def _clip_reason(
    view: ClipView, group: str, places: Sequence[int], contribution: float, speaks: Speaks
) -> Reason:
    name = _telling(view, places, contribution)
    if name is None:
        region, aspect = group.split(", ")
        how = "How strongly" if aspect == ASPECTS[0] else "How"
        text = (
            f"{how} the {region} moved speaks for a {_side(contribution)} display, though no "
            "single number of it stands out."
        )
        return Reason(text, speaks, group=group, contribution=contribution)
    value = float(view.inputs[view.model.names.index(name)])
    genuine, posed = view.percents(name, value)
    words = told(name, value)
    text = compared(words, genuine, posed, view.noun)
    return Reason(text, speaks, name, value, words.unit, genuine, posed, group, contribution)


def _telling(view: ClipView, places: Sequence[int], contribution: float) -> str | None:
    """The input that speaks most clearly for what its group adds; None where none does."""
    side = math.copysign(1.0, contribution)
    where = {
        view.model.names[p]: [p]
        for p in places
        if np.isfinite(view.inputs[p]) and _seen(view.reference, view.model.names[p])
    }
    tails = {
        name: side * _tail(*view.percents(name, float(view.inputs[place])))
        for name, (place,) in where.items()
    }
    best = sorted((n for n in tails if tails[n] > 0), key=lambda name: -tails[name])
    if not best:
        return None
    own = view.contributions({name: where[name] for name in best[:_MOST_TELLING]})
    return max(own, key=lambda name: side * own[name])


def _seen(reference: Reference, name: str) -> bool:
    """Some blendshapes hardly ever leave 0: nobody can see what a number of theirs speaks of."""
    signal, _ = split(name)
    if not signal.startswith("bs_"):
        return True
    return reference.highest(f"{signal}_q95") >= LEAST_SEEN


def _tail(of_genuine: float, of_posed: float) -> float:
    """Log of how many times more often spontaneous clips go as far as this than posed ones."""
    high = of_genuine + of_posed >= 100
    genuine, posed = (100 - p if high else p for p in (of_genuine, of_posed))
    return math.log((genuine + _SOFTENING) / (posed + _SOFTENING))


def _side(contribution: float) -> str:
    return "spontaneous" if contribution > 0 else "posed"


def _unit_reason(unit: str, value: float, contribution: float, speaks: Speaks) -> Reason:
    seen = f"at {value:.1f} of 5" if value >= _TRACE else "which is not there,"
    text = f"{unit}, {ACTION_UNITS[unit]}, {seen} speaks for a {_side(contribution)} display."
    return Reason(text, speaks, f"{unit}_r", value, "of 5", group=unit, contribution=contribution)


def _unit_groups(names: Sequence[str], inputs: Vector) -> dict[str, list[int]]:
    known = [(place, name) for place, name in enumerate(names) if np.isfinite(inputs[place])]
    return {name.removesuffix("_r"): [place] for place, name in known}


def _point_groups(names: Sequence[str]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        point = int(name.rpartition("_")[2])
        region = next((r for r in _REGIONS if point in POINT_REGIONS[r]), "upper face")
        groups.setdefault(region, []).append(place)
    return groups


# The nose of the list reaches up to the brows, the cheeks to the corners of the eyes.
_REGIONS: Final = ("mouth", "cheeks", "nose")
