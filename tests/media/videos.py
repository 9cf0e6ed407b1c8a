"""Makes small videos for the tests; frame i is grey with value 10 + 4 (i modulo 60)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

TICKS = 1000


def write_video(
    path: Path,
    times_ms: Sequence[int],
    *,
    size: tuple[int, int] = (64, 48),
    codec: str = "mpeg4",
    rate: int = TICKS,
    options: dict[str, str] | None = None,
    pix_fmt: str = "yuv420p",
    codec_options: dict[str, str] | None = None,
    title: str = "",
) -> Path:
    """A video whose frames are shown at the given milliseconds; ``size`` is (width, height)."""
    with av.open(str(path), "w", options=options or {}) as container:
        container.metadata.update({"title": title} if title else {})
        stream = container.add_stream(codec, rate=Fraction(rate, 1))
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = pix_fmt
        stream.codec_context.options = codec_options or {}
        stream.codec_context.time_base = Fraction(1, rate)
        stream.gop_size = 5
        stream.bit_rate = 4_000_000
        for i, time in enumerate(times_ms):
            pixels = np.full((size[1], size[0], 3), 10 + 4 * (i % 60), np.uint8)
            # The corner tells left from right and up from down.
            pixels[: size[1] // 2, : size[0] // 2, 0] = 250
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = time * rate // TICKS, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def rotate_by_matrix(path: Path, turns: int = 1) -> None:
    """Marks an MP4 as filmed on its side: shown turned clockwise by so many quarters."""
    content = bytearray(path.read_bytes())
    at = content.index(b"tkhd") + 4
    # Version 0 of the track header: the display matrix begins 40 bytes in, 16.16 fixed point.
    cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[turns % 4]
    cells = [cos << 16, sin << 16, 0, -sin << 16, cos << 16, 0, 0, 0, 1 << 30]
    content[at + 40 : at + 76] = b"".join(c.to_bytes(4, "big", signed=True) for c in cells)
    path.write_bytes(content)
