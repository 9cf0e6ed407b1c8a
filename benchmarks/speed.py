"""Frames a second beside MediaPipe: same frames, same single core, passes taken in turn.

Usage: python benchmarks/speed.py CLIP --mediapipe PYTHON [--rounds 7] [--frames 240] [--core 0]

Three engines, each in a process of its own, all bound to one core:

- mediapipe: Face Landmarker of the mediapipe package, VIDEO mode, one face, with blendshapes
  and the transformation matrix;
- faces: ``FaceTracker(max_faces=1)``: landmarks, blendshapes, head pose and tracks;
- everything: the whole pipeline: faces, emotion, Action Units, the recording written to disk.

The clip is decoded once, to 640 pixels wide, and handed to all three as arrays, so decoding is in
none of the numbers. A round is one pass of each engine over all frames; the first round warms up
and is thrown away. A ratio is taken within its round. Results go to results/speed.csv.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import av
import numpy as np

from duchenne.faces.model_file import landmarker_file

WIDTH = 640
ENGINES = ("mediapipe", "faces", "everything")
HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "speed.csv"
NOTICE = """\
Note: the mediapipe package sends usage metrics to its maker, Google, whenever it runs.
It runs here for comparison only, on the clips given; duchenne itself never uses it.
"""
NEEDS = """\
A bare Debian lacks libraries that the mediapipe package loads (duchenne itself needs none):
apt-get install libgl1 libegl1 libgles2 libglib2.0-0
"""


@dataclass(frozen=True)
class Run:
    """What all rows of one run share: when, what of, where, and on which frames."""

    date: str
    commit: str
    machine: str
    cores: int
    python: str
    clip: str
    width: int
    height: int
    frames: int
    rounds: int


@dataclass(frozen=True)
class Row(Run):
    """One engine in one run of this script.

    The ratio is MediaPipe's seconds over the engine's; ``cpu_ms_a_frame`` is processor time of the
    median round, which tells a slow engine from a busy machine.
    """

    engine: str
    version: str
    found: int
    fps_median: float
    fps_q1: float
    fps_q3: float
    ratio_median: float
    ratio_q1: float
    ratio_q3: float
    cpu_ms_a_frame: float


class Engine:
    """A worker process that runs one pass each time it is asked."""

    def __init__(self, name: str, python: str, arguments: list[str]) -> None:
        self.name = name
        command = [python, str(HERE / "engines.py"), name, *arguments]
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115, closed by stop()
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        self.version = str(self._answer()["version"])

    def run(self) -> dict[str, Any]:
        """Seconds of one pass and the number of frames in which it found a face."""
        self._pipe("stdin").write("go\n")
        self._pipe("stdin").flush()
        return self._answer()

    def stop(self) -> None:
        self._pipe("stdin").close()
        self._process.wait(30)
        self._log.close()

    def _pipe(self, name: str) -> IO[str]:
        pipe: IO[str] = getattr(self._process, name)
        return pipe

    def _answer(self) -> dict[str, Any]:
        line = self._pipe("stdout").readline()
        if not line:
            self._process.wait(30)
            self._log.seek(0)
            hint = NEEDS if self.name == "mediapipe" else ""
            sys.exit(f"The engine {self.name} stopped:\n{self._log.read()[-3000:]}{hint}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def decode(clip: Path, limit: int) -> tuple[np.ndarray, float]:
    """(n, H, 640, 3) uint8 RGB, n at most ``limit``, and the clip's frames a second."""
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        fps = float(stream.average_rate or 30)
        height = round(WIDTH * stream.height / stream.width / 2) * 2
        frames = []
        for frame in container.decode(stream):
            frames.append(frame.to_ndarray(width=WIDTH, height=height, format="rgb24"))
            if len(frames) == limit:
                break
    return np.stack(frames), fps


