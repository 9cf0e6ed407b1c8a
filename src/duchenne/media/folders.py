"""A folder of numbered pictures as one stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from duchenne.errors import MediaError
from duchenne.media.frame import Frame
from duchenne.media.info import MediaInfo
from duchenne.media.pictures import PICTURE_SUFFIXES, read_picture

DEFAULT_FPS: Final = 25.0


class Folder:
    """Pictures ``frame1.png``, ``frame2.png`` ... ``frame10.png`` in the order of their numbers.

    Args:
        path: the folder.
        fps: its frames a second, since pictures have no clock.

    Raises:
        MediaError: it holds no picture, or the first one is broken.
    """

    def __init__(self, path: Path, fps: float | None) -> None:
        self.path = path
        self.warnings: list[str] = []
        self.fps = fps or DEFAULT_FPS
        self._files = sorted(picture_files(path), key=lambda file: natural_key(file.name))
        if not self._files:
            raise MediaError(f"{path} holds no pictures: give a file, or a folder with some.")
        height, width = read_picture(self._files[0]).shape[:2]
        self.info = MediaInfo(
            name=path.resolve().name,
            path=str(path.resolve()),
            kind="folder",
            width=width,
            height=height,
            fps=self.fps,
            frames=len(self._files),
            duration=len(self._files) / self.fps,
        )

    def frames(self, start: float) -> Iterator[Frame]:
        """The pictures from ``start`` (s) on; a broken one is left out with a warning."""
        for index, file in enumerate(self._files):
            time = index / self.fps
            if time < start:
                continue
            try:
                pixels = read_picture(file)
            except MediaError as error:
                self.warnings.append(str(error))
                continue
            yield Frame(pixels, index, time)


def picture_files(folder: Path) -> list[Path]:
    """The files of a folder that are named as pictures."""
    return [
        file
        for file in folder.iterdir()
        if file.suffix.lower() in PICTURE_SUFFIXES and file.is_file()
    ]


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Sorts numbers by value: img2 comes before img10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name.lower())
    return [(0, int(p), p) if p.isdigit() and p.isascii() else (1, 0, p) for p in parts]
