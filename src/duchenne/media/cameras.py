"""Cameras, by OpenCV."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import MediaError
from duchenne.media.info import MediaInfo
from duchenne.media.source import Shot, Source


class Camera(Source):
    """A camera as an endless stream; time is the machine's steady clock from its first frame.

    Raises:
        MediaError: no such camera, or it gives no picture.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self._capture, first = _switch_on(number)
        import cv2

        height, width = first.shape[:2]
        fps = float(self._capture.get(cv2.CAP_PROP_FPS))
        name = f"camera:{number}"
        self.info = MediaInfo(
            name=name,
            path=name,
            kind="camera",
            width=width,
            height=height,
            fps=fps if 0 < fps < 1000 else None,
        )

    def shots(self, start: float) -> Iterator[Shot]:
        """Shots as they come, until the camera stops giving them."""
        capture = self._capture or _switch_on(self._number)[0]
        self._capture = None
        begun, index = 0.0, 0
        try:
            # Stamped between taking a picture and unpacking it: as near to the shutter as we get.
            while capture.grab():
                now = time.monotonic()
                ready, picture = capture.retrieve()
                if not ready:
                    break
                begun = begun if index else now
                yield Shot(index, now - begun, partial(_to_rgb, picture))
                index += 1
        finally:
            capture.release()
        self.warnings.append(
            f"Camera {self._number} stopped giving pictures after frame {index - 1}: "
            "is it still plugged in?"
        )

    def close(self) -> None:
        """Switch the camera off."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None


def _switch_on(number: int) -> tuple[Any, NDArray[np.uint8]]:
    import cv2

    # OpenCV tries one driver after the other and tells of each; we say it in a sentence.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    capture = cv2.VideoCapture(number)
    ready, first = capture.read() if capture.isOpened() else (False, None)
    if not ready or first is None:
        capture.release()
        raise MediaError(
            f"Camera {number} gives no picture: is it plugged in, allowed, and free of other "
            "programs?"
        )
    return capture, cast("NDArray[np.uint8]", first)


def _to_rgb(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    return cast("NDArray[np.uint8]", cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
