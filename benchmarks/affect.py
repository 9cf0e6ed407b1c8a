"""How far do Action Units tell the affect that raters see, on people left out?

Usage: python benchmarks/affect.py DIR [--trees 100]

DIR holds ``au_affect.csv.gz`` (Haines et al., PLOS ONE 2019, doi 10.1371/journal.pone.0211735):
4,648 clips of 125 people, 20 Action Units, three raters of positive and negative affect. Ridge
regression and a random forest, ten folds by person and, to be compared, ten at random; intervals:
95 %, by drawing whole people. Beside them one rater against the two others. Results replace
results/affect.csv.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from duchenne.errors import DuchenneError
from duchenne.evaluation.machine import Circumstances
from duchenne.evaluation.statistics.subject_folds import Kind
from duchenne.learning.affect import MODELS, RATINGS, predict_left_out, read_affect, score_affect
from speed import HERE

RESULTS = HERE / "results" / "affect.csv"
KINDS: tuple[Kind, ...] = ("subject", "random")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--trees", type=int, default=100)
    options = parser.parse_args()
    clips = read_affect(options.folder)
    print(f"{len(clips):,} clips of {len(set(clips.people))} people; left out:")
    print("\n".join(f"  {why}" for why in clips.left_out))
    about = asdict(Circumstances.now()) | {"clips": len(clips), "trees": options.trees}
    rows = []
    tasks = [(r, m, k) for r in RATINGS for m in MODELS for k in KINDS]
    for rating, model, kind in tqdm(tasks, disable=None):
        predicted = predict_left_out(clips, rating, model, clips.folds(kind), trees=options.trees)
        scores = score_affect(clips, rating, predicted)
        row = {"rating": rating, "model": model, "folds": kind}
        rows.append(about | row | {k: round(v, 4) for k, v in scores.to_dict().items()})
        pd.DataFrame(rows).to_csv(RESULTS, index=False)
        print(
            f"{rating:8} {model:6} {kind:7} "
            + "  ".join(
                f"{name} {e.value:.3f} ({e.low:.3f} to {e.high:.3f})"
                for name, e in vars(scores).items()
            )
        )


if __name__ == "__main__":
    try:
        main()
    except DuchenneError as error:
        sys.exit(str(error))
