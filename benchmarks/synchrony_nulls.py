"""Which null is honest, and which finds most? Made-up people whose synchrony is known.

Usage: python benchmarks/synchrony_nulls.py [--runs 200] [--surrogates 200] [--jobs 2]
       python benchmarks/synchrony_nulls.py --print     # the tables of docs/synchrony.md

False alarms: people who have nothing in common, in each kind of movement that
``duchenne.synchrony.simulation`` makes. A run is a false alarm where any window of any feature
passes; an honest test at alpha = 0.05 has 5 % of them in either tail. Power: half of the features
share movements in events of 4 s; the share of their windows that is found, and the share of the
other windows that is found too. Intervals: Wilson over runs, bootstrap over runs for shares of
windows. Results go to results/synchrony_nulls.csv; a run that was broken off goes on there.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, get_args

import numpy as np
import pandas as pd
from tqdm import tqdm

from duchenne.evaluation.machine import Circumstances
from duchenne.evaluation.statistics.intervals import Estimate, bootstrap_interval, wilson_interval
from duchenne.synchrony import Settings, Synchrony
from duchenne.synchrony.settings import Correction, NullName
from duchenne.synchrony.simulation import KINDS, Kind, Scene, make_up
from speed import HERE

RESULTS = HERE / "results" / "synchrony_nulls.csv"
PEOPLE, FEATURES = 10, 4
NULLS: tuple[NullName, ...] = get_args(NullName)
CORRECTIONS: tuple[Correction, ...] = get_args(Correction)
ALARM_KINDS: tuple[Kind, ...] = get_args(Kind)
POWER_KINDS: tuple[Kind, ...] = ("smooth", "bursts")
STRENGTHS = (0.5, 1.0, 2.0)
EVENTS_A_MINUTE = 2
KEY = ("kind", "null", "correction", "strength")


@dataclass(frozen=True)
class Job:
    """One line of the table: a scene, a null and a correction."""

    scene: Scene
    null: NullName
    correction: Correction

    @property
    def is_power(self) -> bool:
        return self.scene.events > 0


@dataclass(frozen=True)
class Row:
    """false_alarms: runs with any window above chance; false_below: below it. found: share of the
    windows that hold half an event or more; found_elsewhere: share of those that hold none."""

    kind: str
    null: str
    correction: str
    strength: float
    runs: int
    surrogates: int
    people: int
    features: int
    seconds: float
    false_alarms: float
    false_alarms_low: float
    false_alarms_high: float
    false_below: float
    false_below_low: float
    false_below_high: float
    found: float
    found_low: float
    found_high: float
    found_elsewhere: float
    found_elsewhere_low: float
    found_elsewhere_high: float


def jobs(seconds: float) -> Iterator[Job]:
    def scene(kind: Kind, strength: float) -> Scene:
        events = round(seconds / 60 * EVENTS_A_MINUTE) if strength else 0
        return Scene(kind, PEOPLE, FEATURES, seconds, events=events, strength=strength)

    for kind in ALARM_KINDS:
        yield from (Job(scene(kind, 0.0), null, "max") for null in NULLS)
    for correction in CORRECTIONS[1:]:
        yield Job(scene("smooth", 0.0), "shift", correction)
    for kind in POWER_KINDS:
        for strength in STRENGTHS:
            yield Job(scene(kind, strength), "shift", "max")
        yield Job(scene(kind, 1.0), "phase", "max")
    for correction in CORRECTIONS[1:]:
        yield Job(scene("smooth", 1.0), "shift", correction)


def measured(job: Job, runs: int, surrogates: int, pool: ProcessPoolExecutor) -> Row:
    outcomes = np.array(list(pool.map(partial(one_run, job, surrogates), range(runs))))
    above, below, *parts = outcomes.T
    none = Estimate(np.nan, np.nan, np.nan)
    if job.is_power:
        estimates = [none, none, *(share(part) for part in parts)]
    else:
        alarms = [wilson_interval(int(tail.sum()), runs) for tail in (above, below)]
        estimates = [*alarms, none, none]
    numbers = [round(v, 4) for e in estimates for v in (e.value, e.low, e.high)]
    scene = job.scene
    return Row(
        *key_of(job), runs, surrogates, scene.people,
        scene.features, scene.seconds, *numbers,
    )  # fmt: skip


def one_run(job: Job, surrogates: int, seed: int) -> tuple[float, float, float, float]:
    made = make_up(job.scene, seed)
    settings = Settings(
        null=job.null, correction=job.correction, surrogates=surrogates, seed=seed, jobs=1
    )
    found = Synchrony.from_aligned(made.aligned, settings)
    truth = made.truth(found.starts, found.ends)
    touched = np.zeros(truth.shape, bool)
    if job.is_power:
        low = np.maximum(found.starts[:, None], made.events[:, 0])
        high = np.minimum(found.ends[:, None], made.events[:, 1])
        touched = np.asarray(high > low).any(axis=1, keepdims=True) & made.synchronous
    hits = found.significant == 1
    inside = float(hits[truth].mean()) if truth.any() else np.nan
    return float(hits.any()), float((found.significant == -1).any()), inside, hits[~touched].mean()


def share(values: np.ndarray[Any, Any]) -> Estimate:
    return bootstrap_interval(lambda rows: float(np.mean(values[rows])), len(values))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--surrogates", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--print", action="store_true", help="Print the last results.")
    options = parser.parse_args()
    if options.print:
        print_tables(pd.read_csv(RESULTS))
        return
    with ProcessPoolExecutor(options.jobs) as pool:
        write_rows(options, pool)


def print_tables(rows: pd.DataFrame) -> None:
    def said(row: pd.Series, name: str) -> str:
        low, high = row[f"{name}_low"], row[f"{name}_high"]
        return f"{100 * row[name]:.0f} % ({100 * low:.0f} to {100 * high:.0f})"

    alarms = rows[rows["strength"] == 0]
    print("\n| movement | " + " | ".join(f"`{null}`" for null in NULLS) + " |")
    print("|---|" + "---|" * len(NULLS))
    for kind, meaning in KINDS.items():
        cells = []
        for null in NULLS:
            chosen = (alarms["kind"] == kind) & (alarms["null"] == null)
            found = alarms[chosen & (alarms["correction"] == "max")]
            cells.append(said(found.iloc[0], "false_alarms") if len(found) else "")
        print(f"| {kind}: {meaning} | " + " | ".join(cells) + " |")
    print("\n| correction (smooth, `shift`) | false alarms |\n|---|---|")
    for _, row in alarms[(alarms["null"] == "shift") & (alarms["kind"] == "smooth")].iterrows():
        print(f"| {row['correction']} | {said(row, 'false_alarms')} |")
    print("\n| movement | null | correction | strength | found | found elsewhere |")
    print("|---|---|---|---|---|---|")
    for _, row in rows[rows["strength"] > 0].iterrows():
        parts = [row["kind"], f"`{row['null']}`", row["correction"], f"{row['strength']:g}"]
        parts += [said(row, "found"), f"{100 * row['found_elsewhere']:.2f} %"]
        print("| " + " | ".join(parts) + " |")


def finished(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Rows of an earlier run with the same numbers: a run that was broken off goes on."""
    if not RESULTS.exists():
        return []
    rows = pd.read_csv(RESULTS).to_dict("records")
    wanted = (options.runs, options.surrogates, options.seconds)
    return [row for row in rows if (row["runs"], row["surrogates"], row["seconds"]) == wanted]


