"""The process that looks at live pictures: ``python -m duchenne.app.server.live_process``.

One engine a session. Pictures come from a browser, so nothing but this process decodes them.
"""

from __future__ import annotations

import contextlib
import io
import sys
import time
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from duchenne.app.engine import Engine
from duchenne.app.server.limits import limit_process
from duchenne.app.server.live_messages import packed, read
from duchenne.app.server.views import packed as packed_points
from duchenne.errors import DataError, DuchenneError
from duchenne.genuineness.judging import From
from duchenne.media.frame import Frame

MOST_SIDE: Final = 1920
UNITS: Final = 19

_QUALITY: Final = 88


@dataclass
class _Session:
    engine: Engine
    frames: int = 0


class LiveProcess:
    """Answers one message after the other."""

    def __init__(self) -> None:
        self._sessions: dict[str, _Session] = {}

    def answer(self, head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """What to say to a message; a mistake is answered with a sentence."""
        try:
            if head["do"] == "look":
                return self._look(self._session(head["session"]), float(head["time"]), body), b""
            if head["do"] == "freeze":
                return self._freeze(self._session(head["session"]), head["source"])
            self._sessions.pop(head["session"], None)
        except DuchenneError as error:
            return {"error": str(error)}, b""
        return {}, b""

    def _session(self, name: str) -> _Session:
        if name not in self._sessions:
            self._sessions[name] = _Session(Engine(name="browser"))
        return self._sessions[name]

    @staticmethod
    def _look(session: _Session, moment: float, jpeg: bytes) -> dict[str, Any]:
        begin = time.perf_counter()
        pixels = decoded(jpeg)
        look = session.engine.look(Frame(pixels, session.frames, moment))
        session.frames += 1
        faces = look.faces
        return {
            "time": moment,
            "width": pixels.shape[1],
            "height": pixels.shape[0],
            "ids": faces.track_ids.tolist(),
            "boxes": _plain(faces.boxes, 1),
            "poses": _plain(faces.poses[:, :3], 1),
            "emotions": _plain(look.emotions, 4),
            "units": _plain(look.action_units[:, :UNITS], 2),
            "points": packed_points(faces.landmarks),
            "ms": round(1000 * (time.perf_counter() - begin), 2),
        }

    @staticmethod
    def _freeze(session: _Session, source: From) -> tuple[dict[str, Any], bytes]:
        frozen = session.engine.freeze(source)
        seen = frozen.look
        pixels = cv2.cvtColor(seen.frame.pixels, cv2.COLOR_RGB2BGR)
        _, jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        boxes = dict(zip(seen.faces.track_ids.tolist(), seen.faces.boxes.tolist(), strict=True))
        shown = [face.to_dict() | {"box": boxes.get(face.face_id)} for face in frozen.faces]
        return {"source": frozen.source, "faces": shown}, jpeg.tobytes()


def _plain(values: NDArray[np.float32], digits: int) -> list[list[float]]:
    # In double precision first: 0.1 of single precision prints as 0.10000000149.
    rounded: list[list[float]] = values.astype(np.float64).round(digits).tolist()
    return rounded


def decoded(jpeg: bytes) -> NDArray[np.uint8]:
    """(H, W, 3) RGB of a JPEG.

    Raises:
        DataError: it is none, or its sides are longer than 1920 pixels.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as head:
            size = head.size
    except Exception as error:
        raise DataError("A live picture must be a JPEG.") from error
    if max(size) > MOST_SIDE:
        raise DataError(f"A live picture may be {MOST_SIDE} pixels wide and high, not {size}.")
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise DataError("A live picture was broken: it is left out.")
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)


def main(memory: int) -> None:
    """Answer until the server goes away."""
    limit_process(memory)
    process, answers = LiveProcess(), sys.stdout.buffer
    # A library that prints must not talk into the answers.
    sys.stdout = sys.stderr
    _warm_up(process)
    _serve(process, sys.stdin.buffer, answers)


def _serve(process: LiveProcess, questions: BinaryIO, answers: BinaryIO) -> None:
    while True:
        try:
            message = read(questions)
        except EOFError:
            return
        answers.write(packed(*process.answer(*message)))
        answers.flush()


def _warm_up(process: LiveProcess) -> None:
    """The first picture of a person should not wait for networks and models."""
    blank = np.zeros((480, 640, 3), np.uint8)
    _, jpeg = cv2.imencode(".jpg", blank)
    process.answer({"do": "look", "session": "", "time": 0.0}, jpeg.tobytes())
    with contextlib.suppress(DuchenneError):  # the first freeze will say it
        Engine().warm_up()
    process.answer({"do": "leave", "session": ""}, b"")


if __name__ == "__main__":
    main(int(sys.argv[1]))
