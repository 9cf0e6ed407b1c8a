"""How small may a face be? The astronaut, pasted at random places into frames of 1280 x 720.

Usage: python benchmarks/small_faces.py [--background CLIP] [--places 20] [--seed 0]

CLIP is a video without people; without one the background is a plain gradient. For each width of
her face (32, 45, 64 and 96 pixels) and each place:

- as a still: is she found by ``FaceTracker.still``?
- in a video: the film runs for 1 to 12 frames without her, then she stays at one place for 40
  frames: in which of them is she found first?

Then: tracks where nobody is, in CLIP itself (at its own size and at 1280 x 720, all of it as a
film and about ten frames as stills) and in scikit-image's pictures without people; and the CPU
time of a frame with and without her. Exits with 1 below 95 % found or with any false track.
Results go to results/small_faces.csv.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from skimage import data

from duchenne.errors import DuchenneError
from duchenne.faces import FaceNetworks, Faces, FaceTracker
from duchenne.media import Frame, open_media
from speed import HERE, commit, cpu_model

RESULTS = HERE / "results" / "small_faces.csv"
FACE_WIDTHS = (32, 45, 64, 96)
WIDTH, HEIGHT, FPS = 1280, 720, 30.0
STAYS, MOST_BEFORE = 40, 12
LEAST_FOUND = 0.95
# Frames kept in memory, 2.8 MB each: enough for the longest film.
KEPT = STAYS + MOST_BEFORE
WITHOUT_PEOPLE = (
    "brick", "cell", "chelsea", "clock", "coffee", "coins", "colorwheel", "grass", "gravel",
    "horse", "hubble_deep_field", "immunohistochemistry", "logo", "microaneurysms", "moon", "page",
    "retina", "rocket", "shepp_logan_phantom", "text",
)  # fmt: skip

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Row:
    """One width of the face; the false tracks and ms_without are the whole run's.

    first_*: frames until she was found, 1 for the first in which she is there. false_here: faces
    found beside her. false_frames: faces seen in the background's ``frames``, as films or stills;
    false_pictures: pictures that "show" one. ms_*: CPU milliseconds a frame, mean over a film.
    """

    date: str
    commit: str
    machine: str
    background: str
    face_width: int
    places: int
    found_still: int
    found_film: int
    first_median: float
    first_worst: float
    false_here: int
    false_frames: int
    frames: int
    false_pictures: int
    pictures: int
    ms_with: float
    ms_without: float
    ratio: float

    @property
    def fails(self) -> bool:
        found = min(self.found_still, self.found_film) / self.places
        return found < LEAST_FOUND or self.false_here + self.false_frames + self.false_pictures > 0


@dataclass(frozen=True, eq=False)
class Paste:
    """The astronaut at one place: her head (h, w, 3) and its upper left corner."""

    head: Pixels
    x: int
    y: int
    face_width: int

    def onto(self, pixels: Pixels) -> Pixels:
        shown = pixels.copy()
        height, width = self.head.shape[:2]
        shown[self.y : self.y + height, self.x : self.x + width] = self.head
        return shown

    def hits(self, faces: Faces) -> NDArray[np.bool_]:
        """Which of the faces lie on hers: their middle within one width of hers."""
        middle = np.array([self.x + self.head.shape[1] / 2, self.y + self.head.shape[0] / 2])
        centres = faces.boxes[:, :2] + faces.boxes[:, 2:] / 2
        return np.asarray(np.linalg.norm(centres - middle, axis=1) < self.face_width)


def pastes(face_width: int, places: int, seed: int) -> list[Paste]:
    # Her face is 100 pixels wide and in the middle of this part.
    scale = face_width / 100
    part = picture("astronaut")[:260, 100:350]
    head = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    height, width = head.shape[:2]
    random = np.random.default_rng([seed, face_width])
    corners = random.integers(0, [WIDTH - width, HEIGHT - height], size=(places, 2))
    return [Paste(np.asarray(head, np.uint8), int(x), int(y), face_width) for x, y in corners]


def gradient() -> Pixels:
    grey = np.linspace(40, 200, WIDTH, dtype=np.uint8)
    return np.tile(grey[None, :, None], (HEIGHT, 1, 3))


def scaled(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.resize(pixels, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


def background(clip: Path | None) -> list[Pixels]:
    """Frames for the longest film; a short clip begins again."""
    if clip is None:
        return [gradient()] * KEPT
    with open_media(clip) as media:
        frames = [scaled(frame.pixels) for _, frame in zip(range(KEPT), media, strict=False)]
    return [frames[i % len(frames)] for i in range(KEPT)]


def film(pictures: list[Pixels]) -> Iterator[Frame]:
    return (Frame(pixels, i, i / FPS) for i, pixels in enumerate(pictures))


def find_still(tracker: FaceTracker, paste: Paste, pixels: Pixels) -> tuple[bool, int]:
    """Whether she is found in one picture, and how many faces beside her."""
    hits = paste.hits(tracker.still(paste.onto(pixels)))
    return bool(hits.any()), int((~hits).sum())


def find_film(
    tracker: FaceTracker, paste: Paste, frames: list[Pixels], before: int
) -> tuple[int | None, int]:
    """Frames until she is found (None: never), and the faces beside her up to then."""
    tracker.reset()
    beside = 0
    for frame in film(frames[: before + STAYS]):
        shown = frame.index >= before
        pixels = paste.onto(frame.pixels) if shown else frame.pixels
        faces = tracker.process(Frame(pixels, frame.index, frame.time))
        hits = paste.hits(faces) & shown
        beside += int((~hits).sum())
        if hits.any():
            return frame.index - before + 1, beside
    return None, beside


def find(tracker: FaceTracker, frames: list[Pixels], all_pastes: list[Paste]) -> dict[str, Any]:
    """The columns about one width: found as a still and in a film, and when."""
    # Other moments of the search through the frame each time.
    before = np.random.default_rng(0).integers(1, MOST_BEFORE + 1, size=len(all_pastes))
    stills = [find_still(tracker, p, frames[i % KEPT]) for i, p in enumerate(all_pastes)]
    films = [find_film(tracker, p, frames, int(b)) for p, b in zip(all_pastes, before, strict=True)]
    first = [when for when, _ in films if when is not None]
    return {
        "places": len(all_pastes),
        "found_still": sum(found for found, _ in stills),
        "found_film": len(first),
        "first_median": float(np.median(first)) if first else np.nan,
        "first_worst": float(max(first, default=np.nan)),
        "false_here": sum(beside for _, beside in [*stills, *films]),
    }


def false_tracks(tracker: FaceTracker, clip: Path | None) -> dict[str, Any]:
    """Frames of the background and pictures without people in which somebody is seen."""
    frames = [gradient()] if clip is None else [f.pixels for f in open_media(clip)]
    films = [frames, [scaled(pixels) for pixels in frames]]
    seen = 0
    for pictures in films:
        tracker.reset()
        seen += sum(len(tracker.process(frame)) > 0 for frame in film(pictures))
        # Every square of the frame costs a hundred times a tracked frame: a few moments will do.
        moments = pictures[:: max(1, len(pictures) // 10)]
        seen += sum(len(tracker.still(pixels)) > 0 for pixels in moments)
    people = [name for name in WITHOUT_PEOPLE if len(tracker.still(picture(name))) > 0]
    if people:
        print(f"False faces in the pictures {', '.join(people)}.")
    counts = {"false_frames": seen, "frames": sum(map(len, films))}
    return counts | {"false_pictures": len(people), "pictures": len(WITHOUT_PEOPLE)}


def picture(name: str) -> Pixels:
    """(H, W, 3) uint8 of one of scikit-image's pictures, some of which are grey, bool or RGBA."""
    pixels = np.asarray(getattr(data, name)())
    if pixels.dtype != np.uint8:
        pixels = np.asarray(pixels * 255.0, np.uint8)
    return np.dstack([pixels] * 3) if pixels.ndim == 2 else np.ascontiguousarray(pixels[..., :3])


