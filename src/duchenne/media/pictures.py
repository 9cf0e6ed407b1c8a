"""Still and animated pictures, by Pillow: upright, eight bits, RGB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from duchenne.errors import MediaError
from duchenne.media.frame import Frame
from duchenne.media.info import MediaInfo

PICTURE_SUFFIXES: Final = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".ppm", ".pgm"}
)
# Browsers show an animation that names no delay at ten frames a second.
_DEFAULT_DELAY_MS: Final = 100
_BACKGROUND: Final = (255, 255, 255, 255)


def is_picture(path: Path) -> bool:
    """Whether Pillow knows the file's content, whatever its name says."""
    try:
        with Image.open(path):
            return True
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError):
        return False


class Pictures:
    """A picture file as a stream: one frame, or those of an animated GIF, WebP or PNG.

    Raises:
        MediaError: the file is broken.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warnings: list[str] = []
        with _open(path) as picture:
            count = getattr(picture, "n_frames", 1)
            # A TIFF of several pages is a set of pictures, not a film: its first page counts.
            self.animated = count > 1 and picture.format in {"GIF", "WEBP", "PNG"}
            first = to_rgb(picture, path)
            total = sum(_delays(picture)) / 1000 if self.animated else None
        height, width = first.shape[:2]
        self.info = MediaInfo(
            name=path.name,
            path=str(path.resolve()),
            kind="video" if self.animated else "picture",
            width=width,
            height=height,
            fps=count / total if total else None,
            frames=count if self.animated else 1,
            duration=total,
        )

    def frames(self, start: float) -> Iterator[Frame]:
        """All frames; an animation breaks off with a warning where it cannot be decoded."""
        with _open(self.path) as picture:
            if not self.animated:
                yield Frame(to_rgb(picture, self.path), 0, 0.0)
                return
            time_ms = 0.0
            for index in range(self.info.frames or 1):
                try:
                    picture.seek(index)
                    pixels = to_rgb(picture, self.path)
                except (EOFError, OSError, MediaError):
                    self.warnings.append(
                        f"{self.path.name} breaks off after frame {index - 1}: "
                        "the rest cannot be decoded."
                    )
                    return
                yield Frame(pixels, index, time_ms / 1000)
                time_ms += _delay(picture)


def read_picture(path: Path) -> NDArray[np.uint8]:
    """(H, W, 3) RGB of a picture file's first frame.

    Raises:
        MediaError: the file is broken.
    """
    with _open(path) as picture:
        return to_rgb(picture, path)


def to_rgb(picture: Image.Image, path: Path) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 of an open picture: EXIF rotation applied, transparency put on white."""
    try:
        upright = ImageOps.exif_transpose(picture)
        return cast("NDArray[np.uint8]", np.asarray(_flatten(upright), dtype=np.uint8))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise MediaError(f"{path} is a broken picture: {error}.") from error


def _flatten(picture: Image.Image) -> Image.Image:
    if picture.mode in {"I", "F"} or picture.mode.startswith("I;16"):
        return _deep(picture)
    if picture.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in picture.info:
        over = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", over.size, _BACKGROUND), over).convert("RGB")
    return picture.convert("RGB")


def _deep(picture: Image.Image) -> Image.Image:
    """More than eight bits a pixel: 16-bit values keep their upper byte, floats are 0 to 1."""
    values = np.nan_to_num(np.asarray(picture, dtype=np.float64))
    top = float(values.max(initial=0.0))
    full = 1.0 if picture.mode == "F" and top <= 1.0 else 255.0 if top <= 255.0 else 65535.0
    grey = np.clip(np.round(values * (255.0 / full)), 0, 255).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")


def _open(path: Path) -> Image.Image:
    try:
        return Image.open(path)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise MediaError(f"{path} cannot be read as a picture: {error}.") from error


def _delays(picture: Image.Image) -> list[float]:
    return [_delay(frame) for frame in ImageSequence.Iterator(picture)]


def _delay(picture: Image.Image) -> float:
    return float(picture.info.get("duration") or _DEFAULT_DELAY_MS)
