"""Beside the other Python packages that read emotions: how quick, how soon, how large.

Usage: python benchmarks/peers.py --make            (once: an environment for each, 20 minutes)
       python benchmarks/peers.py CLIP [--rounds 5] [--frames 120] [--core 0]

Every package lives in an environment of its own, .venv-peers/<name>, with what it asks for itself
and nothing else. Those that can look at a picture with what their package carries are measured: one
core, the same frames (640 pixels wide, decoded before), passes taken in turn, the first round
thrown away; frames a second, ratios to ours within a round, the time from starting Python to the
first frame read, peak memory, and the size of the installation. Those that fetch their weights
from elsewhere when first used are installed and weighed, and started with the network out of reach:
what they say, and the host that they ask for, is recorded. Nothing is downloaded but packages from
the package index. Results are appended to results/peers.csv.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from appending import append
from speed import Engine, Run, bind_to, decode, describe_run, measure, quartiles

HERE: Final = Path(__file__).resolve().parent
VENVS: Final = HERE.parent / ".venv-peers"
PATIENCE_S: Final = 1800
STARTS: Final = 3
OURS: Final = "duchenne"

# Tells whom a package asks for its weights, and lets nobody answer.
OFFLINE: Final = """\
import socket, sys
def refuse(host, *_, **__):
    print(f"ASKED {host}", file=sys.stderr)
    raise OSError("the network is out of reach")
socket.getaddrinfo = refuse
"""


@dataclass(frozen=True)
class Peer:
    """A package and what it takes to try it.

    Attributes:
        install: what pip is given, call by call.
        gives: what it tells of a face.
        first_use: Python that makes it ready for a picture; "" where the package carries all it
            needs, and ``peer_engines.py`` knows how to run it.
    """

    install: tuple[tuple[str, ...], ...]
    gives: str
    first_use: str = ""


LITERT: Final = ("ai-edge-litert==2.3.0", "opencv-python-headless>=4.10,<5", "numpy")
PEERS: Final[dict[str, Peer]] = {
    OURS: Peer(
        ((str(HERE.parent),),),
        "478 landmarks, head pose, 52 blendshapes, 7 emotions, 20 Action Units, a recording",
    ),
    "fer": Peer((LITERT, ("--no-deps", "fer==25.10.3")), "box, 7 emotions"),
    "emotiefflib": Peer(
        (("emotiefflib==1.1.1",),),
        "8 emotions of a face found by others",
        "from emotiefflib.facial_analysis import EmotiEffLibRecognizer as R\n"
        "R(engine='onnx', model_name='enet_b0_8_best_vgaf', device='cpu')",
    ),
    # Without its extra for a web server it does not import: it asks for werkzeug.
    "deepface": Peer(
        (("deepface[api]==0.0.103",),),
        "box, 7 emotions",
        "import numpy as np\nfrom deepface import DeepFace\n"
        "DeepFace.analyze(np.zeros((224, 224, 3), np.uint8), actions=['emotion'],\n"
        "    detector_backend='skip', enforce_detection=False)",
    ),
    "py-feat": Peer(
        (("py-feat==2.1.5",),),
        "landmarks, head pose, 7 emotions, 20 Action Units",
        "from feat import Detector\nDetector()",
    ),
    "libreface": Peer(
        (("libreface==0.2.0",),),
        "landmarks, 8 emotions, 12 Action Units",
        "import libreface\nlibreface.get_facial_attributes('PICTURE', weights_download_dir='.')",
    ),
}


@dataclass(frozen=True)
class Row(Run):
    """One package in one run of this script; empty where there is nothing to measure.

    ``ratio``: frames a second over ours in the same round. ``start_s``: from starting Python to
    the first frame read, median of three. ``install_mb``: everything in the environment but pip.
    """

    peer: str
    version: str
    gives: str
    status: str
    install_mb: float | None = None
    start_s: float | None = None
    peak_mb: float | None = None
    found: int | None = None
    fps_median: float | None = None
    fps_q1: float | None = None
    fps_q3: float | None = None
    ratio_median: float | None = None
    ratio_q1: float | None = None
    ratio_q3: float | None = None
    cpu_ms_a_frame: float | None = None


class PeerEngine(Engine):
    """A worker process in the peer's own environment."""

    def __init__(self, name: str, arguments: list[str]) -> None:
        self.name = name
        command = [str(python_of(name)), str(HERE / "peer_engines.py"), name, *arguments]
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115, closed by stop()
        started = time.perf_counter()
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        self.version = str(self._answer()["version"])
        self.start_s = time.perf_counter() - started


