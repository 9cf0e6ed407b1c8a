"""Long videos out of short clips, quickly: the frames are encoded once and then only repeated."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

FPS = 25
PERIODS = 3
"""Of the loop that is encoded: key frames are far apart, as in a film."""

Frames = NDArray[np.uint8]


def there_and_back(frames: Frames) -> Frames:
    """(2 n - 2, H, W, 3): a loop in which nothing jumps where it closes."""
    return np.concatenate([frames, frames[-2:0:-1]])


def write_loop(loop: Frames, path: Path, minutes: float) -> int:
    """A video of the loop over and over, 25 frames/s; returns how many frames it has."""
    count = round(minutes * 60 * FPS)
    template = path.with_suffix(".loop.mp4")
    packets = _encoded(loop, template, min(count, PERIODS * len(loop)))
    with av.open(str(template)) as source, av.open(str(path), "w") as target:
        (stream,) = source.streams.video
        out = target.add_stream_from_template(stream)
        for i in range(count):
            packet = av.Packet(packets[i % len(packets)])
            packet.stream, packet.time_base = out, Fraction(1, FPS)
            packet.pts = packet.dts = i
            packet.is_keyframe = i % len(packets) == 0
            target.mux(packet)
    template.unlink()
    return count


def _encoded(loop: Frames, path: Path, count: int) -> list[bytes]:
    """The packets of so many frames, in the order of time (no frame looks ahead)."""
    with av.open(str(path), "w") as container:
        options = {"preset": "ultrafast", "x264-params": "bframes=0:scenecut=0:keyint=9999"}
        stream = container.add_stream("libx264", rate=FPS, options=options)
        stream.height, stream.width = loop.shape[1:3]
        stream.pix_fmt = "yuv420p"
        for i in range(count):
            picture = av.VideoFrame.from_ndarray(loop[i % len(loop)], format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]
