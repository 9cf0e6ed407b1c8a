"""Does memory stay flat on a long video? And how soon does the command answer?

Usage: python benchmarks/memory.py CLIP [--minutes 10]

Loops the clip into a long video, 640 pixels wide, 25 frames/s, analyses it in a process of its own
and looks at that process's resident memory once a second. Then starts ``duchenne --help`` and
``import duchenne`` a few times. Results are appended to results/memory.csv; exit code 1 where a
bound is broken: 500 MB, 5 % of growth after the first minute of video until the recording is there
(the verdicts come after it, with models of their own), 0.4 s, 0.3 s. Linux only.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import av
import numpy as np

from speed import commit, cpu_model, decode

RESULTS = Path(__file__).resolve().parent / "results" / "memory.csv"
FPS = 25
MOST_MB, MOST_GROWTH, MOST_HELP_S, MOST_IMPORT_S = 500.0, 0.05, 0.4, 0.3


@dataclass(frozen=True)
class Row:
    """One run; memory in MB, times the median of seven starts.

    Attributes:
        peak_mb: verdicts included.
        after_first_minute_mb: as the analysis settles.
        at_the_end_mb: when the recording is there.
        growth: between the two, as a share.
    """

    date: str
    commit: str
    machine: str
    clip: str
    minutes: float
    frames: int
    rows: int
    peak_mb: float
    after_first_minute_mb: float
    at_the_end_mb: float
    growth: float
    help_s: float
    import_s: float


def write_long_video(clip: Path, path: Path, minutes: float) -> int:
    """The clip's frames, 640 wide, again and again; returns how many."""
    frames, _ = decode(clip, 240)
    count = round(minutes * 60 * FPS)
    with av.open(str(path), "w") as container:
        options = {"preset": "ultrafast"}
        stream = container.add_stream("libx264", rate=FPS, options=options)
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        for i in range(count):
            # There and back, so that the face does not jump where the loop closes.
            place = i % (2 * len(frames) - 2)
            place = place if place < len(frames) else 2 * len(frames) - 2 - place
            picture = av.VideoFrame.from_ndarray(frames[place], format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return count


def watch(video: Path, out: Path) -> tuple[np.ndarray, np.ndarray, int]:
    """Resident MB once a second, until the recording was there and in all, and its rows."""
    command = [str(Path(sys.executable).with_name("duchenne")), "analyze", str(video)]
    command += ["--out", str(out), "--no-report", "--json"]
    samples, analysing = [], []
    # Into a file: a pipe that nobody reads is full after some hundred verdicts, and all would wait.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as answer:
        run = subprocess.Popen(command, stdout=answer)
        while run.poll() is None:
            samples.append(resident_mb(run.pid))
            analysing.append(not any(out.rglob("recording.parquet")))
            time.sleep(1.0)
        answer.seek(0)
        said = answer.read()
    if run.returncode != 0:
        sys.exit(f"The analysis failed with exit code {run.returncode}.")
    memory, before = np.array(samples), np.array(analysing)
    return memory[before & (memory > 0)], memory[memory > 0], int(json.loads(said)["rows"])


def resident_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    kilobytes = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")]
    return int(kilobytes[0]) / 1024 if kilobytes else 0.0


def seconds_of(command: list[str], times: int = 7) -> float:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - begun)
    return round(statistics.median(taken), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", type=Path)
    parser.add_argument("--minutes", type=float, default=10.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        video = Path(work, "long.mp4")
        frames = write_long_video(options.clip, video, options.minutes)
        analysis, memory, rows = watch(video, Path(work, "out"))
    # The first minute fills buffers; what comes after it should add nothing.
    settled = analysis[len(analysis) // max(2, round(options.minutes)) :]
    early, late = float(np.median(settled[:10])), float(np.median(settled[-10:]))
    python = sys.executable
    row = Row(
        date=time.strftime("%Y-%m-%d %H:%M", time.gmtime()),
        commit=commit(),
        machine=cpu_model(),
        clip=options.clip.name,
        minutes=options.minutes,
        frames=frames,
        rows=rows,
        peak_mb=round(float(memory.max()), 1),
        after_first_minute_mb=round(early, 1),
        at_the_end_mb=round(late, 1),
        growth=round(late / early - 1, 4),
        help_s=seconds_of([str(Path(python).with_name("duchenne")), "--help"]),
        import_s=seconds_of([python, "-c", "import duchenne"]),
    )
    write(row)
    for name, value in asdict(row).items():
        print(f"{name:>24}  {value}")
    broken = (
        row.peak_mb > MOST_MB
        or row.growth > MOST_GROWTH
        or row.help_s > MOST_HELP_S
        or row.import_s > MOST_IMPORT_S
    )
    sys.exit(1 if broken else 0)


def write(row: Row) -> None:
    fresh = not RESULTS.exists()
    with RESULTS.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(asdict(row)), lineterminator="\n")
        if fresh:
            writer.writeheader()
        writer.writerow(asdict(row))


if __name__ == "__main__":
    main()