def key_of(job: Job) -> tuple[str, str, str, float]:
    strength = job.scene.strength if job.is_power else 0.0
    return job.scene.kind, job.null, job.correction, strength


def write_rows(options: argparse.Namespace, pool: ProcessPoolExecutor) -> None:
    rows = finished(options)
    done = {tuple(row[name] for name in KEY) for row in rows}
    # The default null first: it is the quickest, and the one that most is asked of.
    ordered = sorted(jobs(options.seconds), key=lambda job: NULLS.index(job.null))
    for job in tqdm(ordered):
        if key_of(job) in done:
            continue
        row = measured(job, options.runs, options.surrogates, pool)
        rows.append(asdict(row) | asdict(Circumstances.now()))
        # Written as it grows: a run that is broken off leaves what it has.
        pd.DataFrame(rows).to_csv(RESULTS, index=False)
        print(
            f"{row.kind:8} {row.null:6} {row.correction:9} strength {row.strength}: false alarms "
            f"{row.false_alarms:.3f} ({row.false_alarms_low:.3f} to {row.false_alarms_high:.3f}), "
            f"below {row.false_below:.3f}, found {row.found:.3f} ({row.found_low:.3f} to "
            f"{row.found_high:.3f}), elsewhere {row.found_elsewhere:.4f}"
        )


if __name__ == "__main__":
    main()
