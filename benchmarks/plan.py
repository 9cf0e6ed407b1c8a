"""What would a million hours of video cost? Worked out from the last results, for docs/batch.md.

Usage: python benchmarks/plan.py [--hours 1000000] [--print]

Reads the last rows of results/speed.csv, batch.csv, memory.csv, workers.csv and cost.csv, and
writes the table of docs/batch.md between its marks; lines whose results are not there yet are left
out. What is an assumption, and no measurement, is marked *.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

HERE: Final = Path(__file__).resolve().parent
DOCS: Final = HERE.parent / "docs" / "batch.md"
BEGIN, END = "<!-- plan -->", "<!-- end of plan -->"

FPS: Final = 25
NODES, CORES = 100, 64
DOLLARS_A_CORE_HOUR: Final = 0.02
GB_AN_HOUR: Final = 1.0
SECONDS: Final = 3600
REPORTS: Final = "benchmarks/results"


@dataclass(frozen=True)
class Line:
    """A line of the table: what, how much, and where that comes from."""

    what: str
    figure: str
    source: str


def last(name: str, **where: object) -> pd.Series | None:
    """The last row of some results that says so."""
    path = HERE / "results" / f"{name}.csv"
    if not path.exists():
        return None
    rows = pd.read_csv(path)
    for column, value in where.items():
        rows = rows[rows[column] == value]
    return rows.iloc[-1] if len(rows) else None


def last_run(name: str, **where: object) -> pd.DataFrame:
    """All rows of the last run that says so; empty where there is none."""
    end = last(name, **where)
    if end is None:
        return pd.DataFrame()
    rows = pd.read_csv(HERE / "results" / f"{name}.csv")
    for column, value in ({"date": end["date"]} | where).items():
        rows = rows[rows[column] == value]
    return rows


def millis_a_frame() -> tuple[float, str, str]:
    """What a frame costs, whose figure that is, and in which results it stands."""
    one = last("workers", workers=1, cores=1)
    if one is not None:
        millis = 1000 * one["seconds"] / one["frames"]
        return millis, "the whole command with verdicts, one worker on one core", "workers"
    one = last("batch")
    if one is None:
        raise SystemExit("Run benchmarks/batch.py first: there are no results to plan with.")
    return one["one_go_ms"], "decoding, analysis and files, processor time", "batch"


def measured() -> Iterator[Line]:
    speed = last("speed", engine="everything")
    if speed is not None:
        figure = f"{speed['fps_median']:.1f} frames/s (quartiles {speed['fps_q1']:.1f} to "
        yield Line(
            f"everything, one face, 640 wide, one core ({speed['machine']}), frames decoded before",
            f"{figure}{speed['fps_q3']:.1f})",
            f"`make benchmark`, `{REPORTS}/speed.csv`",
        )
    millis, whose, results = millis_a_frame()
    yield Line(
        whose,
        f"{millis:.1f} ms a frame, {1000 / millis:.0f} frames/s",
        f"`benchmarks/batch.py`, `{REPORTS}/{results}.csv`",
    )
    yield from _workers()
    yield from _faces()
    yield from _memory()
    yield from _disk()


def _workers() -> Iterator[Line]:
    two = last("workers", workers=2, cores=2)
    if two is not None:
        yield Line(
            "two workers on two cores, beside one on one",
            f"{two['speedup']:.2f} times as quick, {'the same' if two['same_bytes'] else 'OTHER'} "
            "bytes",
            f"`{REPORTS}/workers.csv`",
        )


def _faces() -> Iterator[Line]:
    rows = last_run("cost", varied="faces")
    if not len(rows):
        return
    end = rows.iloc[-1]
    each = 1000 * end["line_slope_s"] / end["frames"]
    yield Line(
        f"each further face, {rows['faces'].min()} to {rows['faces'].max()} in a frame of "
        "1280 x 720, processor time",
        f"{each:.1f} ms a frame (at most {end['line_off']:.0%} off a straight line)",
        f"`benchmarks/cost.py`, `{REPORTS}/cost.csv`",
    )


def _memory() -> Iterator[Line]:
    memory = last("memory")
    if memory is not None:
        yield Line(
            f"memory of a worker, {memory['minutes']:.0f} minutes of video",
            f"{memory['peak_mb']:.0f} MB at most",
            f"`{REPORTS}/memory.csv`",
        )
    rows = last_run("cost", varied="length")
    if len(rows):
        pairs = zip(rows["minutes"], rows["peak_mb"], rows["verdict_peak_mb"], strict=True)
        shown = ", ".join(f"{m:g}: {a:.0f} and {v:.0f}" for m, a, v in pairs)
        yield Line(
            f"memory by minutes of video, analysis and then verdicts, each {_nth(rows)} frame",
            f"{shown} MB",
            f"`benchmarks/cost.py`, `{REPORTS}/cost.csv`",
        )
        each = rows[["minutes", "ms_a_frame"]].itertuples(index=False)
        costs = ", ".join(f"{minutes:g}: {cost:.0f}" for minutes, cost in each)
        yield Line("processor time by minutes of video", f"{costs} ms a frame analysed", "the same")


def _nth(rows: pd.DataFrame) -> str:
    every = int(rows["every"].iloc[0])
    return "single" if every == 1 else f"{every}th"


def _disk() -> Iterator[Line]:
    batch = last("batch")
    if batch is None:
        return
    yield Line(
        "a row on the disk, one face",
        f"{batch['row_bytes']:,.0f} bytes, of these {batch['row_bytes_without_landmarks']:,.0f} "
        "without the landmarks",
        f"`benchmarks/batch.py`, `{REPORTS}/batch.csv`",
    )
    one, split = batch["one_go_ms"], batch["stretches_ms"] + batch["join_ms"]
    yield Line(
        "splitting and joining instead of one go, processor time",
        f"{split / one:.3f} times ({split:.2f} against {one:.2f} ms a frame, of "
        f"{batch['minutes']:g} minutes, stretches of ten seconds)",
        "the same",
    )
    workers = last("workers")
    if workers is not None:
        yield Line(
            "a source's table of expressions and verdicts",
            f"{workers['expression_bytes'] / 1000:.0f} kB, most of it the names of its columns",
            f"`{REPORTS}/workers.csv`",
        )


def planned(hours: float) -> Iterator[Line]:
    frames = hours * SECONDS * FPS
    millis, _, _ = millis_a_frame()
    core_hours = frames * millis / 1000 / SECONDS
    cores = NODES * CORES
    yield Line("hours of video", f"{hours:,.0f} at {FPS} frames/s*", "")
    yield Line("frames", f"{frames / 1e9:,.3g} billion", f"{hours:,.0f} x {SECONDS:,} x {FPS}")
    yield Line("core hours", about(core_hours), f"{frames / 1e9:,.3g} billion x {millis:.2f} ms")
    yield Line(
        f"on {NODES} nodes of {CORES} cores that do not slow each other*",
        f"{core_hours / cores:,.0f} hours",
        f"{about(core_hours)} / {cores:,}",
    )
    yield Line(
        f"at {DOLLARS_A_CORE_HOUR} $ a core hour*",
        f"{about(core_hours * DOLLARS_A_CORE_HOUR)} $",
        f"{about(core_hours)} x {DOLLARS_A_CORE_HOUR}",
    )
    memory, batch = last("memory"), last("batch")
    if memory is not None:
        figure = f"{CORES * memory['peak_mb'] / 1000:.0f} GB"
        yield Line("memory of a node", figure, f"{CORES} x {memory['peak_mb']:.0f} MB")
    if batch is not None:
        yield Line(
            "recordings, one face",
            f"{frames * batch['row_bytes'] / 1e12:,.0f} TB, of these "
            f"{frames * batch['row_bytes_without_landmarks'] / 1e12:,.0f} TB without the landmarks",
            f"{frames / 1e9:,.3g} billion x bytes a row",
        )
    pace = 1000 / millis / FPS
    yield Line(
        f"reading, {GB_AN_HOUR:g} GB an hour of video*",
        f"{cores * pace * GB_AN_HOUR / SECONDS:.1f} GB/s over all nodes",
        f"{cores:,} cores x {pace:.2f} times real time x {GB_AN_HOUR / SECONDS * 1000:.2f} MB/s",
    )


def about(number: float) -> str:
    """To three digits: the fourth would be worth nothing."""
    return f"{float(f'{number:.3g}'):,.0f}"


def table(hours: float) -> str:
    lines = [*measured(), *planned(hours)]
    cells = (f"| {line.what} | {line.figure} | {line.source} |" for line in lines)
    return "\n".join(["| what | figure | from |", "|---|---|---|", *cells])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, default=1e6)
    parser.add_argument("--print", action="store_true", help="only print, write nothing")
    options = parser.parse_args()
    found = table(options.hours)
    print(found)
    if not options.print:
        before, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        if not after:
            raise SystemExit(f"{DOCS} lacks the marks {BEGIN} and {END}.")
        DOCS.write_text(f"{before}{BEGIN}\n{found}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
