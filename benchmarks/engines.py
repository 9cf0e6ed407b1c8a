"""One engine in a process of its own: reads "go", runs all frames, answers with a line of JSON.

Usage: python benchmarks/engines.py ENGINE FRAMES.npy FPS MODEL.task

Started by speed.py, which has already bound this process to one core. Needs only NumPy and the
engine itself, because MediaPipe lives in another environment than duchenne.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

# One pass over all frames: how many of them showed a face.
Pass = Callable[[], int]
Prepare = Callable[[Any, float, str], Callable[[], Pass]]


def mediapipe(frames: Any, fps: float, model: str) -> Callable[[], Pass]:
    """MediaPipe's Face Landmarker as its users run it on a video."""
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=model, delegate=BaseOptions.Delegate.CPU),
        running_mode=vision.RunningMode.VIDEO,
        num_faces=1,
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )

    def fresh() -> Pass:
        landmarker = vision.FaceLandmarker.create_from_options(options)

        def run() -> int:
            found = 0
            for index, pixels in enumerate(frames):
                image = mp.Image(image_format=mp.ImageFormat.SRGB, data=pixels)
                result = landmarker.detect_for_video(image, round(index * 1000 / fps))
                found += bool(result.face_landmarks)
            return found

        return run

    return fresh


def faces(frames: Any, fps: float, _: str) -> Callable[[], Pass]:
    """Our faces alone: landmarks, blendshapes, pose, tracks."""
    from duchenne.faces import FaceTracker

    tracker = FaceTracker(max_faces=1)

    def fresh() -> Pass:
        tracker.reset()
        return lambda: sum(len(tracker.process(frame)) > 0 for frame in _stream(frames, fps))

    return fresh


def everything(frames: Any, fps: float, _: str) -> Callable[[], Pass]:
    """The whole pipeline: faces, emotion, Action Units, the recording written to disk."""
    from duchenne.recording import analyzer as pipeline

    # The one thing that differs from a user's run: the frames come decoded, as for the others.
    vars(pipeline).update(open_media=lambda *_, **__: _Decoded(frames, fps))
    analyzer = pipeline.Analyzer(max_faces=1)

    def fresh() -> Pass:
        def run() -> int:
            with tempfile.TemporaryDirectory() as folder:
                recording = analyzer.write("decoded", Path(folder))
                return int(np.sum(recording.table["success"].to_numpy()))

        return run

    return fresh


class _Decoded:
    """Frames in memory, in the place of a video that is being read."""

    def __init__(self, frames: Any, fps: float) -> None:
        from duchenne.media import MediaInfo

        count, height, width, _ = frames.shape
        self._frames, self._fps = frames, fps
        self.warnings: list[str] = []
        self.info = MediaInfo(
            name="decoded",
            path=__file__,  # any file that is there: its size and date go into the metadata
            kind="video",
            width=width,
            height=height,
            fps=fps,
            frames=count,
            duration=count / fps,
        )

    def __enter__(self) -> _Decoded:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        return _stream(self._frames, self._fps)


def _stream(frames: Any, fps: float) -> Iterator[Any]:
    from duchenne.media.frame import Frame

    for index, pixels in enumerate(frames):
        yield Frame(pixels, index, index / fps)


ENGINES: dict[str, tuple[str, Prepare]] = {
    "mediapipe": ("mediapipe", mediapipe),
    "faces": ("duchenne", faces),
    "everything": ("duchenne", everything),
}


def main(engine: str, frames_path: str, fps: float, model: str) -> None:
    package, prepare = ENGINES[engine]
    # The engines chat on both streams; the answers keep the real stdout for themselves.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    fresh = prepare(np.load(frames_path), fps, model)
    answers.write(json.dumps({"version": version(package)}) + "\n")
    for line in sys.stdin:
        if line.strip() != "go":
            break
        run = fresh()
        started, busy = time.perf_counter(), time.process_time()
        found = run()
        seconds, cpu = time.perf_counter() - started, time.process_time() - busy
        answers.write(json.dumps({"seconds": seconds, "cpu": cpu, "found": found}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4])
