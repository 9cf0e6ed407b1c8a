"""Still pictures, by Pillow: upright, eight bits, RGB."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from duchenne.errors import MediaError, reason
from duchenne.media.info import MediaInfo
from duchenne.media.source import Shot, Source, shown

PICTURE_SUFFIXES: Final = frozenset(
    {".png", ".apng", ".jpg", ".jpeg", ".jpe", ".webp", ".avif", ".bmp", ".tif", ".tiff", ".gif"}
    | {".ppm", ".pgm", ".jp2"}
)
# Pillow knows more, but takes MPEG videos for pictures and hands EPS to another program.
_FORMATS: Final = frozenset(
    {"PNG", "JPEG", "WEBP", "AVIF", "BMP", "DIB", "TIFF", "GIF", "PPM", "JPEG2000"}
)
_BACKGROUND: Final = (255, 255, 255, 255)


def is_picture(path: Path) -> bool:
    """Whether Pillow knows the file's content, whatever its name says."""
    try:
        with open_picture(path):
            return True
    except _TooLargeError:
        return True
    except MediaError:
        return False


class Still(Source):
    """A picture file as a stream of one frame.

    Args:
        path: the file; of several pages the first counts.

    Raises:
        MediaError: the file is broken.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        height, width = read_picture(path).shape[:2]
        self.info = MediaInfo(
            name=path.name,
            path=str(path.resolve()),
            kind="picture",
            width=width,
            height=height,
            frames=1,
        )

    def shots(self, start: float) -> Iterator[Shot]:
        """The one frame."""
        yield Shot(0, 0.0, lambda: read_picture(self._path))


def read_picture(path: Path) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB of a picture file's first frame: EXIF rotation applied, alpha on white.

    More than eight bits are scaled down to eight; colour profiles are not applied.

    Raises:
        MediaError: the file is broken.
    """
    with open_picture(path) as picture:
        return to_rgb(picture, path)


def open_picture(path: Path) -> Image.Image:
    """The file's header; pixels are decoded when they are asked for.

    Raises:
        MediaError: it is no picture, or one of too many pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(path, formats=_formats())
    except Image.DecompressionBombError as error:
        raise _TooLargeError(
            f"{shown(path)} has more than {2 * (Image.MAX_IMAGE_PIXELS or 0) / 1e6:.0f} million "
            "pixels: scale it down first."
        ) from error
    except Exception as error:
        raise MediaError(f"{shown(path)} cannot be read as a picture ({reason(error)}).") from error


def to_rgb(picture: Image.Image, path: Path) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 of an open picture's current frame.

    Raises:
        MediaError: it cannot be decoded.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture.load()
            return cast("NDArray[np.uint8]", np.asarray(_flatten(_upright(picture)), np.uint8))
    # Pillow's readers let out whatever a broken file makes them stumble on.
    except Exception as error:
        raise MediaError(
            f"{shown(path)} is a broken picture ({str(error).rstrip('.')}): get the whole file."
        ) from error


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    # A picture with broken EXIF data is still a picture.
    except Exception:
        return picture


def _flatten(picture: Image.Image) -> Image.Image:
    if picture.mode in {"I", "F"} or picture.mode.startswith("I;"):
        return _deep(picture)
    if picture.has_transparency_data:
        over = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", over.size, _BACKGROUND), over).convert("RGB")
    return picture.convert("RGB")


def _deep(picture: Image.Image) -> Image.Image:
    """Grey of more than eight bits, scaled by the range of its kind, not by its own values."""
    values = np.nan_to_num(np.asarray(picture, dtype=np.float64))
    scaled = values * (255.0 / _full_range(picture, float(values.max(initial=0.0))))
    return Image.fromarray(np.clip(np.round(scaled), 0, 255).astype(np.uint8)).convert("RGB")


def _full_range(picture: Image.Image, top: float) -> float:
    """White in a deep picture; 32-bit and float files do not say, so their largest value must."""
    if picture.mode.startswith("I;") or picture.format in {"PNG", "PPM", "JPEG2000"}:
        return 65535.0
    if picture.mode == "F" and top <= 1.0:
        return 1.0
    return 255.0 if top <= 255.0 else 65535.0 if top <= 65535.0 else 2.0**31 - 1


@cache
def _formats() -> tuple[str, ...]:
    """Those of our formats that this build of Pillow reads."""
    Image.init()
    return tuple(sorted(_FORMATS & set(Image.OPEN)))


class _TooLargeError(MediaError):
    """A picture that would fill the memory."""
