"""How our readings of videos differ from MediaPipe's video mode, as noise to train with.

Usage: python benchmarks/tracking_noise.py VIDEO ... --mediapipe PYTHON

Both sides follow the face through the same frames: MediaPipe 1.2.2 in VIDEO mode with one face, as
PEDFE's tables were made (in an environment of its own, oracle_mediapipe.py), and our pipeline as
``duchenne analyze`` runs it. Only frames in which both found the same face count. What is found
goes to src/duchenne/evaluation/genuineness/tracking_noise.json, which ``duchenne train
genuineness`` trains with.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duchenne.evaluation import genuineness
from duchenne.evaluation.genuineness.tracking_noise import EYE_CORNERS, STORED_FILE, TrackingNoise
from duchenne.media import open_media
from duchenne.recording.analyzer import Analyzer
from oracle import SAME_FACE_PERCENT, ask_mediapipe, pose_of

MOST_FRAMES = 250
TARGET = Path(genuineness.__file__).parent / STORED_FILE
Arrays = tuple[NDArray[np.float64], ...]


def differences(source: str, python: str) -> Arrays | None:
    """Ours less theirs: (frames, 52) blendshapes, (frames, 3) pose, (frames, 478 x 2) landmarks.

    Landmarks in distances between the eyes, without depth, which MediaPipe stretches where a frame
    is not square. None where too few frames can be compared.
    """
    frames = [f for f in open_media(source) if f.index < MOST_FRAMES]
    theirs = ask_mediapipe(python, [frame.pixels for frame in frames], video=True)
    recording = Analyzer(max_faces=1).run(source)
    rows = recording.to_frame()
    ours = {int(row.frame): place for place, row in enumerate(rows.itertuples()) if row.success}
    found = []
    for number, frame in enumerate(frames):
        place = ours.get(frame.index)
        points = theirs["landmarks"][number]
        if place is None or np.isnan(points).any():
            continue
        eyes = np.linalg.norm(points[EYE_CORNERS[0], :2] - points[EYE_CORNERS[1], :2])
        apart = (recording.landmarks[place] - points) / eyes
        if 100 * np.linalg.norm(apart[:, :2], axis=1).mean() > SAME_FACE_PERCENT:
            continue
        # Where the whole face lies no statistic looks at.
        apart -= apart.mean(axis=0)
        scores = recording.blendshapes.iloc[place].to_numpy(float) - theirs["blendshapes"][number]
        turn = recording.poses.iloc[place][["pose_pitch", "pose_yaw", "pose_roll"]].to_numpy(float)
        found.append(
            (scores, turn - pose_of(theirs["matrices"][number])[:3], apart[:, :2].reshape(-1))
        )
    if len(found) < 10:
        return None
    return tuple(np.stack(column) for column in zip(*found, strict=True))


def spreads(
    parts: list[NDArray[np.float64]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Root mean square over clips of their mean differences, and of what is left around those."""
    steady = np.sqrt(np.mean([part.mean(axis=0) ** 2 for part in parts], axis=0))
    jitter = np.sqrt(np.mean([part.var(axis=0) for part in parts], axis=0))
    return steady, jitter


def memory(parts: list[NDArray[np.float64]]) -> float:
    """Correlation of neighbouring frames' jitter, over all clips and columns."""
    still = [part - part.mean(axis=0) for part in parts]
    together = sum(float((part[1:] * part[:-1]).sum()) for part in still)
    return float(np.clip(together / sum(float((p[1:] ** 2).sum()) for p in still), 0, 0.99))


def rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(f"{value:.3g}") for value in values)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("videos", nargs="+")
    parser.add_argument("--mediapipe", required=True, metavar="PYTHON")
    wanted = parser.parse_args()
    found = {source: differences(source, wanted.mediapipe) for source in wanted.videos}
    kept = {Path(source).name: parts for source, parts in found.items() if parts is not None}
    scores, pose, points = (list(column) for column in zip(*kept.values(), strict=True))
    steady_scores, jitter_scores = spreads(scores)
    steady_pose, jitter_pose = spreads(pose)
    of_points = [np.sqrt((spread**2).mean()) for spread in spreads(points)]
    steady_points, jitter_points = rounded(np.array(of_points))
    noise = TrackingNoise(
        clips=tuple(kept),
        frames=sum(len(part) for part in scores),
        steady_scores=rounded(steady_scores),
        jitter_scores=rounded(jitter_scores),
        steady_pose=rounded(steady_pose),
        jitter_pose=rounded(jitter_pose),
        steady_points=steady_points,
        jitter_points=jitter_points,
        memory=round(memory(scores), 3),
    )
    noise.save(TARGET)
    print(noise)


if __name__ == "__main__":
    main()
