"""Do processor time and memory grow as they should with length and with faces?

Usage: python benchmarks/cost.py CLIP [--minutes 1 10 60] [--every 5] [--faces 1 2 4 8]

Length: the clip is looped, 640 pixels wide, 25 frames/s, into videos of 1, 10 and 60 minutes. Every
video is decoded whole, but with ``--every 5`` only each fifth frame is analysed, in all of them
alike, because an hour of whole analysis takes half an hour. Faces: frames of 1280 x 720 in which 1
to 8 of eight fields show the clip, each at another moment, every second one mirrored, the rest
grey; ten seconds, every frame.

Each video has a process of its own on one core: processor time and peak memory of the analysis with
its recording, then of the verdicts about that recording. A straight line is fitted through the
processor times of the analysis (over the frames of the video, or the faces) and the furthest that a
point lies off it, as a share of the point, stands beside it. Rows are appended to
results/cost.csv. Linux only.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from appending import append
from duchenne.evaluation.machine import Circumstances
from looping import Frames, there_and_back, write_loop
from peer_engines import peak_mb
from speed import bind_to, decode

FRAMES = 120
FIELDS, COLUMNS = 8, 4
WIDTH, HEIGHT = 1280, 720
SECONDS_OF_FACES = 10


@dataclass(frozen=True)
class Row:
    """One video.

    Attributes:
        varied: length or faces.
        minutes: of video.
        faces: how many were shown.
        every: each so many-th frame was analysed.
        frames: in the video.
        rows: of the recording.
        faces_found: rows with a face for each frame analysed.
        cpu_s: processor time of the analysis, s; networks are loaded before.
        ms_a_frame: the same for each frame analysed, decoding of the others among it.
        peak_mb: memory until the recording was there.
        verdict_cpu_s: processor time of the verdicts, s.
        verdict_peak_mb: memory until the verdicts were there.
        line_fixed_s: where the line of cpu_s begins.
        line_slope_s: how much a frame of video, or a face, adds, s.
        line_off: the furthest that a point lies off the line, as a share of the point.
    """

    varied: str
    minutes: float
    faces: int
    every: int
    frames: int
    rows: int
    faces_found: float
    cpu_s: float
    ms_a_frame: float
    peak_mb: float
    verdict_cpu_s: float
    verdict_peak_mb: float
    line_fixed_s: float = 0.0
    line_slope_s: float = 0.0
    line_off: float = 0.0


# ---- in a process of its own ------------------------------------------------------------------


def analyse(video: str, every: int) -> None:
    """Prints what one video costs, as JSON."""
    from duchenne.genuineness.judging import judge
    from duchenne.recording.analyzer import Analyzer, Span

    cv2.setNumThreads(1)
    analyzer = Analyzer()
    analyzer.run(video, Span(end=0.5))
    with tempfile.TemporaryDirectory() as folder:
        begun = time.process_time()
        recording = analyzer.write(video, Path(folder), Span(every=every))
        analysed = time.process_time()
        facts: dict[str, Any] = {"cpu_s": analysed - begun, "peak_mb": peak_mb()}
        judged = judge(recording)
        facts |= {"verdict_cpu_s": time.process_time() - analysed, "verdict_peak_mb": peak_mb()}
    seen = recording.table["success"].to_numpy()
    analysed_frames = recording.metadata.frames
    facts |= {"rows": len(recording), "analysed": analysed_frames, "expressions": len(judged)}
    print(json.dumps(facts | {"faces_found": float(np.sum(seen == 1)) / analysed_frames}))


# ---- what is varied ---------------------------------------------------------------------------


def mosaic(frames: Frames, faces: int) -> Frames:
    """(n, 720, 1280, 3): the first fields show the clip, each begun at another moment."""
    loop = there_and_back(frames)
    field = (WIDTH // COLUMNS, HEIGHT // (FIELDS // COLUMNS))
    scale = min(field[0] / loop.shape[2], field[1] / loop.shape[1])
    size = (int(loop.shape[2] * scale), int(loop.shape[1] * scale))
    small = np.stack([cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for frame in loop])
    pictures = np.full((len(loop), HEIGHT, WIDTH, 3), 128, np.uint8)
    for i in range(faces):
        x, y = i % COLUMNS * field[0], i // COLUMNS * field[1]
        mine = np.roll(small, -i * len(loop) // FIELDS, axis=0)
        shown = mine[:, :, ::-1] if i % 2 else mine
        pictures[:, y : y + size[1], x : x + size[0]] = shown
    return pictures


def measured(video: Path, every: int, **about: Any) -> Row:
    command = [sys.executable, __file__, str(video), "--one", "--every", str(every)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The analysis failed:\n{done.stderr[-2000:]}")
    facts = json.loads(done.stdout.splitlines()[-1])
    analysed, expressions = facts.pop("analysed"), facts.pop("expressions")
    rounded = {name: round(value, 3) for name, value in facts.items()}
    row = Row(
        every=every, ms_a_frame=round(facts["cpu_s"] / analysed * 1000, 3), **about, **rounded
    )
    print(
        f"{row.minutes:g} min, {row.faces} faces ({row.faces_found:.2f} found): {row.cpu_s:.1f} s, "
        f"{row.ms_a_frame:.2f} ms a frame, {row.peak_mb:.0f} MB; {expressions} verdicts "
        f"{row.verdict_cpu_s:.1f} s, {row.verdict_peak_mb:.0f} MB",
        flush=True,
    )
    return row


def lengths(frames: Frames, minutes: list[float], every: int, work: Path) -> list[Row]:
    rows = []
    for length in minutes:
        video = work / "long.mp4"
        count = write_loop(there_and_back(frames), video, length)
        rows.append(measured(video, every, varied="length", minutes=length, faces=1, frames=count))
        video.unlink()
    return rows


def crowds(frames: Frames, faces: list[int], work: Path) -> list[Row]:
    rows = []
    for number in faces:
        video = work / "crowd.mp4"
        minutes = SECONDS_OF_FACES / 60
        count = write_loop(mosaic(frames, number), video, minutes)
        rows.append(
            measured(
                video, 1, varied="faces", minutes=round(minutes, 3), faces=number, frames=count
            )
        )
    return rows


def with_line(rows: list[Row], over: str) -> list[dict[str, Any]]:
    """The rows, with the line through their processor times where there are enough."""
    x = np.array([getattr(row, over) for row in rows], float)
    y = np.array([row.cpu_s for row in rows])
    if len(set(x)) < 2:
        return [asdict(row) for row in rows]
    slope, fixed = np.polyfit(x, y, 1)
    off = float(np.max(np.abs(fixed + slope * x - y) / y))
    print(f"by {over}: {fixed:.2f} s + {slope:.6f} s each; at most {off:.1%} off the line")
    line = {"line_fixed_s": round(float(fixed), 4), "line_slope_s": round(float(slope), 7)}
    return [asdict(row) | line | {"line_off": round(off, 4)} for row in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", type=Path, help="a video with one face")
    parser.add_argument("--minutes", type=float, nargs="*", default=[1, 10, 60])
    parser.add_argument("--every", type=int, default=5, help="of the videos of different length")
    parser.add_argument("--faces", type=int, nargs="*", default=[1, 2, 4, 8])
    parser.add_argument("--core", type=int, default=0)
    parser.add_argument("--no-results", action="store_true", help="do not append to results/")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        analyse(str(options.clip), options.every)
        return
    if not options.clip.is_file():
        sys.exit("Give a clip with one face, for example out/media/carphone.mp4.")
    if not all(1 <= number <= FIELDS for number in options.faces):
        sys.exit(f"--faces takes numbers from 1 to {FIELDS}.")
    bind_to(options.core)
    frames, _ = decode(options.clip, FRAMES)
    about = asdict(Circumstances.now()) | {"clip": options.clip.name}
    with tempfile.TemporaryDirectory() as work:
        rows = with_line(crowds(frames, options.faces, Path(work)), "faces")
        rows += with_line(lengths(frames, options.minutes, options.every, Path(work)), "frames")
    if rows and not options.no_results:
        append("cost", [about | row for row in rows])


if __name__ == "__main__":
    main()
