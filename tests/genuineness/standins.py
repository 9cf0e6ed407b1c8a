"""Models that add up a few inputs: what they answer can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duchenne.genuineness.clip_inputs import INPUTS
from duchenne.genuineness.clip_model import Baseline, ClipJudgement, KernelModel
from duchenne.genuineness.models import Models
from duchenne.genuineness.reference import KINDS, SHARES, Reference
from duchenne.genuineness.still_model import LANDMARK_INPUTS, UNIT_INPUTS, StillModel

Matrix = NDArray[np.float64]


@dataclass(eq=False)
class Adding(KernelModel):
    """Log odds = the sum of weight x (input - typical value); NaN counts as typical."""

    name: str
    names: tuple[str, ...]
    weights: dict[str, float]
    typical: dict[str, float] = field(default_factory=dict)
    band: float = 0.1
    least_familiarity: float = 0.2
    familiarity: float = 0.9
    by_person: bool = False

    card: Any = field(init=False)

    def __post_init__(self) -> None:
        self.card = SimpleNamespace(name=self.name)

    def _odds(self, inputs: Matrix, baseline: Baseline | None) -> Matrix:
        if (baseline is not None) != self.by_person:
            raise ValueError("a baseline too few or too many")
        middle = np.array([self.typical.get(name, 0.0) for name in self.names])
        away = np.where(np.isfinite(inputs), inputs - middle, 0.0)
        if baseline is not None:
            away = (away - baseline.mean) / baseline.spread
        odds: Matrix = away @ np.array([self.weights.get(name, 0.0) for name in self.names])
        return odds

    def scores(self, inputs: Matrix) -> Matrix:
        return np.nan_to_num(inputs)

    def judge(self, inputs: Matrix, baseline: Baseline | None = None) -> ClipJudgement:
        p = 1 / (1 + np.exp(-self._odds(inputs, baseline)))
        return ClipJudgement(p, np.full(len(inputs), self.familiarity))

    def contributions(
        self, inputs: Matrix, groups: Mapping[str, Sequence[int]], baseline: Baseline | None = None
    ) -> dict[str, float]:
        rows = np.repeat(inputs[None], len(groups) + 1, axis=0)
        for row, places in enumerate(groups.values(), start=1):
            rows[row, list(places)] = np.nan
        odds = self._odds(rows, baseline)
        return dict(zip(groups, (odds[0] - odds[1:]).tolist(), strict=True))


class Still(Adding):
    look = "aus"
    inputs_of = StillModel.inputs_of


def reference(**further: tuple[float, float]) -> Reference:
    """Posed and spontaneous clips spread evenly from 0 to 1, those of an input otherwise to
    (posed, spontaneous).
    """
    quantiles = np.tile(SHARES, (2, len(KINDS), len(INPUTS), 1))
    for name, ends in further.items():
        for kind, end in enumerate(ends):
            quantiles[:, kind, INPUTS.index(name)] = SHARES * end
    return Reference(INPUTS, ("every", "happy"), quantiles.astype(np.float32))


class Standins(Models):
    """Smiles that rise far are spontaneous; AU06 above 1 is; nothing is loaded."""

    def __init__(self, clip: Adding | None = None, aus: Adding | None = None) -> None:
        super().__init__()
        weights = {"bs_mouthSmileLeft_q95": 4.0, "bs_browDownLeft_mean": -3.0}
        self.clip = clip or Adding("genuineness", INPUTS, weights, {"bs_mouthSmileLeft_q95": 0.3})
        self.person = Adding("genuineness_person", INPUTS, weights, by_person=True)
        self.aus = aus or Still("genuineness_aus", UNIT_INPUTS, {"AU06_r": 1.0}, {"AU06_r": 1.0})
        self.points = Still("genuineness_landmarks", LANDMARK_INPUTS, {"x_61": -1.0})
        self.points.look = "landmarks"

    def clips(self, *, by_person: bool = False) -> Adding:
        return self.person if by_person else self.clip

    def still(self, look: str) -> Any:
        return self.aus if look == "aus" else self.points

    def reference(self) -> Reference:
        return reference(bs_mouthSmileLeft_q95=(0.5, 1.0), bs_browDownLeft_mean=(1.0, 0.5))