def measure(engines: list[Engine], rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Passes of each engine, taken in turn so that a busy minute hits all of them alike."""
    passes: dict[str, list[dict[str, Any]]] = {engine.name: [] for engine in engines}
    for number in range(rounds + 1):
        for engine in engines:
            result = engine.run()
            if number > 0:
                passes[engine.name].append(result)
        shown = ", ".join(f"{name} {p[-1]['seconds']:.2f} s" for name, p in passes.items() if p)
        print(f"round {number} of {rounds}: {shown or 'warmed up'}", flush=True)
    return passes


def quartiles(values: np.ndarray) -> dict[str, float]:
    q1, median, q3 = np.quantile(values, [0.25, 0.5, 0.75])
    return {"median": round(median, 3), "q1": round(q1, 3), "q3": round(q3, 3)}


def summarise(
    engines: list[Engine], passes: dict[str, list[dict[str, Any]]], about: dict[str, Any]
) -> list[Row]:
    reference = np.array([p["seconds"] for p in passes["mediapipe"]])
    rows = []
    for engine in engines:
        seconds = np.array([p["seconds"] for p in passes[engine.name]])
        fps = {f"fps_{k}": v for k, v in quartiles(about["frames"] / seconds).items()}
        ratio = {f"ratio_{k}": v for k, v in quartiles(reference / seconds).items()}
        cpu = np.median([p["cpu"] for p in passes[engine.name]])
        row = about | {
            "engine": engine.name,
            "version": engine.version,
            "found": passes[engine.name][-1]["found"],
            "cpu_ms_a_frame": round(1000 * float(cpu) / about["frames"], 3),
        }
        rows.append(Row(**(row | fps | ratio)))
    return rows


def describe_run(clip: Path, frames: np.ndarray, rounds: int) -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
        "commit": commit(),
        "machine": cpu_model(),
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
        "clip": clip.name,
        "width": frames.shape[2],
        "height": frames.shape[1],
        "frames": len(frames),
        "rounds": rounds,
    }


def commit() -> str:
    """The commit measured, with a + where the code has changes (results do not count)."""
    head = _git("rev-parse", "--short", "HEAD")
    changed = _git("status", "--porcelain", "--", "src", "benchmarks/*.py", "pyproject.toml")
    return f"{head or 'unknown'}{'+' if changed else ''}"


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(HERE.parent), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip()


def cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def write(rows: list[Row]) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    fresh = not RESULTS.exists()
    with RESULTS.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(asdict(rows[0])), lineterminator="\n")
        if fresh:
            writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def show(rows: list[Row]) -> None:
    print(f"\n{rows[0].frames} frames, {rows[0].width} x {rows[0].height}, {rows[0].machine}")
    heads = ("engine", "frames/s", "quartiles", "x mediapipe", "CPU ms", "faces in")
    layout = "{:<12}{:>10}{:>18}{:>13}{:>9}{:>11}"
    print(layout.format(*heads))
    for row in rows:
        spread = f"{row.fps_q1:.1f} to {row.fps_q3:.1f}"
        cells = (row.engine, f"{row.fps_median:.1f}", spread, f"{row.ratio_median:.2f}")
        print(layout.format(*cells, f"{row.cpu_ms_a_frame:.2f}", f"{row.found}/{row.frames}"))
    print(f"Appended to {RESULTS.relative_to(HERE.parent)}.")


def bind_to(core: int) -> None:
    if not hasattr(os, "sched_setaffinity"):
        print("This system cannot bind a process to one core: the numbers are for all cores.")
        return
    os.sched_setaffinity(0, {core})  # the engines inherit it


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", type=Path)
    parser.add_argument("--mediapipe", required=True, help="Python of the environment with it")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--frames", type=int, default=240, help="use at most so many")
    parser.add_argument("--core", type=int, default=0)
    options = parser.parse_args()
    if not options.clip.is_file():
        sys.exit(f"No clip at {options.clip}: give a video, for example CLIP=me.mp4.")
    print(NOTICE, flush=True)
    bind_to(options.core)
    frames, fps = decode(options.clip, options.frames)
    with tempfile.TemporaryDirectory() as work:
        path = Path(work, "frames.npy")
        np.save(path, frames)
        arguments = [str(path), str(fps), str(landmarker_file())]
        pythons = {"mediapipe": options.mediapipe}
        engines = [Engine(n, pythons.get(n, sys.executable), arguments) for n in ENGINES]
        passes = measure(engines, options.rounds)
        for engine in engines:
            engine.stop()
    rows = summarise(engines, passes, describe_run(options.clip, frames, options.rounds))
    write(rows)
    show(rows)


if __name__ == "__main__":
    main()