# ---- environments ------------------------------------------------------------------------


def python_of(name: str) -> Path:
    return VENVS / name / "bin" / "python"


def make(names: Iterable[str]) -> None:
    """An environment for each; what pip says of one that cannot be had is kept beside it."""
    for name in names:
        folder = VENVS / name
        shutil.rmtree(folder, ignore_errors=True)
        # Without pip, so that its size counts for nobody.
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
        begun = time.perf_counter()
        why = next((why for call in PEERS[name].install if (why := _install(folder, call))), "")
        (folder / "made.json").write_text(json.dumps({"why": why}))
        seconds = time.perf_counter() - begun
        print(f"{name}: {why or f'{size_mb(folder):.0f} MB'} ({seconds:.0f} s)", flush=True)


def _install(folder: Path, call: tuple[str, ...]) -> str:
    """Why it could not be installed; "" where it was."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python"]
    command = [*pip, str(folder / "bin" / "python"), "install", "--quiet", *call]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=PATIENCE_S
        )
    except subprocess.TimeoutExpired:
        return f"not installed after {PATIENCE_S // 60} minutes"
    (folder / "pip.log").write_text(done.stderr)
    return _last_error(done.stderr) if done.returncode else ""


def _last_error(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    named = [line for line in lines if line.startswith(("ERROR:", "error:"))]
    chosen = named or lines or ["it says nothing"]
    return chosen[-1].removeprefix("ERROR:").removeprefix("error:").strip()[:200]


def size_mb(folder: Path) -> float:
    files = (path for path in (folder / "lib").rglob("*") if not path.is_symlink())
    return sum(path.stat().st_size for path in files if path.is_file()) / 1e6


def version_of(name: str) -> str:
    if not Path(python_of(name)).exists():
        return ""
    code = f"from importlib.metadata import version; print(version({name!r}))"
    done = subprocess.run(
        [python_of(name), "-c", code], capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


# ---- what a package without its weights says --------------------------------------------------


def status_of(name: str) -> str:
    """``runs``, or why it cannot."""
    made = VENVS / name / "made.json"
    if not made.exists():
        return "not tried: give --make first"
    why = json.loads(made.read_text())["why"]
    if why:
        return f"cannot be installed here: {why}"
    return "runs" if not PEERS[name].first_use else _first_use(name)


def _first_use(name: str) -> str:
    with tempfile.TemporaryDirectory() as home:
        picture = Path(home, "picture.png")
        _write_picture(picture)
        code = OFFLINE + PEERS[name].first_use.replace("PICTURE", str(picture))
        # An empty home: nothing that this user fetched earlier counts as carried by the package.
        places = {"HOME": home, "DEEPFACE_HOME": home, "HF_HOME": home, "XDG_CACHE_HOME": home}
        command = [str(python_of(name)), "-c", code]
        try:
            done = subprocess.run(
                command,
                cwd=home,
                env=os.environ | places,
                capture_output=True,
                text=True,
                check=False,
                timeout=300,
            )
        except subprocess.TimeoutExpired:
            return "cannot run here: it waits for the network for five minutes"
    asked = [line.split()[1] for line in done.stderr.splitlines() if line.startswith("ASKED ")]
    if asked:
        return f"cannot run here: needs download (asks {asked[0]})"
    if done.returncode:
        return f"cannot run here: {_last_error(done.stderr)}"
    return "starts without the network, but nothing here knows how to run it"


def _write_picture(path: Path) -> None:
    import cv2
    from skimage.data import astronaut

    cv2.imwrite(str(path), astronaut()[..., ::-1])


# ---- speed -------------------------------------------------------------------------------


def run(names: list[str], arguments: list[str], rounds: int) -> dict[str, dict[str, Any]]:
    """By name: version, start, and the passes."""
    starts: dict[str, list[float]] = {name: [] for name in names}
    engines: list[PeerEngine] = []
    for number in range(STARTS):
        for name in names:
            engine = PeerEngine(name, arguments)
            starts[name].append(engine.start_s)
            if number < STARTS - 1:
                engine.stop()
            else:
                engines.append(engine)
    passes = measure([*engines], rounds)
    for engine in engines:
        engine.stop()
    return {
        engine.name: {
            "version": engine.version,
            "start_s": round(float(np.median(starts[engine.name])), 2),
            "passes": passes[engine.name],
        }
        for engine in engines
    }


def figures(found: dict[str, Any], ours: dict[str, Any], frames: int) -> dict[str, Any]:
    """The columns of a package that runs."""
    seconds, reference = (np.array([p["seconds"] for p in f["passes"]]) for f in (found, ours))
    fps = {f"fps_{k}": v for k, v in quartiles(frames / seconds).items()}
    ratio = {f"ratio_{k}": v for k, v in quartiles(reference / seconds).items()}
    last = found["passes"][-1]
    cpu = float(np.median([p["cpu"] for p in found["passes"]]))
    return {
        "start_s": found["start_s"],
        "peak_mb": round(last["peak_mb"], 1),
        "found": last["found"],
        "cpu_ms_a_frame": round(1000 * cpu / frames, 3),
        **fps,
        **ratio,
    }


def show(rows: list[Row]) -> None:
    layout = "{:<12}{:>9}{:>9}{:>9}{:>9}{:>8}{:>9}  {}"
    print("\n" + layout.format("", "MB", "start s", "peak MB", "frames/s", "x ours", "CPU ms", ""))
    for row in rows:
        sizes = (row.install_mb, row.start_s, row.peak_mb)
        values = (*sizes, row.fps_median, row.ratio_median, row.cpu_ms_a_frame)
        cells = ["" if value is None else f"{value:.4g}" for value in values]
        print(layout.format(row.peer, *cells, row.status))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", type=Path, nargs="?", help="a video with one face")
    parser.add_argument("--make", action="store_true", help="make the environments, and stop")
    parser.add_argument("--peer", action="append", choices=[*PEERS], help="only these")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--frames", type=int, default=120, help="use at most so many")
    parser.add_argument("--core", type=int, default=0)
    parser.add_argument("--no-results", action="store_true", help="do not append to results/")
    options = parser.parse_args()
    names = options.peer or [*PEERS]
    if options.make:
        make(names)
        return
    if options.clip is None or not options.clip.is_file():
        sys.exit("Give a clip with one face, for example out/media/carphone.mp4, or --make.")
    bind_to(options.core)
    statuses = {name: status_of(name) for name in names}
    if statuses.get(OURS) != "runs":
        sys.exit(f"Ours must run to be compared with: {statuses.get(OURS, 'leave --peer away')}.")
    frames, fps = decode(options.clip, options.frames)
    about = describe_run(options.clip, frames, options.rounds)
    with tempfile.TemporaryDirectory() as work:
        path = Path(work, "frames.npy")
        np.save(path, frames)
        running = [name for name in names if statuses[name] == "runs"]
        measured = run(running, [str(path), str(fps)], options.rounds)
    rows = []
    for name in names:
        one = measured.get(name)
        facts = figures(one, measured[OURS], len(frames)) if one else {}
        version = one["version"] if one else version_of(name)
        size = round(size_mb(VENVS / name), 0) if (VENVS / name).exists() else None
        rows.append(
            Row(
                **about,
                peer=name,
                version=version,
                gives=PEERS[name].gives,
                status=statuses[name],
                install_mb=size,
                **facts,
            )
        )
    show(rows)
    if not options.no_results:
        append("peers", [asdict(row) for row in rows])


if __name__ == "__main__":
    main()
