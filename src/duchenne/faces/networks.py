"""The three networks of ``face_landmarker.task``, run by LiteRT on one thread."""

from __future__ import annotations

import contextlib
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import ModelError, reason
from duchenne.faces.model_file import landmarker_file
from duchenne.files import UNREADABLE_ARCHIVE

DETECTOR_SIDE: Final = 128
CROP_SIDE: Final = 256

_TO_UNIT: Final = np.float32(1 / 255)

_NETWORKS: Final = (
    "face_detector.tflite", "face_landmarks_detector.tflite", "face_blendshapes.tflite",
)  # fmt: skip
_GEOMETRY: Final = "geometry_pipeline_metadata_landmarks.binarypb"
_MEMBERS: Final = (*_NETWORKS, _GEOMETRY)

# The points the blendshape network looks at (MediaPipe's own list).
BLENDSHAPE_POINTS: Final = np.array(
    [
        *(0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61),
        *(63, 65, 66, 67, 70, 78, 80, 81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127),
        *(132, 133, 136, 144, 145, 146, 148, 149, 150, 152, 153, 154, 155, 157, 158, 159, 160),
        *(161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251),
        *(263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300, 308),
        *(310, 311, 312, 314, 317, 318, 321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365),
        *(373, 374, 375, 377, 378, 379, 380, 381, 382, 384, 385, 386, 387, 388, 389, 390, 397),
        *(398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470, 471, 472, 473, 474, 475, 476),
        477,
    ],
    dtype=np.intp,
)


class FaceNetworks:
    """The detector, landmark and blendshape networks, and the canonical face beside them.

    Args:
        path: the ``.task`` file; by default the verified one of the user's cache.

    Raises:
        ModelError: the file cannot be had or is not a face landmarker.
    """

    def __init__(self, path: Path | None = None) -> None:
        members = _unpack(path or landmarker_file())
        self.geometry = members[_GEOMETRY]
        self._detector, self._landmarks, self._blendshapes = (
            _Network(members[name]) for name in _NETWORKS
        )

    def detect(self, square: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """(128, 128, 3) in [-1, 1] to regressors (896, 16) and logits (896,)."""
        regressors, logits = self._detector(square[None], ("regressors", "classificators"))
        return regressors[0], logits[0, :, 0]

    def landmarks(self, crop: NDArray[np.uint8]) -> tuple[NDArray[np.float32], float]:
        """(256, 256, 3) uint8 RGB to points (478, 3) in crop pixels and the presence logit."""
        np.multiply(crop, _TO_UNIT, out=self._landmarks.input()[0])
        points, presence = self._landmarks.run(("Identity", "Identity_1"))
        return points.reshape(-1, 3), float(presence.reshape(()))

    def blendshapes(self, landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        """(478, 3) landmarks in any unit common to x and y to 52 scores from 0 to 1."""
        points = landmarks[None, BLENDSHAPE_POINTS, :2]
        (scores,) = self._blendshapes(points, ("StatefulPartitionedCall:0",))
        return scores.reshape(-1)


class _Network:
    def __init__(self, content: bytes) -> None:
        from ai_edge_litert.interpreter import Interpreter

        with _quiet_stderr():
            self._interpreter: Any = Interpreter(model_content=content, num_threads=1)
            self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        details = self._interpreter.get_output_details()
        self._outputs = {detail["name"]: detail["index"] for detail in details}

    def input(self) -> NDArray[np.float32]:
        """The memory that the network reads, to be filled in place; let go of it before a run."""
        value: NDArray[np.float32] = self._interpreter.tensor(self._input)()
        return value

    def __call__(
        self, value: NDArray[np.float32], names: tuple[str, ...]
    ) -> list[NDArray[np.float32]]:
        self._interpreter.set_tensor(self._input, value)
        return self.run(names)

    def run(self, names: tuple[str, ...]) -> list[NDArray[np.float32]]:
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(self._outputs[name]) for name in names]


def _unpack(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in _MEMBERS}
    except UNREADABLE_ARCHIVE as error:
        raise ModelError(f"{path} is not a face landmarker file: {reason(error)}.") from error


@contextlib.contextmanager
def _quiet_stderr() -> Iterator[None]:
    # LiteRT announces its CPU delegate on file descriptor 2 and offers no switch for it.
    try:
        saved = os.dup(2)
    except OSError:
        # Services and windows without a terminal may have none, and nothing to silence.
        yield
        return
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(null)
