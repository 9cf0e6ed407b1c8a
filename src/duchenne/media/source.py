"""What every kind of source has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duchenne.media.frame import Frame
from duchenne.media.info import MediaInfo


@dataclass(frozen=True)
class Shot:
    """A frame whose pixels are made only when somebody wants them.

    Attributes:
        index: place in the source, counted from 0 over all its frames.
        time: seconds since the source's first frame.
        render: makes (H, W, 3) uint8 RGB; raises MediaError if the picture is broken.
    """

    index: int
    time: float
    render: Callable[[], NDArray[np.uint8]]

    def frame(self) -> Frame:
        """The frame with its pixels."""
        return Frame(self.render(), self.index, self.time)


class Source(ABC):
    """An opened picture, video, folder or camera.

    Attributes:
        info: what the source says about itself.
        warnings: sentences for the person, filled while shots are taken.
        flawed: whether the latest shots came out of damage, also where a span ended before the
            warning; what a decoder makes of damage may depend on where it began.
    """

    info: MediaInfo

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.flawed = False

    @abstractmethod
    def shots(self, start: float) -> Iterator[Shot]:
        """Shots in the order of their times, each call anew.

        The first one may lie anywhere before ``start`` (s), but never behind the shot that is on
        show at ``start``.
        """

    def late_starts_until(self) -> float | None:
        """Time (s) of the last frame, where a late start costs no more than what lies behind it.

        None where all that lies before would have to be decoded to number the frames.
        """
        return None

    def close(self) -> None:  # noqa: B027 (most sources hold nothing between two calls)
        """Give back what the source holds."""


def shown(path: Path | str) -> str:
    """A path as it can stand in one line of text."""
    text = str(path)
    return text if text.isprintable() else ascii(text)
