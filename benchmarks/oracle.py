"""Are our faces MediaPipe's? Landmarks, blendshapes and head pose of the same frames, side by side.

Usage: python benchmarks/oracle.py MEDIA ... --mediapipe PYTHON [--frames 60] [--square]

MEDIA are pictures, videos, or folders of them. Both sides run the networks of the same
``face_landmarker.task`` and see every frame on its own: detection, one landmark pass, no
smoothing, no track. MediaPipe 1.2.2 runs in IMAGE mode with one face, in an environment of its own
(oracle_mediapipe.py); ours is the one of our faces that lies on it. Frames in which only one
side found a face are counted apart, not compared.

In frames that are not square MediaPipe stretches the depth of a tilted head by up to their aspect
ratio, since it measures the crop's side in shares of width and height; ours does not, so its pose
departs there. --square puts every frame on a black square for both: what is left is not that.

Exits with 1 where a clip breaks a bound (LIMITS). Results go to results/oracle.csv.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import DuchenneError
from duchenne.faces import FaceNetworks
from duchenne.faces.detectors import BlazeFace
from duchenne.faces.faces import Faces
from duchenne.faces.landmarker import FaceLandmarker, Sighting
from duchenne.faces.model_file import landmarker_file
from duchenne.faces.pose import euler_degrees
from duchenne.media import find_sources, open_media
from speed import HERE, NOTICE, commit, cpu_model

RESULTS = HERE / "results" / "oracle.csv"
LIMITS = {
    "landmark_percent": 2.0,
    "blendshape_error": 0.03,
    "pitch_error": 2.0,
    "yaw_error": 2.0,
    "roll_error": 2.0,
    "missed_percent": 5.0,
}
"""A clip's mean must stay below; missed: of the frames in which MediaPipe found a face."""

EYE_CORNERS = (33, 263)
# MediaPipe too drops a face whose presence is below one half, a logit of 0.
LEAST_PRESENCE = 0.0
# Further away than half the distance between the eyes lies somebody else.
SAME_FACE_PERCENT = 50.0


@dataclass(frozen=True)
class Row:
    """One clip: means over the frames in which both found the same face.

    Landmarks: mean distance in the picture in percent of the distance between the outer corners of
    the eyes (33, 263). Blendshapes: mean absolute difference, of scores from 0 to 1. Pose: mean
    absolute difference in degrees (R = Rz Ry Rx) and, for tz, in cm.
    """

    date: str
    commit: str
    machine: str
    clip: str
    square: bool
    frames: int
    both: int
    only_mediapipe: int
    only_ours: int
    landmark_percent: float
    landmark_percent_worst: float
    blendshape_error: float
    pitch_error: float
    yaw_error: float
    roll_error: float
    tz_error_cm: float
    mediapipe: str

    @property
    def missed_percent(self) -> float:
        return 100 * self.only_mediapipe / max(1, self.only_mediapipe + self.both)

    @property
    def broken(self) -> list[str]:
        """The bounds that this clip breaks; NaN, where no frame was compared, breaks none."""
        return [name for name, most in LIMITS.items() if getattr(self, name) >= most]


class Ours:
    """Every face of a frame on its own: BlazeFace on the full frame, one landmark pass."""

    def __init__(self) -> None:
        networks = FaceNetworks()
        self._detect = BlazeFace(networks)
        self._landmarker = FaceLandmarker(networks)

    def __call__(self, pixels: NDArray[np.uint8]) -> Faces:
        located = [
            self._landmarker.locate(pixels, detection.region, passes=1)
            for detection in self._detect(pixels)
        ]
        kept = [face for face in located if face.presence >= LEAST_PRESENCE]
        ids = tuple(range(len(kept)))
        height, width = pixels.shape[:2]
        return self._landmarker.describe([Sighting(tuple(kept), ids, (height, width))])


