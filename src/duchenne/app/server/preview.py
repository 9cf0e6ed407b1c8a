"""A copy of an uploaded video that every browser plays; a picture as an upright PNG."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from duchenne.media import Media, open_media

VIDEO: Final = "preview.webm"
PICTURE: Final = "preview.jpg"

_WIDEST: Final = 960
_CLOCK: Final = 1000  # ticks a second, WebM's own


def write_preview(
    source: Path, folder: Path, progress: Callable[[str, int, int | None], None]
) -> Path:
    """Make the copy: no wider than 960 pixels, every frame at its own time, without sound.

    A copy of our own making, so that nothing of the uploaded bytes ever reaches a browser.

    Raises:
        MediaError: the source cannot be read.
    """
    with open_media(source) as media:
        if media.info.kind == "picture":
            (frame,) = list(media)
            path = folder / PICTURE
            Image.fromarray(_small(frame.pixels, frame.pixels.shape)).save(path, quality=90)
            return path
        path = folder / VIDEO
        fresh = path.with_suffix(".new.webm")
        with av.open(str(fresh), "w", format="webm") as container:
            _encode(media, container, progress)
    fresh.replace(path)
    return path


def _encode(media: Media, container: Any, progress: Callable[[str, int, int | None], None]) -> None:
    stream: Any = None
    shape: tuple[int, ...] = (0, 0, 3)
    last = -1
    for frame in media:
        if stream is None:
            shape = frame.pixels.shape
            stream = _stream(container, _small(frame.pixels, shape))
        picture = av.VideoFrame.from_ndarray(_small(frame.pixels, shape), format="rgb24")
        # Two frames of one tick are one frame to a browser.
        last = picture.pts = max(last + 1, round(frame.time * _CLOCK))
        picture.time_base = Fraction(1, _CLOCK)
        container.mux(stream.encode(picture))
        progress("preparing the player", frame.index + 1, media.info.frames)
    if stream is not None:
        container.mux(stream.encode())


def _stream(container: Any, first: NDArray[np.uint8]) -> Any:
    stream = container.add_stream("libvpx", rate=_CLOCK)
    stream.height, stream.width = first.shape[:2]
    stream.pix_fmt = "yuv420p"
    stream.time_base = stream.codec_context.time_base = Fraction(1, _CLOCK)
    # Key frames every second or so: the player jumps to wherever a timeline is clicked.
    stream.codec_context.gop_size = 30
    stream.codec_context.bit_rate = 2_500_000
    stream.options = {"deadline": "realtime", "cpu-used": "8", "crf": "12"}
    return stream


def _small(pixels: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """The frame in the size of the first one, shrunk to what a page shows, sides even."""
    factor = min(1.0, _WIDEST / max(shape[1], 1))
    width, height = (max(2, round(side * factor / 2) * 2) for side in (shape[1], shape[0]))
    if pixels.shape[:2] == (height, width):
        return pixels
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA))
