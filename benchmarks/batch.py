"""What does a batch cost beside one run: splitting a video, joining it, room on the disk?

Usage: python benchmarks/batch.py CLIP [--minutes 1]

Loops the clip into a long video, 640 pixels wide, 25 frames/s, and analyses it in one go and in
stretches (as short as they may be: ten seconds) that are joined. Prints and appends to
results/batch.csv: processor seconds of each, bytes a row with and without landmarks, and whether
the two recordings are the same bytes. Processor time, not time on the clock, so that a busy machine
changes little.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow.parquet as pq

from duchenne.recording import storage
from duchenne.recording.analyzer import Span
from duchenne.recording.batch.stretches import StretchAnalyzer
from memory import write_long_video
from speed import commit, cpu_model

RESULTS = Path(__file__).resolve().parent / "results" / "batch.csv"


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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--minutes", type=float, default=1.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        row = asdict(measure(options.clip, Path(work), options.minutes))
    fresh = not RESULTS.exists()
    with RESULTS.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, row.keys())
        if fresh:
            writer.writeheader()
        writer.writerow(row)
    print("\n".join(f"{name}: {value}" for name, value in row.items()))
    return 0 if row["same_bytes"] else 1


if __name__ == "__main__":
    sys.exit(main())
