"""Cameras, by OpenCV."""

from __future__ import annotations

import time
from collections.abc import Iterator

from duchenne.errors import MediaError
from duchenne.media.frame import Frame
from duchenne.media.info import MediaInfo


class Camera:
    """A camera as an endless stream; time counts from its first frame.

    Raises:
        MediaError: no such camera, or it gives no picture.
    """

    def __init__(self, number: int) -> None:
        import cv2

        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
        self.warnings: list[str] = []
        self._number = number
        self._capture = cv2.VideoCapture(number)
        ready, first = self._capture.read() if self._capture.isOpened() else (False, None)
        if not ready or first is None:
            self._capture.release()
            raise MediaError(
                f"Camera {number} gives no picture: is it plugged in, free and allowed?"
            )
        height, width = first.shape[:2]
        fps = self._capture.get(cv2.CAP_PROP_FPS) or None
        path = f"camera:{number}"
        self.info = MediaInfo(
            name=path, path=path, kind="camera", width=width, height=height, fps=fps
        )

    def frames(self, start: float) -> Iterator[Frame]:
        """Frames as they come, until the camera stops giving them."""
        import cv2

        begun = time.monotonic()
        index = 0
        try:
            while True:
                ready, picture = self._capture.read()
                if not ready:
                    self.warnings.append(
                        f"Camera {self._number} stopped giving pictures after frame {index - 1}."
                    )
                    return
                now = time.monotonic() - begun if index else 0.0
                begun = time.monotonic() if index == 0 else begun
                yield Frame(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), index, now)  # type: ignore[arg-type]
                index += 1
        finally:
            self._capture.release()
