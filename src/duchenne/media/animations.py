"""Animated GIF, WebP, PNG and AVIF files as videos, by Pillow."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import MediaError
from duchenne.media.info import MediaInfo
from duchenne.media.pictures import open_picture, to_rgb
from duchenne.media.source import Shot, Source, shown

# A TIFF or MPO of several pages is a set of pictures, not a film.
_FORMATS: Final = frozenset({"GIF", "WEBP", "PNG", "AVIF"})
# Browsers show an animation that names no delay at ten frames a second.
_DEFAULT_DELAY_MS: Final = 100.0


def is_animation(path: Path) -> bool:
    """Whether a picture file moves.

    Raises:
        MediaError: it is no picture.
    """
    with open_picture(path) as picture:
        try:
            return picture.format in _FORMATS and bool(getattr(picture, "is_animated", False))
        # Looking for a second frame reads on, into what may be broken: only a film has more.
        except Exception:
            return True


class Animation(Source):
    """An animated picture as a stream of frames with the file's own delays.

    Number and length stand nowhere in such a file, so opening decodes it once.

    Raises:
        MediaError: not one frame can be decoded.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._broken = False
        size, delays = None, []
        for pixels, delay in self._frames():
            size = size or pixels.shape[:2]
            delays.append(delay)
        if size is None:
            raise MediaError(f"{shown(path)} is a broken animation: get the whole file.")
        duration = sum(delays) / 1000
        self.info = MediaInfo(
            name=path.name,
            path=str(path.resolve()),
            kind="video",
            width=size[1],
            height=size[0],
            fps=len(delays) / duration,
            frames=len(delays),
            duration=duration,
        )

    def shots(self, start: float) -> Iterator[Shot]:
        """All frames, from the first; a break in the file ends them with a warning."""
        index, time, begun_ms = -1, 0.0, 0.0
        for pixels, delay in self._frames():
            index, time = index + 1, begun_ms / 1000
            begun_ms += delay
            yield _shot(index, time, pixels)
        if self._broken:
            self.warnings.append(
                f"{shown(self.info.name)} breaks off after frame {index} ({time:.2f} s): "
                "the rest cannot be decoded."
            )

    def _frames(self) -> Iterator[tuple[NDArray[np.uint8], float]]:
        """Pixels and delay (ms) of each frame up to the end or the break."""
        with open_picture(self._path) as picture:
            for index in itertools.count():
                try:
                    picture.seek(index)
                    pixels = to_rgb(picture, self._path)
                except EOFError:
                    return
                # As in `to_rgb`: a broken file raises anything.
                except Exception:
                    self._broken = True
                    return
                # WebP knows a frame's delay only once it is decoded.
                yield pixels, float(picture.info.get("duration") or _DEFAULT_DELAY_MS)


def _shot(index: int, time: float, pixels: NDArray[np.uint8]) -> Shot:
    return Shot(index, time, lambda: pixels)
