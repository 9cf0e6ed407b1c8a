"""Which frames of a source are wanted."""

from __future__ import annotations

import math
from dataclasses import dataclass

from duchenne.errors import MediaError

# A frame at 0.9999999 s is the frame at 1 s: clocks are rounded to their own ticks.
TICK = 1e-6


@dataclass(frozen=True)
class Selection:
    """Every N-th frame of a span of time.

    Attributes:
        every: frames whose index is a multiple of this.
        start: seconds from the source's first frame.
        end: seconds; this moment and what follows is left out. Infinity: to the last frame.

    Raises:
        MediaError: a value makes no sense.
    """

    every: int = 1
    start: float = 0.0
    end: float = math.inf

    def __post_init__(self) -> None:
        # Written so that NaN and infinity fail it.
        if not self.every >= 1 or self.every % 1 != 0:
            raise MediaError(f"every must be a whole number from 1 on, not {self.every!r}.")
        if not (math.isfinite(self.start) and self.start >= 0):
            raise MediaError(f"start must be a number of seconds from 0 on, not {self.start}.")
        if not self.end > self.start:
            raise MediaError(f"end ({self.end:g} s) must lie behind start ({self.start:g} s).")

    @classmethod
    def from_options(cls, every: int, start: float | None, end: float | None) -> Selection:
        """From what a caller leaves open with None.

        Raises:
            MediaError: a value makes no sense.
        """
        if end is not None and not (math.isfinite(end) and end >= 0):
            raise MediaError(f"end must be a number of seconds from 0 on, not {end}.")
        return cls(every, 0.0 if start is None else start, math.inf if end is None else end)

    def reached(self, time: float) -> bool:
        """Whether the span has begun at this time (s)."""
        return time >= self.start - TICK

    def over(self, time: float) -> bool:
        """Whether the span has ended at this time (s)."""
        return time >= self.end - TICK

    def wants(self, index: int, time: float) -> bool:
        """Whether a frame is one of the selected."""
        return index % self.every == 0 and self.reached(time) and not self.over(time)
