"""How much of genuine or posed do head pose, gaze, and the ends of a clip alone tell (PEDFE)?

Usage: python benchmarks/setting.py PEDFE

Somebody who watches a film looks and holds the head differently from somebody who acts for a
camera, and where a clip was cut speaks too. A support vector machine (Gaussian kernel, C 3) on
normal scores of some of the 1,500 inputs of the verdict's model, on the stored 11 folds by person:
AUC with intervals over people. Rows go to results/setting.csv; the model cards quote them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import SVC

from appending import append
from duchenne.evaluation.datasets.pedfe_frames import read_clip_frames, read_judged_clips
from duchenne.evaluation.genuineness.features import ClipFeatures
from duchenne.evaluation.machine import Circumstances
from duchenne.evaluation.statistics.intervals import bootstrap_interval
from duchenne.evaluation.statistics.ranking import area_under_curve
from duchenne.evaluation.statistics.subject_folds import Folds, subject_folds
from duchenne.genuineness.clip_inputs import COLUMNS, INPUTS
from duchenne.genuineness.normal_scores import NormalScores

# What depends on where a clip begins and ends.
ENDS = ("_first", "_last", "_change", "_place_of_max", "_place_of_min")
PARTS: dict[str, Callable[[str], bool]] = {
    "all": lambda name: True,
    "head pose": lambda name: name.startswith("pose_"),
    "gaze": lambda name: name.startswith("bs_eyeLook"),
    "without the ends": lambda name: not name.endswith(ENDS),
}
COST = 3.0


def scores_of(
    inputs: NDArray[np.float64], genuine: NDArray[np.bool_], folds: Folds
) -> NDArray[np.float64]:
    """(n,) each clip by a machine that saw nobody of its fold."""
    known = np.nan_to_num(inputs)
    found = np.empty(len(inputs))
    for train, scored in folds.splits():
        normal = NormalScores.fit(known[train])
        machine = SVC(C=COST, gamma="scale").fit(normal(known[train]), genuine[train])
        found[scored] = machine.decision_function(normal(known[scored]))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="a folder with clips.csv and frames.parquet")
    folder = parser.parse_args().data
    clips = read_judged_clips(folder)
    inputs = ClipFeatures.from_frames(read_clip_frames(folder, clips)).statistics[:, COLUMNS]
    genuine = (clips["type"] == "genuine").to_numpy()
    people, folds, about = clips["subject"].to_numpy(), subject_folds(clips), Circumstances.now()
    rows = []
    for part, belongs in PARTS.items():
        chosen = [i for i, name in enumerate(INPUTS) if belongs(name)]
        scores = scores_of(inputs[:, chosen], genuine, folds)

        def auc(some: NDArray[np.intp], scores: NDArray[np.float64] = scores) -> float:
            return area_under_curve(scores[some], genuine[some])

        found = bootstrap_interval(auc, len(genuine), people)
        ends = {end: round(getattr(found, end), 4) for end in ("value", "low", "high")}
        what = {"part": part, "inputs": len(chosen), "clips": len(clips)}
        rows.append({"date": about.date, "commit": about.commit, **what, **ends})
        print(rows[-1], flush=True)
    append("setting", rows)


if __name__ == "__main__":
    main()
