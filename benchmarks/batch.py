"""What does a batch cost beside one run: splitting a video, joining it, disk, a second worker?

Usage: python benchmarks/batch.py CLIP [--minutes 1]
       python benchmarks/batch.py CLIP --workers [--minutes 4] [--rounds 2]

Loops the clip into a long video, 640 pixels wide, 25 frames/s, and analyses it in one go and in
stretches (as short as they may be: ten seconds) that are joined. Prints and appends to
results/batch.csv: processor seconds of each, bytes a row with and without landmarks, and whether
the two recordings are the same bytes. Processor time, not time on the clock, so that a busy machine
changes little.

``--workers`` measures time on the clock instead, so the machine must be quiet: ``duchenne batch``
with verdicts on six videos of together so many minutes, by one worker that has one core, by one
that may use two, and by two workers on two cores, in turn. Every worker starts Python and loads
networks, as it does for a user. Medians go to results/workers.csv, with the bytes of a source's
table of expressions; exit code 1 where two workers do not write the bytes of one, or are not 1.8
times as quick as one on one core.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow.parquet as pq

from appending import append
from duchenne.recording import storage
from duchenne.recording.analyzer import Span
from duchenne.recording.batch.stretches import StretchAnalyzer
from looping import there_and_back, write_loop
from memory import write_long_video
from speed import commit, cpu_model, decode

FRAMES = 120
SOURCES = 6
LEAST_SPEEDUP = 1.8
# Workers, and how many cores they may use.
CREWS = ((1, 1), (1, 2), (2, 2))


@dataclass(frozen=True)
class Row:
    """One run; processor time in ms a frame, sizes in bytes a row."""

    date: str
    commit: str
    machine: str
    clip: str
    minutes: float
    frames: int
    rows: int
    one_go_ms: float
    stretches_ms: float
    join_ms: float
    row_bytes: float
    row_bytes_without_landmarks: float
    same_bytes: bool


def cpu_seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def sizes(table: Path) -> tuple[float, float]:
    """Bytes a row, all and without the landmarks."""
    metadata = pq.read_metadata(table)
    landmarks = sum(
        group.column(i).total_compressed_size
        for group in map(metadata.row_group, range(metadata.num_row_groups))
        for i in range(group.num_columns)
        if group.column(i).path_in_schema.startswith("landmarks")
    )
    size = table.stat().st_size
    return size / metadata.num_rows, (size - landmarks) / metadata.num_rows


def measure(clip: Path, work: Path, minutes: float) -> Row:
    video = work / "long.mp4"
    frames = write_long_video(clip, video, minutes)
    analyzer, span, source = StretchAnalyzer(), Span(), str(video)
    one, many = work / "one", work / "many"
    analyzer.run(source, Span(end=1.0))  # networks are loaded, caches warm
    one_go = cpu_seconds(lambda: analyzer.write(source, one))
    parts = analyzer.stretches(source, many, span, None, length=1)

    def stretches() -> None:
        for part in parts:
            analyzer.analyze_stretch(source, many, span, part, None)

    in_stretches = cpu_seconds(stretches)
    join = cpu_seconds(lambda: analyzer.join(source, many, span, None))
    with_landmarks, without = sizes(one / storage.TABLE)
    return Row(
        date=time.strftime("%Y-%m-%d %H:%M"),
        commit=commit(),
        machine=cpu_model(),
        clip=clip.name,
        minutes=minutes,
        frames=frames,
        rows=pq.read_metadata(one / storage.TABLE).num_rows,
        one_go_ms=round(one_go / frames * 1000, 3),
        stretches_ms=round(in_stretches / frames * 1000, 3),
        join_ms=round(join / frames * 1000, 3),
        row_bytes=round(with_landmarks, 1),
        row_bytes_without_landmarks=round(without, 1),
        same_bytes=(one / storage.TABLE).read_bytes() == (many / storage.TABLE).read_bytes(),
    )


@dataclass(frozen=True)
class WorkersRow:
    """One crew; the median of the rounds.

    Attributes:
        sources: how many videos of the same length.
        minutes: of all together.
        workers: how many.
        cores: that they may use, all together.
        seconds: on the clock, from the command to its end.
        speedup: the seconds of one worker on one core over these, within a round.
        expression_bytes: of a source's table of expressions.
        same_bytes: all recordings and tables are those of the first crew.
    """

    date: str
    commit: str
    machine: str
    clip: str
    sources: int
    minutes: float
    frames: int
    rounds: int
    workers: int
    cores: int
    seconds: float
    speedup: float
    expression_bytes: float
    same_bytes: bool


def batch_seconds(folder: Path, out: Path, workers: int, cores: list[int]) -> float:
    """The command as a user gives it, on these cores."""
    duchenne = str(Path(sys.executable).with_name("duchenne"))
    command = [duchenne, "batch", str(folder), "--out", str(out), "--workers", str(workers)]
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)  # the command inherits it
    begun = time.perf_counter()
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    finally:
        os.sched_setaffinity(0, before)
    return time.perf_counter() - begun


def tables(out: Path) -> dict[str, str]:
    """Hashes of all Parquet files, by their places."""
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*.parquet"))
    }


def measure_workers(clip: Path, work: Path, minutes: float, rounds: int) -> list[WorkersRow]:
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        sys.exit("Two workers need two cores.")
    videos = work / "videos"
    videos.mkdir()
    loop = there_and_back(decode(clip, FRAMES)[0])
    frames = sum(write_loop(loop, videos / f"{i}.mp4", minutes / SOURCES) for i in range(SOURCES))
    taken: dict[tuple[int, int], list[float]] = {crew: [] for crew in CREWS}
    same = dict.fromkeys(CREWS, True)
    reference: dict[str, str] = {}
    for number in range(rounds):
        for crew in CREWS:
            out = work / f"{number}-{crew[0]}-{crew[1]}"
            taken[crew].append(batch_seconds(videos, out, crew[0], cores[: crew[1]]))
            reference = reference or tables(out)
            same[crew] &= tables(out) == reference
            print(f"{crew[0]} workers on {crew[1]} cores: {taken[crew][-1]:.1f} s", flush=True)
    sizes = [path.stat().st_size for path in out.glob("expressions/*/*.parquet")]
    return [
        WorkersRow(
            date=time.strftime("%Y-%m-%d %H:%M"),
            commit=commit(),
            machine=cpu_model(),
            clip=clip.name,
            sources=SOURCES,
            minutes=minutes,
            frames=frames,
            rounds=rounds,
            workers=crew[0],
            cores=crew[1],
            seconds=round(statistics.median(seconds), 2),
            speedup=round(
                statistics.median(a / b for a, b in zip(taken[CREWS[0]], seconds, strict=True)), 3
            ),
            expression_bytes=round(statistics.mean(sizes), 1),
            same_bytes=same[crew],
        )
        for crew, seconds in taken.items()
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", type=Path)
    parser.add_argument("--minutes", type=float, help="of video [default: 1, with --workers 4]")
    parser.add_argument("--workers", action="store_true", help="two workers beside one")
    parser.add_argument("--rounds", type=int, default=2, help="with --workers")
    parser.add_argument("--no-results", action="store_true", help="do not append to results/")
    options = parser.parse_args()
    if not options.clip.is_file():
        sys.exit("Give a clip with one face, for example out/media/carphone.mp4.")
    with tempfile.TemporaryDirectory() as work:
        if options.workers:
            minutes = options.minutes or 4.0
            found = measure_workers(options.clip, Path(work), minutes, options.rounds)
            good = all(row.same_bytes for row in found) and found[-1].speedup >= LEAST_SPEEDUP
            rows, name = [asdict(row) for row in found], "workers"
        else:
            row = measure(options.clip, Path(work), options.minutes or 1.0)
            good, rows, name = row.same_bytes, [asdict(row)], "batch"
    for facts in rows:
        print("\n".join(f"{key}: {value}" for key, value in facts.items()), end="\n\n")
    if not options.no_results:
        append(name, rows)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
