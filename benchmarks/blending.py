"""Whether an experiment on pixels adds to the default verdict (genuine or posed, PEDFE).

Usage: python benchmarks/blending.py VERDICTS EXPERIMENTS [--experiment NAME ...]

VERDICTS is the folder that `duchenne train genuineness --model default --data PEDFE --out VERDICTS`
wrote, EXPERIMENTS that of `duchenne experiment run`. Both hold probabilities of people not seen. A
logistic curve of the two log odds is fitted on all people but one, who is scored by it, in turn;
differences from the verdict alone have intervals over people. Rows go to results/blending.csv.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from appending import append
from duchenne.evaluation.machine import Circumstances
from duchenne.evaluation.statistics.intervals import bootstrap_interval
from duchenne.evaluation.statistics.ranking import area_under_curve

EXPERIMENTS = (
    "s10-pyramid",
    "ours-frames",
    "ours-transformer-landmarks",
    "ours-statistics",
    "ours-statistics-landmarks",
)
_SURE = 1e-3
_ENDS = ("value", "low", "high")

Values = NDArray[np.float64]


def log_odds(p: pd.Series) -> Values:
    sure = np.clip(p.to_numpy(np.float64), _SURE, 1 - _SURE)
    return np.asarray(np.log(sure / (1 - sure)))


def blended(inputs: Values, genuine: NDArray[np.bool_], people: NDArray[Any]) -> Values:
    """(n,) probabilities, each person's by a curve of the others."""
    found = np.empty(len(inputs))
    for person in np.unique(people):
        own = people == person
        curve = LogisticRegression(C=10.0).fit(inputs[~own], genuine[~own])
        found[own] = curve.predict_proba(inputs[own])[:, 1]
    return found


def compare(verdicts: pd.DataFrame, pixels: pd.DataFrame) -> dict[str, Any]:
    both = verdicts.merge(pixels[["code", "p_genuine"]], on="code", suffixes=("", "_pixels"))
    both = both.dropna(subset=["p_genuine", "p_genuine_pixels"])
    genuine = (both["type"] == "genuine").to_numpy()
    people = both["subject"].to_numpy()
    alone = both["p_genuine"].to_numpy()
    inputs = np.stack([log_odds(both["p_genuine"]), log_odds(both["p_genuine_pixels"])], axis=1)
    joined = blended(inputs, genuine, people)
    gain = ((joined > 0.5) == genuine).astype(float) - ((alone > 0.5) == genuine)

    def area(rows: NDArray[np.intp]) -> float:
        kinds = genuine[rows]
        return area_under_curve(joined[rows], kinds) - area_under_curve(alone[rows], kinds)

    accuracy = bootstrap_interval(lambda rows: float(gain[rows].mean()), len(gain), people)
    auc = bootstrap_interval(area, len(gain), people)
    return {
        "clips": len(both),
        "people": len(np.unique(people)),
        "accuracy_alone": round(float(((alone > 0.5) == genuine).mean()), 4),
        "accuracy_with_pixels": round(float(((joined > 0.5) == genuine).mean()), 4),
        **{f"accuracy_gain_{end}": round(getattr(accuracy, end), 4) for end in _ENDS},
        **{f"auc_gain_{end}": round(getattr(auc, end), 4) for end in _ENDS},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("verdicts", type=Path)
    parser.add_argument("experiments", type=Path)
    parser.add_argument("--experiment", action="append", help=f"default: {', '.join(EXPERIMENTS)}")
    asked = parser.parse_args()
    verdicts = pd.read_csv(asked.verdicts / "predictions.csv", dtype={"code": str})
    about = Circumstances.now()
    rows = []
    for name in asked.experiment or EXPERIMENTS:
        pixels = pd.read_csv(asked.experiments / name / "predictions.csv", dtype={"code": str})
        found = compare(verdicts, pixels)
        rows.append({"date": about.date, "commit": about.commit, "experiment": name, **found})
        print(rows[-1])
    append("blending", rows)


if __name__ == "__main__":
    main()
