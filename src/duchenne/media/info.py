"""What a source says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["picture", "video", "folder", "camera"]


@dataclass(frozen=True)
class MediaInfo:
    """A source before its frames are read.

    Attributes:
        name: file or folder name.
        path: absolute path, or ``camera:0``.
        kind: picture, video, folder (of numbered pictures) or camera.
        width: of the upright first frame, in pixels.
        height: of the upright first frame, in pixels.
        fps: nominal frames a second; None for a picture.
        frames: how many frames the source announces; None where it does not say.
        duration: seconds that the source announces; None where it does not say.
    """

    name: str
    path: str
    kind: Kind
    width: int
    height: int
    fps: float | None = None
    frames: int | None = None
    duration: float | None = None
