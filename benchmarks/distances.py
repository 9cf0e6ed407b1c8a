"""Landmark distances on PEDFE (Study I): how quick, how large, how often right.

Usage: python benchmarks/distances.py PEDFE [--work FOLDER] [--speed-only]

Speed: all 26,106 pairs of the 229 landmarks, each person left out, 1-nearest neighbour; from the
files to the names of the clips. Time, processor time, how many other programs wanted the processor
(load) and peak memory go to results/distances_speed.csv; at most five minutes and 4 GB are allowed.

Accuracy: emotion, and genuine against posed, by the poster's plain method, by ours, by settings
that each fold chose on its own training clips, and by a metric learned from labels; with random
10-fold and with people left out, intervals over people; and what the person's own clips are worth.
A row each in results/distances.csv. For emotion ours must reach 0.71 and 0.60.

``--work`` keeps what is computed, so that a run that was stopped goes on. Exits with 1 where a
bound breaks.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from duchenne.errors import DuchenneError
from duchenne.evaluation.datasets.pedfe_frames import read_clip_frames, read_judged_clips
from duchenne.evaluation.distances.comparing import compare, without_person
from duchenne.evaluation.distances.descriptions import describe
from duchenne.evaluation.distances.neighbours import nearest, vote
from duchenne.evaluation.distances.own_samples import OwnSamples
from duchenne.evaluation.distances.results import PROTOCOLS, DistanceStudy, Protocol, Settings
from duchenne.evaluation.distances.shares import share
from duchenne.evaluation.distances.study import Ground, study_distances
from duchenne.evaluation.distances.trajectories import Trajectories
from duchenne.evaluation.machine import Circumstances
from duchenne.evaluation.statistics.intervals import Estimate
from duchenne.evaluation.statistics.metrics import ClassificationReport
from duchenne.expressions.track import canonical_face

RESULTS = Path(__file__).resolve().parent / "results"
MOST_SECONDS, MOST_MB = 300, 4000
LEAST = {"kfold": 0.71, "loso": 0.60}
LEARNED = Settings("emotion", "discriminant", neighbours=15)


def read(folder: Path, subset: str) -> Ground:
    clips = read_judged_clips(folder)
    frames = read_clip_frames(folder, clips, canonical_face())
    return Ground(clips, Trajectories.from_frames(frames, subset))


def speed(folder: Path) -> tuple[dict[str, Any], Ground]:
    began, busy = time.perf_counter(), time.process_time()
    ground = read(folder, "all")
    read_at = time.perf_counter()
    rows = without_person(describe(ground.trajectories), ground.clips["subject"])
    described_at = time.perf_counter()
    labels, _ = ground.labels("emotion")
    apart = compare(rows, ground.folds("loso", 0), "correlation")
    named = vote(nearest(apart), labels)
    ended = time.perf_counter()
    accuracy = share(named == labels, ground.clips["subject"])
    figures = {
        "clips": len(ground.clips),
        "pairs": len(ground.trajectories.pairs),
        "reading_s": read_at - began,
        "describing_s": described_at - read_at,
        "comparing_s": ended - described_at,
        "seconds": ended - began,
        "cpu_seconds": time.process_time() - busy,
        "load": os.getloadavg()[0],
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    rounded = {name: round(value, 1) for name, value in figures.items()}
    return rounded | flat("accuracy", accuracy), ground


def accuracies(study: DistanceStudy) -> list[dict[str, Any]]:
    """A row a way of comparing."""
    ways: list[tuple[str, Settings, dict[Protocol, ClassificationReport], OwnSamples | None]]
    ways = [("plain", study.plain.settings, study.plain.reports, study.own_plain)]
    ways += [("asked for", study.result.settings, study.result.reports, study.own)]
    if study.result.settings.metric != "discriminant":
        nested = {p: study.nested[p].report for p in PROTOCOLS}
        ways += [("chosen by each fold", study.result.settings, nested, None)]
    rows = []
    for name, settings, reports, own in ways:
        row: dict[str, Any] = {"way": name} | asdict(settings)
        if name == "chosen by each fold":
            row |= {"metric": "", "neighbours": ""}
        row |= {k: v for p in PROTOCOLS for k, v in of_report(p, reports[p]).items()}
        if own is not None:
            for figure in ("gap", "owed", "part", "own_nearest"):
                row |= flat(figure, getattr(own, figure))
        rows.append(row)
    return rows


def of_report(name: str, report: ClassificationReport) -> dict[str, Any]:
    return flat(name, report.accuracy) | flat(f"{name}_f1", report.macro_f1)


def flat(name: str, found: Estimate) -> dict[str, float]:
    values = {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
    return {key: round(value, 4) for key, value in values.items()}


def append(rows: list[dict[str, Any]], name: str) -> None:
    about = asdict(Circumstances.now())
    path = RESULTS / name
    fresh = pd.DataFrame([about | row for row in rows])
    pd.concat([pd.read_csv(path), fresh] if path.exists() else [fresh]).to_csv(path, index=False)


def main() -> int:
    parser = argparse.ArgumentParser(description="Landmark distances on PEDFE.")
    parser.add_argument("pedfe", type=Path)
    parser.add_argument("--work", type=Path, help="folder for what a later run can reuse")
    parser.add_argument("--speed-only", action="store_true")
    options = parser.parse_args()
    figures, ground = speed(options.pedfe)
    append([figures], "distances_speed.csv")
    print(pd.Series(figures).to_string())
    failed = figures["seconds"] > MOST_SECONDS or figures["peak_mb"] > MOST_MB
    if options.speed_only:
        return int(failed)
    ground = Ground(
        ground.clips, ground.trajectories, options.work,
        lambda step, done, total: None if done else print(step, file=sys.stderr),
    )  # fmt: skip
    for settings in (Settings(), Settings("genuine"), LEARNED):
        study = study_distances(ground, settings)
        rows = accuracies(study)
        # The plain method is in the table once already.
        append(rows[1:] if settings.metric == "discriminant" else rows, "distances.csv")
        print(f"\n{settings.target}\n{study.to_text()}")
        if settings == Settings():
            short = {p: study.result.reports[p].accuracy.value for p in PROTOCOLS}
            failed |= any(short[p] < np.float64(LEAST[p]) for p in PROTOCOLS)
    return int(failed)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DuchenneError as error:
        sys.exit(str(error))
