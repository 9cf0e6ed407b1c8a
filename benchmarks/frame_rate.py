"""What do the smile model's speeds and verdicts lose at half the frame rate (PEDFE's happiness)?

Usage: python benchmarks/frame_rate.py PEDFE

The clips were filmed at 24 to 36 frames/s; once each frame counts and once every second one. The
largest speed of the onset and of the offset, half over whole: median and quartiles of the clips,
and the median's interval over people. Then by how much each model's probability moves, and its AUC
both ways. Rows go to results/frame_rate.csv; the smile models' cards quote them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from appending import append
from duchenne.evaluation.genuineness.smile_transfer import Smiles, read_pedfe_smiles
from duchenne.evaluation.machine import Circumstances
from duchenne.evaluation.statistics.intervals import bootstrap_interval
from duchenne.evaluation.statistics.ranking import area_under_curve
from duchenne.expressions.phases import COLUMNS
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.networks import FaceNetworks
from duchenne.genuineness.smile import SmileModel
from duchenne.genuineness.smile_inputs import PARTS

SPEEDS = ("lip_onset_maximum_speed_positive", "lip_offset_maximum_speed_negative")
Vector = NDArray[np.float64]


def summary(figure: str, values: Vector, people: NDArray[np.int64]) -> dict[str, object]:
    """Median with its interval over people, and quartiles, of one number a clip."""
    kept = np.isfinite(values)
    some, whose = values[kept], people[kept]
    found = bootstrap_interval(lambda rows: float(np.median(some[rows])), len(some), whose)
    low, high = np.quantile(some, [0.25, 0.75])
    ends = {"value": found.value, "low": found.low, "high": found.high, "q1": low, "q3": high}
    return {"figure": figure, "clips": len(some)} | {k: round(float(v), 4) for k, v in ends.items()}


def auc_of(figure: str, p: Vector, smiles: Smiles) -> dict[str, object]:
    """AUC with its interval over people."""
    found = bootstrap_interval(
        lambda rows: area_under_curve(p[rows], smiles.spontaneous[rows]), len(p), smiles.subject
    )
    ends = {"value": found.value, "low": found.low, "high": found.high}
    return {"figure": figure, "clips": len(p)} | {k: round(v, 4) for k, v in ends.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="a folder with clips.csv and frames.parquet")
    folder = parser.parse_args().data
    face = CanonicalFace.from_bytes(FaceNetworks().geometry)
    whole, half = (read_pedfe_smiles(folder, face, every) for every in (1, 2))
    if not np.array_equal(whole.subject, half.subject):
        raise SystemExit("Other clips show the lips at half the rate: they cannot be paired.")
    rows = []
    for name in SPEEDS:
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = half.lips[:, COLUMNS.index(name)] / whole.lips[:, COLUMNS.index(name)]
        rows.append(summary(f"half over whole: {name}", ratio, whole.subject))
    model = SmileModel()
    for part in PARTS:
        both = [model.part(part).p_genuine(smiles.lips) for smiles in (whole, half)]
        rows.append(summary(f"{part}: move of p", abs(both[1] - both[0]), whole.subject))
        rows.append(summary(f"{part}: rise of p", both[1] - both[0], whole.subject))
        rows += [
            auc_of(f"{part}: AUC, {rate} rate", p, whole)
            for rate, p in zip(("whole", "half"), both, strict=True)
        ]
    about = Circumstances.now()
    for row in rows:
        print(row)
    append("frame_rate", [{"date": about.date, "commit": about.commit} | row for row in rows])


if __name__ == "__main__":
    main()
