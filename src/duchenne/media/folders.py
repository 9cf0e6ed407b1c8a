"""A folder of numbered pictures as one stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from duchenne.errors import MediaError
from duchenne.media.info import MediaInfo
from duchenne.media.pictures import PICTURE_SUFFIXES, is_picture, read_picture
from duchenne.media.source import Shot, Source, shown

DEFAULT_FPS: Final = 25.0


class Folder(Source):
    """Pictures ``frame1.png``, ``frame2.png`` ... ``frame10.png`` in the order of their numbers.

    Args:
        path: the folder; what lies in folders inside it does not count.
        fps: its frames a second, since pictures have no clock; None: 25.

    Raises:
        MediaError: it holds no picture that can be read.
    """

    def __init__(self, path: Path, fps: float | None) -> None:
        super().__init__()
        self._fps = fps or DEFAULT_FPS
        self._files = sorted(picture_files(path), key=lambda file: natural_key(file.name))
        width, height = _first_size(path, self._files)
        self.info = MediaInfo(
            name=path.resolve().name,
            path=str(path.resolve()),
            kind="folder",
            width=width,
            height=height,
            fps=self._fps,
            frames=len(self._files),
            duration=len(self._files) / self._fps,
        )

    def shots(self, start: float) -> Iterator[Shot]:
        """One for each file; a broken one is found out when it is rendered."""
        for index, file in enumerate(self._files):
            yield Shot(index, index / self._fps, partial(read_picture, file))

    def late_starts_until(self) -> float | None:
        """Time (s) of the last file: those that are not wanted are not even opened."""
        return (len(self._files) - 1) / self._fps


def picture_files(folder: Path) -> list[Path]:
    """The pictures of a folder, in no order: by their names, or else by their content."""
    # Systems hide files of their own beside the pictures, such as `._frame1.png`.
    files = [file for file in folder.iterdir() if file.is_file() and file.name[0] != "."]
    named = [file for file in files if file.suffix.lower() in PICTURE_SUFFIXES]
    return named or [file for file in files if file.stat().st_size and is_picture(file)]


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Sorts numbers by value: img2 comes before img10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name.lower())
    return [(0, int(part), part) if part[0] in "0123456789" else (1, 0, part) for part in parts]


def _first_size(folder: Path, files: list[Path]) -> tuple[int, int]:
    for file in files:
        try:
            height, width = read_picture(file).shape[:2]
        except MediaError:
            continue
        return width, height
    if files:
        raise MediaError(f"{shown(folder)} holds only broken pictures: get whole ones.")
    raise MediaError(f"{shown(folder)} holds no pictures: give a file, or a folder with some.")
