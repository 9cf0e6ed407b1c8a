"""Writes films, and analyses them stretch by stretch."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

FPS, SECONDS = 3, 22


def write_film(path: Path, pictures: Iterable[NDArray[np.uint8]], fps: int = FPS) -> Path:
    """An MP4 with a key frame every four seconds, so that fresh starts fall between them."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.pix_fmt, stream.gop_size = "yuv420p", 4 * fps
        for pixels in pictures:
            if not stream.codec_context.is_open:
                stream.height, stream.width = pixels.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    return path
