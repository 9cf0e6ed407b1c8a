"""Makes docs/images/live.png and live_frozen.png: the live window on the astronaut.

SDL_VIDEODRIVER=dummy python docs/make_live_images.py docs/images
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import numpy as np
import pygame
from skimage import data

from duchenne.app.engine import Engine
from duchenne.app.live.display import open_display
from duchenne.app.live.session import Session
from duchenne.app.live.window import Window
from duchenne.media import Frame

RATE = 15


class Portrait:
    """One second of the same picture, as a camera of 640 x 480 would give it."""

    trouble, failed = "", False

    def __init__(self) -> None:
        # Her face in the middle: 4:3 of the portrait, from its top.
        pixels = np.ascontiguousarray(data.astronaut()[:320, 20:447])
        self._frames: Iterator[Frame] = (Frame(pixels, i, i / RATE) for i in range(RATE))

    def newest(self) -> Frame | None:
        return next(self._frames, None)

    def pause(self, still: bool) -> None:
        pass

    def close(self) -> None:
        pass


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    open_display()
    with tempfile.TemporaryDirectory() as out:
        # A clock that a camera of this rate would keep: the picture is the same on every machine.
        ticks = iter(range(10**6))
        session = Session(Engine(), Path(out), clock=lambda: next(ticks) / RATE)
        window = Window(session, Portrait(), (1280, 720))
        for _ in range(RATE):
            window.tick()
        pygame.image.save(window.surface, str(folder / "live.png"))
        session.press("a")
        session.wait()
        window.draw()
        pygame.image.save(window.surface, str(folder / "live_frozen.png"))
        session.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images"))
