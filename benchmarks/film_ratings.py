"""Do people rate films alike? Leave-one-out ISC of 22 film clips, and when the ratings agree.

Usage: python benchmarks/film_ratings.py DIR [--surrogates 200]

DIR holds ``valence_tidy.csv.gz`` of DynAMoS (Girard et al., ACII 2023). For each clip: mean over
raters of the correlation with the mean of the others over the whole clip (raters who never move
take no part), with its 95 % interval over raters and p against raters moved in time; then the
share of 15 s windows (step 5 s) in which the ratings agree beyond chance, and where they agree
most. Results replace results/film_ratings.csv.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from duchenne.evaluation.machine import Circumstances
from duchenne.synchrony import Aligned, Settings, Synchrony, align
from duchenne.synchrony.tables import Layout, read_table, series_of
from speed import HERE

RESULTS = HERE / "results" / "film_ratings.csv"
FILE = "valence_tidy.csv.gz"


@dataclass(frozen=True)
class Row:
    film: str
    raters: int
    seconds: float
    isc: float
    isc_low: float
    isc_high: float
    p: float
    windows: int
    agreeing: float
    best_from: float
    best_to: float
    best_isc: float


def film_row(film: str, aligned: Aligned, surrogates: int) -> Row:
    whole = Synchrony.from_aligned(
        aligned,
        Settings(
            window=math.inf, measure="leave-one-out", surrogates=surrogates, min_valid=0.01, jobs=1
        ),
    )
    windows = Synchrony.from_aligned(
        aligned, Settings(window=15.0, step=5.0, surrogates=surrogates, jobs=1)
    )
    mean, low, high = whole.feature_means[0]
    best = int(np.nanargmax(windows.isc[:, 0]))
    return Row(
        film, int(whole.taking_part[0, 0]), round(float(whole.ends[0]), 1), round(mean, 4),
        round(low, 4), round(high, 4), round(float(whole.p_above[0, 0]), 4), len(windows.starts),
        round(float(windows.shares[0]), 4), round(float(windows.starts[best]), 1),
        round(float(windows.ends[best]), 1), round(float(windows.isc[best, 0]), 4),
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--surrogates", type=int, default=200)
    options = parser.parse_args()
    layout = Layout(person="Rater", time="Second", values=("Rating",))
    rows = read_table(options.folder / FILE, layout)
    found = []
    for film, part in tqdm(rows.groupby("Abbrev")):
        aligned = align(*series_of(part, layout))
        row = film_row(str(film), aligned, options.surrogates)
        found.append(asdict(row) | asdict(Circumstances.now()))
        pd.DataFrame(found).to_csv(RESULTS, index=False)
        print(f"{row.film:18} {row.isc:.3f} ({row.isc_low:.3f} to {row.isc_high:.3f}) p {row.p}")
    values = [row["isc"] for row in found]
    print(f"from {min(values):.3f} to {max(values):.3f} over {len(values)} films")


if __name__ == "__main__":
    main()
