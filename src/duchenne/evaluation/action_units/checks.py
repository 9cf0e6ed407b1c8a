"""How far the Action Units can be trusted: four checks that could fail, and a verdict each.

A unit is ``checked`` where it follows synthetic faces (r of at least 0.8 over unseen people and
poses, neutral known) and stands the test on real faces that there is for it; ``synthetic only``
where there is no test on real faces; and ``experimental`` where it fails one of them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from duchenne.action_units.names import ACTION_UNITS
from duchenne.action_units.readings import UnitWeights, unit_weights
from duchenne.errors import DataError
from duchenne.evaluation.action_units import blinks, london, prototypes, synthetic
from duchenne.evaluation.action_units.ict_head import IctHead
from duchenne.evaluation.action_units.measures import UNITS, Measure
from duchenne.evaluation.action_units.pedfe import read_pedfe
from duchenne.evaluation.action_units.synthetic import SyntheticCheck
from duchenne.faces import FaceNetworks
from duchenne.faces.canonical import CanonicalFace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FOLDERS: Final[dict[str, str]] = {
    "synthetic": "ict_facekit",
    "london": "london_faces",
    "pedfe": "pedfe",
    "blinks": "media",
}
"""Each check and the folder it needs."""

CHECKED: Final = "checked"
SYNTHETIC_ONLY: Final = "synthetic only"
EXPERIMENTAL: Final = "experimental"
UNKNOWN: Final = "not checked"

LEAST_R: Final = 0.8
LEAST_UNITS: Final = 14
LEAST_PROTOTYPE: Final = 0.72
LEAST_BLINKS: Final = 0.8
_LEAST_WITHIN: Final = {"AU12": 0.97, "AU06": 0.85}
_LEAST_HAPPY: Final = 0.95

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class ActionUnitEvaluation:
    """What the checks measured.

    Attributes:
        measures: every number with its interval.
        synthetic: the first check with its leakage; None where it was skipped.
        skipped: a sentence for each check that was.
    """

    measures: tuple[Measure, ...]
    synthetic: SyntheticCheck | None
    skipped: tuple[str, ...]

    def value(self, check: str, unit: str, name: str) -> float | None:
        """One number; None where it was not measured."""
        found = (m for m in self.measures if (m.check, m.unit, m.name) == (check, unit, name))
        return next((m.estimate.value for m in found), None)

    def on_real_faces(self, unit: str) -> list[tuple[str, float, float]]:
        """The tests of a unit on real faces: what, the number, and what it must reach."""
        asked = [
            ("london", london.WITHIN, _LEAST_WITHIN.get(unit)),
            ("blinks", blinks.FOUND, LEAST_BLINKS),
            ("blinks", blinks.TRUE, LEAST_BLINKS),
        ]
        found = [
            (name, value, least)
            for check, name, least in asked
            if least is not None and (value := self.value(check, unit, name)) is not None
        ]
        best = self.best_prototype(unit)
        if best is not None:
            least = _LEAST_HAPPY if unit == "AU12" else LEAST_PROTOTYPE
            found.append((prototypes.separates(best[0]), best[1], least))
        return found

    def best_prototype(self, unit: str) -> tuple[str, float] | None:
        """Among the emotions whose prototype a unit belongs to, the one it separates best."""
        emotions = [name for name, units in prototypes.PROTOTYPES.items() if unit in units]
        values = {
            name: value
            for name in emotions
            if (value := self.value("pedfe", unit, prototypes.separates(name))) is not None
        }
        return max(values.items(), key=lambda item: item[1]) if values else None

    def verdict(self, unit: str) -> str:
        """One of the words above, or ``not checked`` where the data is missing."""
        r = self.value("synthetic", unit, synthetic.KNOWN)
        real = self.on_real_faces(unit)
        if r is None:
            return UNKNOWN
        if not r >= LEAST_R or any(not value >= least for _, value, least in real):
            return EXPERIMENTAL
        return CHECKED if real else SYNTHETIC_ONLY

    def demands(self) -> list[tuple[str, bool]]:
        """What must hold, and whether it does; those whose check was skipped are left out."""
        found = []
        if self.synthetic is not None:
            good = sum(
                (self.value("synthetic", unit, synthetic.KNOWN) or 0) >= LEAST_R for unit in UNITS
            )
            found.append(
                (
                    f"synthetic r of at least {LEAST_R} on {LEAST_UNITS} units: {good}",
                    good >= LEAST_UNITS,
                )
            )
        for unit, least in _LEAST_WITHIN.items():
            value = self.value("london", unit, london.WITHIN)
            if value is not None:
                found.append(
                    (f"London {unit} within persons at least {least}: {value:.3f}", value >= least)
                )
        for emotion, units in prototypes.PROTOTYPES.items():
            name = prototypes.separates(emotion)
            values = {u: v for u in units if (v := self.value("pedfe", u, name)) is not None}
            if values:
                unit = "AU12" if emotion == "happiness" else max(values, key=lambda u: values[u])
                least = _LEAST_HAPPY if emotion == "happiness" else LEAST_PROTOTYPE
                text = f"PEDFE {emotion} by {unit} at least {least}: {values[unit]:.3f}"
                found.append((text, values[unit] >= least))
        return found

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "units": {unit: {"verdict": self.verdict(unit)} for unit in UNITS},
            "demands": [{"demand": text, "holds": holds} for text, holds in self.demands()],
            "measures": [measure.to_dict() for measure in self.measures],
            "leakage": None
            if self.synthetic is None
            else self._leakage().round(3).to_dict("index"),
            "skipped": list(self.skipped),
        }

    def table(self) -> pd.DataFrame:
        """A row each unit: the main numbers and the verdict."""
        rows = []
        for unit in UNITS:
            best = self.best_prototype(unit)
            leak = None if self.synthetic is None else self.synthetic.worst_leak(unit)
            rows.append(
                {
                    "unit": unit,
                    "meaning": ACTION_UNITS[unit],
                    "r_neutral_known": self.value("synthetic", unit, synthetic.KNOWN),
                    "r_neutral_unknown": self.value("synthetic", unit, synthetic.UNKNOWN),
                    "mean_error": self.value("synthetic", unit, synthetic.ERROR),
                    "worst_leak": "" if leak is None else f"{leak[0]} {leak[1]:+.1f}",
                    "best_prototype": "" if best is None else best[0],
                    "prototype_auc": None if best is None else best[1],
                    "verdict": self.verdict(unit),
                }
            )
        return pd.DataFrame(rows)

    def to_text(self) -> str:
        """For the terminal."""
        lines = ["unit  r      r*     error  worst leak  prototype         AUC    verdict"]
        lines += [
            f"{row.unit}  {_short(row.r_neutral_known)}  {_short(row.r_neutral_unknown)}  "
            f"{_short(row.mean_error)}  {row.worst_leak:10}  {row.best_prototype:16}  "
            f"{_short(row.prototype_auc)}  {row.verdict}"
            for row in self.table().itertuples()
        ]
        lines.append("r, r*: synthetic faces, neutral known and unknown; error and leak: of 5.")
        for measure in self.measures:
            if measure.check in {"london", "blinks"} or measure.name.startswith("AUC genuine"):
                e = measure.estimate
                lines.append(
                    f"{measure.check:7} {measure.unit} {measure.name}: {e.value:.3f} "
                    f"({e.low:.3f} to {e.high:.3f}, n = {measure.rows})"
                )
        lines += [f"{'holds' if holds else 'FAILS'}  {text}" for text, holds in self.demands()]
        return "\n".join([*lines, *self.skipped])

    def save(self, folder: Path) -> None:
        """Write metrics.json, units.csv, measures.csv, prototypes.csv and leakage.csv."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        (folder / "metrics.json").write_text(text, encoding="utf-8")
        self.table().to_csv(folder / "units.csv", index=False)
        measures = pd.DataFrame([measure.to_dict() for measure in self.measures])
        measures.to_csv(folder / "measures.csv", index=False)
        if self.synthetic is not None:
            self._leakage().round(3).to_csv(folder / "leakage.csv")
        separating = [m for m in self.measures if m.name.endswith("against the others")]
        if separating:
            wide = pd.DataFrame(
                {"unit": m.unit, "emotion": m.name.split()[1], "auc": round(m.estimate.value, 3)}
                for m in separating
            ).pivot_table(index="unit", columns="emotion", values="auc")
            wide.reindex(columns=list(prototypes.PROTOTYPES)).to_csv(folder / "prototypes.csv")

    def _leakage(self) -> pd.DataFrame:
        assert self.synthetic is not None
        return pd.DataFrame(self.synthetic.leakage, index=UNITS, columns=UNITS)

    def plot(self) -> Figure:
        """Each unit's number, with its interval, in the check that covers most units."""
        from duchenne.evaluation.action_units.showing import plot_checks

        return plot_checks(self)

    def _repr_html_(self) -> str:
        from duchenne.evaluation.action_units.showing import checks_html

        return checks_html(self)


