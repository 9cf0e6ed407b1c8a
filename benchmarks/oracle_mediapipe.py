"""MediaPipe's half of the oracle, in MediaPipe's own environment: pictures in, its numbers out.

Usage: python benchmarks/oracle_mediapipe.py FRAMES.npz ANSWER.npz MODEL.task [video]

FRAMES.npz holds one picture (H, W, 3) uint8 RGB an entry, in order. ANSWER.npz gets, with NaN for
a picture without a face: landmarks (n, 478, 3) in pixels, blendshapes (n, 52), matrices (n, 4, 4),
and the version of mediapipe. Every picture is seen on its own (IMAGE mode, one face, CPU), or, with
"video", as the next frame of a video at 25 frames/s (VIDEO mode, which follows the face and smooths
a little).
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Any

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

FRAME_MS = 40
SHAPES = {"landmarks": (478, 3), "blendshapes": (52,), "matrices": (4, 4)}


def make_landmarker(model: str, video: bool) -> Any:
    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=model, delegate=BaseOptions.Delegate.CPU),
        running_mode=vision.RunningMode.VIDEO if video else vision.RunningMode.IMAGE,
        num_faces=1,
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    return vision.FaceLandmarker.create_from_options(options)


def describe(landmarker: Any, pixels: Any, time_ms: int | None) -> dict[str, Any]:
    image = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(pixels))
    if time_ms is None:
        result = landmarker.detect(image)
    else:
        result = landmarker.detect_for_video(image, time_ms)
    if not result.face_landmarks:
        return {name: np.full(shape, np.nan) for name, shape in SHAPES.items()}
    height, width = pixels.shape[:2]
    # Its z has the scale of x, so the width turns it into pixels too.
    return {
        "landmarks": [[p.x * width, p.y * height, p.z * width] for p in result.face_landmarks[0]],
        "blendshapes": [shape.score for shape in result.face_blendshapes[0]],
        "matrices": result.facial_transformation_matrixes[0],
    }


def main(frames_path: str, answer_path: str, model: str, mode: str = "picture") -> None:
    frames = np.load(frames_path)
    video = mode == "video"
    with make_landmarker(model, video) as landmarker:
        found = [
            describe(landmarker, frames[name], FRAME_MS * place if video else None)
            for place, name in enumerate(frames.files)
        ]
    answer: dict[str, Any] = {name: np.array([face[name] for face in found]) for name in SHAPES}
    np.savez(answer_path, version=version("mediapipe"), **answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
