"""How fast is t-ISC with its null, and how much memory does it take?

Usage: python benchmarks/synchrony.py [--people 21] [--features 478] [--minutes 20]

Series of landmarks as they come (25 samples a second, noise blurred as faces move, single
precision), windows of 5 s every 1.66 s, the default null. Ours is timed whole, in two threads, in
a process of its own, whose highest resident memory is read. The direct loop (for each surrogate,
feature and window, every pair's ``numpy.corrcoef``) would take days: it is timed on a part, the
same windows, and multiplied; on that part both must agree within 1e-5. Results are appended to
results/synchrony.csv.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.evaluation.machine import Circumstances
from duchenne.synchrony import Aligned, Settings, Synchrony
from duchenne.synchrony.segments import Segments
from duchenne.synchrony.surrogates import Plan
from duchenne.synchrony.windows import Windows
from speed import HERE

RESULTS = HERE / "results" / "synchrony.csv"
RATE, BLUR = 25.0, 10.0
ALLOWED_S, ALLOWED_MB, LEAST_TIMES = 120.0, 4096, 20.0
PART_WINDOWS, PART_SURROGATES = 40, 2


@dataclass(frozen=True)
class Row:
    """seconds: wall; cpu_seconds: of all threads; peak_mb: resident, with 1 million bytes a MB.
    loop_seconds: what the direct loop would take; times: how often ours fits into that, by CPU."""

    people: int
    features: int
    minutes: float
    windows: int
    surrogates: int
    threads: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    loop_seconds: float
    times: float
    largest_difference: float


def made_up(people: int, features: int, samples: int) -> NDArray[np.float32]:
    random = np.random.default_rng(0)
    values = np.empty((features, people, samples), np.float32)
    response = np.exp(-2 * (np.pi * np.fft.rfftfreq(samples) * BLUR) ** 2)
    for feature in values:
        noise = random.standard_normal((people, samples), np.float32)
        feature[:] = np.fft.irfft(np.fft.rfft(noise) * response, n=samples)
    return values


def aligned(values: NDArray[np.float32]) -> Aligned:
    people = tuple(f"p{i}" for i in range(values.shape[1]))
    return Aligned(values, people, tuple(f"f{i}" for i in range(len(values))), RATE)


def ours(options: argparse.Namespace) -> dict[str, float]:
    samples = round(options.minutes * 60 * RATE)
    data = aligned(made_up(options.people, options.features, samples))
    wall, cpu = time.perf_counter(), time.process_time()
    settings = Settings(surrogates=options.surrogates, jobs=2)
    found = Synchrony.from_aligned(data, settings)
    return {
        "seconds": time.perf_counter() - wall,
        "cpu_seconds": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
        "windows": len(found.starts),
    }


def loop(raw: NDArray[np.float64], shifts: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """The mean correlation over pairs of the first windows, as a textbook has it."""
    people, windows = raw.shape[:2]
    found = np.empty(count)
    for window in range(count):
        total = 0.0
        for one in range(people):
            for other in range(one + 1, people):
                a = raw[one, (window + shifts[one]) % windows]
                b = raw[other, (window + shifts[other]) % windows]
                total += np.corrcoef(a, b)[0, 1]
        found[window] = total / (people * (people - 1) / 2)
    return found


def direct(options: argparse.Namespace) -> tuple[float, float]:
    """Seconds of the loop a window and surrogate, and the largest difference from ours."""
    samples = round(options.minutes * 60 * RATE)
    data = aligned(made_up(options.people, 1, samples))
    settings = Settings(surrogates=options.surrogates)
    windows = Windows.over(samples, RATE, settings.window, settings.step)
    plan, segments = (
        Plan.of(data, windows, settings),
        Segments.of(data.values[0], windows, settings),
    )
    assert plan.shifts is not None
    count, spent, difference = min(PART_WINDOWS, len(windows)), 0.0, 0.0
    for shifts in plan.shifts[:PART_SURROGATES]:
        begun = time.process_time()
        expected = loop(segments.raw, shifts, count)
        spent += time.process_time() - begun
        found = segments.moved(shifts)[:count]
        difference = max(difference, float(np.abs(found - expected).max()))
    return spent / (count * PART_SURROGATES), difference


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=21)
    parser.add_argument("--features", type=int, default=478)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--surrogates", type=int, default=200)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(ours(options)))
        return
    done = subprocess.run([sys.executable, *sys.argv, "--child"], capture_output=True, check=True)
    figures = json.loads(done.stdout)
    each, difference = direct(options)
    # The data themselves are one more pass.
    whole = each * figures["windows"] * options.features * (options.surrogates + 1)
    row = Row(
        options.people, options.features, options.minutes, int(figures["windows"]),
        options.surrogates, 2, round(figures["seconds"], 1), round(figures["cpu_seconds"], 1),
        round(figures["peak_mb"]), round(whole), round(whole / figures["cpu_seconds"], 1),
        difference,
    )  # fmt: skip
    table = pd.DataFrame([asdict(row) | asdict(Circumstances.now())])
    table.to_csv(RESULTS, mode="a", header=not RESULTS.exists(), index=False)
    print(table.T.to_string(header=False))
    broken = (
        row.seconds > ALLOWED_S or row.peak_mb > ALLOWED_MB * 1.048576
        or row.times < LEAST_TIMES or difference > 1e-5
    )  # fmt: skip
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