def evaluate_action_units(
    data: Path, weights: UnitWeights | None = None, say: Say = lambda text: None
) -> ActionUnitEvaluation:
    """Run the checks whose data is there.

    Args:
        data: folder with ``ict_facekit``, ``london_faces``, ``pedfe`` and ``media``.
        weights: other than the shipped ones.
        say: is told what is being done.

    Raises:
        DataError: none of the folders is there, or one holds something else.
    """
    there = {check: (data / folder).is_dir() for check, folder in FOLDERS.items()}
    if not any(there.values()):
        raise DataError(
            f"{data} holds none of the folders {', '.join(FOLDERS.values())}: nothing to check."
        )
    chosen, networks = weights or unit_weights(), FaceNetworks()
    face = CanonicalFace.from_bytes(networks.geometry)
    measures: list[Measure] = []
    made: SyntheticCheck | None = None
    for check, folder in ((check, data / FOLDERS[check]) for check in FOLDERS if there[check]):
        say(f"{check} check on {folder}")
        if check == "synthetic":
            made = synthetic.check_synthetic(IctHead.from_folder(folder, face), networks, chosen)
            measures += made.measures
        elif check == "london":
            measures += london.check_london(london.read_london(folder, networks), chosen)
        elif check == "pedfe":
            measures += prototypes.check_prototypes(read_pedfe(folder, face), chosen)
        else:
            measures += blinks.check_blinks(folder, networks, chosen)
    skipped = tuple(
        f"The {check} check was skipped: {data / FOLDERS[check]} is not there."
        for check in FOLDERS
        if not there[check]
    )
    return ActionUnitEvaluation(tuple(measures), made, skipped)


def _short(value: float | None) -> str:
    return "     " if value is None or not math.isfinite(value) else f"{value:5.2f}"