def milliseconds(tracker: FaceTracker, pictures: list[Pixels]) -> float:
    """CPU milliseconds a frame over a film, which a busy machine hardly changes.

    The first frame, where every square is searched, is left out.
    """
    tracker.reset()
    frames = film(pictures)
    tracker.process(next(frames))
    started = time.process_time()
    for frame in frames:
        tracker.process(frame)
    return 1000 * (time.process_time() - started) / (len(pictures) - 1)


def cost(tracker: FaceTracker, frames: list[Pixels], paste: Paste) -> dict[str, Any]:
    """Medians of three films with her and three without, in turn."""
    shown = [paste.onto(pixels) for pixels in frames]
    turns = [(milliseconds(tracker, shown), milliseconds(tracker, frames)) for _ in range(3)]
    with_her, without = np.median(turns, axis=0)
    ratio = float(np.median([b / a for a, b in turns]))
    return {
        "ms_with": round(float(with_her), 2),
        "ms_without": round(float(without), 2),
        "ratio": round(ratio, 2),
    }


def measure(clip: Path | None, places: int, seed: int) -> Iterator[Row]:
    about: dict[str, Any] = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
        "commit": commit(),
        "machine": cpu_model(),
        "background": clip.name if clip else "gradient",
    }
    tracker = FaceTracker(networks=FaceNetworks())
    nobody = false_tracks(tracker, clip)
    frames = background(clip)
    for face_width in FACE_WIDTHS:
        chosen = pastes(face_width, places, seed)
        found, costs = find(tracker, frames, chosen), cost(tracker, frames, chosen[0])
        yield Row(**about, face_width=face_width, **found, **nobody, **costs)


def show(row: Row) -> None:
    found = f"{row.found_still:>3}/{row.places}{row.found_film:>8}/{row.places}"
    first = f"{row.first_median:>10.0f} ({row.first_worst:.0f})"
    cpu = f"{row.ms_with:>8.1f}{row.ms_without:>9.1f}{row.ratio:>7.2f}"
    print(f"{row.face_width:>4} px{found}{first}{row.false_here:>8}{cpu}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--background", type=Path, help="a video without people")
    parser.add_argument("--places", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if options.places < 1:
        parser.error(f"--places must be 1 or more, not {options.places}.")
    print("width  still    film  first (worst)  false  ms with without  ratio")
    rows = []
    try:
        for row in measure(options.background, options.places, options.seed):
            show(row)
            rows.append(row)
    except DuchenneError as error:
        parser.error(str(error))
    last = rows[-1]
    print(f"False: {last.false_frames} of {last.frames} frames of {last.background}, "
          f"{last.false_pictures} of {last.pictures} pictures without people.")  # fmt: skip
    RESULTS.parent.mkdir(exist_ok=True)
    table = pd.DataFrame([asdict(row) for row in rows])
    table.to_csv(RESULTS, mode="a", header=not RESULTS.exists(), index=False, lineterminator="\n")
    print(f"Appended to {RESULTS.relative_to(HERE.parent)}.")
    if any(row.fails for row in rows):
        sys.exit(f"Less than {LEAST_FOUND:.0%} found, or a false track: see above.")


if __name__ == "__main__":
    main()
