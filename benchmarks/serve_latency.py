"""How long from a frame to its overlay, through the web server: one page, then eight at once.

    .venv/bin/python benchmarks/serve_latency.py out/media/carphone.mp4

Starts `duchenne serve` on a library of its own and speaks to its WebSocket as the page does: a
JPEG of 640x480, and the next one when the answer is there. Writes
benchmarks/results/serve_latency.csv.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np

from duchenne.evaluation.machine import Circumstances
from duchenne.media import open_media

RESULTS = Path(__file__).parent / "results" / "serve_latency.csv"
SIZE = (640, 480)
WARM_UP = 15


def pictures(clip: str) -> list[bytes]:
    """The clip's frames as a browser would send them."""
    found = []
    with open_media(clip) as media:
        for frame in media:
            large = cv2.resize(frame.pixels, SIZE, interpolation=cv2.INTER_CUBIC)
            quality = [cv2.IMWRITE_JPEG_QUALITY, 85]
            found.append(cv2.imencode(".jpg", large[:, :, ::-1], quality)[1].tobytes())
    return found


async def one_page(
    port: int, frames: list[bytes], seconds: float, begin: asyncio.Barrier
) -> list[float]:
    import websockets

    here = f"127.0.0.1:{port}"
    waits: list[float] = []
    origin = websockets.Origin(f"http://{here}")
    async with websockets.connect(f"ws://{here}/api/live", origin=origin) as socket:
        first = time.perf_counter()
        for i in range(10**9):
            if i == WARM_UP:
                await begin.wait()
                end = time.perf_counter() + seconds
            now = time.perf_counter()
            if i >= WARM_UP and now >= end:
                return waits
            await socket.send(struct.pack("<d", now - first) + frames[i % len(frames)])
            answer = json.loads(await socket.recv())
            assert "ids" in answer, answer
            if i >= WARM_UP:
                waits.append(1000 * (time.perf_counter() - now))
    return waits


async def measure(port: int, frames: list[bytes], pages: int, seconds: float) -> dict[str, object]:
    begin = asyncio.Barrier(pages)
    all_waits = await asyncio.gather(
        *(one_page(port, frames, seconds, begin) for _ in range(pages))
    )
    waits = np.concatenate([np.array(one) for one in all_waits])
    rates = [len(one) / seconds for one in all_waits]
    return {
        "pages": pages,
        "frames": len(waits),
        "median_ms": round(float(np.median(waits)), 1),
        "p95_ms": round(float(np.percentile(waits, 95)), 1),
        "slowest_page_a_second": round(min(rates), 1),
        "quickest_page_a_second": round(max(rates), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip")
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    frames = pictures(options.clip)
    with tempfile.TemporaryDirectory() as library:
        command = [sys.executable, "-c", "from duchenne.cli import main; main()", "serve"]
        server = subprocess.Popen(
            [*command, "--port", "0", "--library", library],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline().rstrip("/\n").rsplit(":", 1)[1])
            rows = [asyncio.run(measure(port, frames, n, options.seconds)) for n in (1, 8)]
        finally:
            server.terminate()
            server.wait()
    facts = asdict(Circumstances.now()) | {"load": round(os.getloadavg()[0], 1)}
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*rows[0], *facts])
        writer.writeheader()
        writer.writerows(row | facts for row in rows)
    for row in rows:
        print(row)
    print(f"-> {RESULTS}")


if __name__ == "__main__":
    main()