def sample(source: str, most: int) -> list[NDArray[np.uint8]]:
    """At most so many frames of a source, evenly spread."""
    count = open_media(source).info.frames or sum(1 for _ in open_media(source))
    return [frame.pixels for frame in open_media(source, every=-(-count // most))]


def on_square(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    side = max(height, width)
    return np.pad(pixels, ((0, side - height), (0, side - width), (0, 0)))


def ask_mediapipe(
    python: str, frames: list[NDArray[np.uint8]], video: bool = False
) -> dict[str, NDArray[np.float64]]:
    with tempfile.TemporaryDirectory() as work:
        question, answer = Path(work, "frames.npz"), Path(work, "answer.npz")
        np.savez(question, *frames)
        command = [python, str(HERE / "oracle_mediapipe.py"), str(question), str(answer)]
        command += [str(landmarker_file()), *(["video"] if video else [])]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"MediaPipe stopped:\n{done.stderr[-3000:]}")
        return dict(np.load(answer))


def same_face(faces: Faces, landmarks: NDArray[np.float64]) -> tuple[int, float] | None:
    """Which of our faces is MediaPipe's, and how far off its landmarks are in percent."""
    if len(faces) == 0:
        return None
    eyes = np.linalg.norm(landmarks[EYE_CORNERS[0], :2] - landmarks[EYE_CORNERS[1], :2])
    apart = np.linalg.norm(faces.landmarks[..., :2] - landmarks[:, :2], axis=2).mean(axis=1)
    nearest = int(apart.argmin())
    percent = float(100 * apart[nearest] / eyes)
    return (nearest, percent) if percent <= SAME_FACE_PERCENT else None


def pose_of(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pitch, yaw, roll in degrees and tz in cm of a facial transformation matrix (4, 4)."""
    rotation = matrix[:3, :3] / np.linalg.norm(matrix[:3, 0])
    return np.append(euler_degrees(rotation), matrix[2, 3])


def differences(
    faces: Faces, place: int, blendshapes: NDArray[np.float64], matrix: NDArray[np.float64]
) -> list[float]:
    """Mean error of the blendshapes, then of pitch, yaw, roll and tz, of our face at ``place``."""
    apart = faces.poses[place, [0, 1, 2, 5]] - pose_of(matrix)
    apart[:3] = (apart[:3] + 180) % 360 - 180
    return [float(np.abs(faces.blendshapes[place] - blendshapes).mean()), *np.abs(apart)]


def compare(ours: list[Faces], theirs: dict[str, NDArray[np.float64]]) -> dict[str, Any]:
    """The columns of a row that say who found what, and how far apart."""
    compared, only_mediapipe, only_ours = [], 0, 0
    answers = zip(theirs["landmarks"], theirs["blendshapes"], theirs["matrices"], strict=True)
    for faces, (landmarks, blendshapes, matrix) in zip(ours, answers, strict=True):
        if np.isnan(landmarks).any():
            only_ours += len(faces) > 0
        elif (same := same_face(faces, landmarks)) is None:
            only_mediapipe += 1
        else:
            place, percent = same
            compared.append([percent, *differences(faces, place, blendshapes, matrix)])
    counts = {"both": len(compared), "only_mediapipe": only_mediapipe, "only_ours": only_ours}
    table = np.array(compared or [[np.nan] * 6])
    percent, blendshape, pitch, yaw, roll, tz = (float(v) for v in table.mean(axis=0).round(4))
    return counts | {
        "landmark_percent": percent,
        "landmark_percent_worst": round(float(table[:, 0].max()), 4),
        "blendshape_error": blendshape,
        "pitch_error": pitch,
        "yaw_error": yaw,
        "roll_error": roll,
        "tz_error_cm": tz,
    }


def measure(sources: list[str], python: str, most: int, square: bool) -> Iterator[Row]:
    """A row a clip; one clip's frames at a time are held in memory."""
    ours = Ours()
    about: dict[str, Any] = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
        "commit": commit(),
        "machine": cpu_model(),
        "square": square,
    }
    for source in sources:
        frames = sample(source, most)
        frames = [on_square(pixels) for pixels in frames] if square else frames
        theirs = ask_mediapipe(python, frames)
        columns = compare([ours(pixels) for pixels in frames], theirs)
        version = str(theirs["version"])
        about |= {"clip": Path(source).name, "frames": len(frames), "mediapipe": version}
        yield Row(**about, **columns)


def show(row: Row) -> None:
    found = f"{row.both}/{row.only_mediapipe}/{row.only_ours}"
    landmarks = f"{row.landmark_percent:.2f} ({row.landmark_percent_worst:.2f})"
    pose = f"{row.pitch_error:.2f} {row.yaw_error:.2f} {row.roll_error:.2f}"
    clip = f"{row.clip[:25]:<26}{row.frames:>6}{found:>10}"
    values = f"{landmarks:>15}{row.blendshape_error:>13.4f}{pose:>18}{row.tz_error_cm:>8.2f}"
    values = values if row.both else f"{'nothing to compare':>54}"
    print(f"{clip}{values}  {'BROKEN: ' + ', '.join(row.broken) if row.broken else ''}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("media", nargs="+")
    parser.add_argument("--mediapipe", required=True, help="Python of the environment with it")
    parser.add_argument("--frames", type=int, default=60, help="look at so many a clip at most")
    parser.add_argument("--square", action="store_true", help="both see squares, padded black")
    options = parser.parse_args()
    if options.frames < 1:
        parser.error(f"--frames must be 1 or more, not {options.frames}.")
    if shutil.which(options.mediapipe) is None:
        parser.error(f"No Python at {options.mediapipe}: `make oracle` makes one with mediapipe.")
    print(NOTICE, flush=True)
    print("found: by both / only by MediaPipe / only by us; landmarks: mean (worst frame)")
    print(f"{'clip':<26}{'frames':>6}{'found':>10}{'landmarks %':>15}{'blendshapes':>13}"
          f"{'pitch yaw roll':>18}{'tz cm':>8}")  # fmt: skip
    rows = []
    try:
        sources = [source for path in options.media for source in find_sources(path)]
        for row in measure(sources, options.mediapipe, options.frames, options.square):
            show(row)
            rows.append(row)
    except DuchenneError as error:
        parser.error(str(error))
    RESULTS.parent.mkdir(exist_ok=True)
    table = pd.DataFrame([asdict(row) for row in rows])
    table.to_csv(RESULTS, mode="a", header=not RESULTS.exists(), index=False, lineterminator="\n")
    print(f"Appended to {RESULTS.relative_to(HERE.parent)}.")
    if broken := [row.clip for row in rows if row.broken]:
        sys.exit(f"Bounds are broken on {', '.join(broken)}; they are {LIMITS}.")


if __name__ == "__main__":
    main()
