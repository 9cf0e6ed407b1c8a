"""Decodes what can be decoded of a video, and counts its frames."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

from av.error import FFmpegError

# Decoders raise these on damaged packets, the last ones for error numbers that FFmpeg shares
# with the system.
DECODING_ERRORS = (FFmpegError, ValueError, OSError)


class Decoder:
    """The decodable pictures of a stream, in the order in which they are shown.

    A packet that cannot be decoded is skipped; a break in the file ends the pictures.

    Attributes:
        skipped: packets that could not be decoded and have pictures behind them.
        guessed: pictures of which the decoder had to make up a part.
        trimmed: packets that the file itself says are not to be shown.
        broken: whether the end is missing.
    """

    def __init__(self, container: Any, stream: Any, counter: Counter) -> None:
        self._container, self._stream, self._counter = container, stream, counter
        self.skipped = self.guessed = self.trimmed = 0
        self.broken = False

    def pictures(self) -> Iterator[Any]:
        """Each picture once."""
        failed_in_a_row = 0
        for packet in self._packets():
            try:
                pictures = self._stream.decode(packet)
            except DECODING_ERRORS:
                failed_in_a_row += 1
                continue
            if pictures:
                # Failures in the middle are holes; those at the very end are a break.
                self.skipped += failed_in_a_row
                failed_in_a_row = 0
            for picture in pictures:
                self.guessed += bool(picture.is_corrupt)
                yield picture
        self.broken = self.broken or failed_in_a_row > 0

    def _packets(self) -> Iterator[Any]:
        try:
            for packet in self._container.demux(self._stream):
                if packet.is_discard:
                    self.trimmed += 1
                elif packet.size:
                    self._counter.add(packet.pts)
                yield packet
        except DECODING_ERRORS:
            self.broken = True
            # What the decoder still holds back comes out at an empty packet.
            yield None


class Counter:
    """Numbers pictures by how many packets are shown before them.

    So a picture keeps its number where a packet before it is damaged, and where decoding begins
    in the middle of the file.

    Args:
        by_packets: False where not every packet is a picture: then pictures are just counted.
    """

    def __init__(self, by_packets: bool = True) -> None:
        self._by_packets = by_packets
        self._waiting: list[int] = []
        self._index: int | None = None
        self._passed = 0

    def add(self, stamp: int | None) -> None:
        """Count a packet, in the order of the file."""
        if stamp is not None and self._by_packets:
            heapq.heappush(self._waiting, stamp)

    def number(self, stamp: int | None) -> int:
        """The index of the next picture shown; every packet shown before it has been counted."""
        while stamp is not None and self._waiting and self._waiting[0] < stamp:
            heapq.heappop(self._waiting)
            self._passed += 1
        if self._index is None:
            # Packets before the first picture are no frames of this video.
            self._passed, self._index = 0, -1
        # Without a stamp of its own a picture still gets a number of its own.
        own = stamp is not None and self._waiting[:1] == [stamp]
        self._index = max(self._index + 1, self._passed) if own else self._index + 1
        return self._index


class Table(Counter):
    """Numbers pictures by a list of all the time stamps, so that one may begin anywhere.

    Args:
        stamps: of all packets, sorted, each once.
        first: stamp of the first picture.
    """

    def __init__(self, stamps: Sequence[int], first: int) -> None:
        super().__init__()
        self._stamps = stamps
        self._first = bisect_left(stamps, first)

    def number(self, stamp: int | None) -> int:
        """The index of a picture by its stamp."""
        return bisect_left(self._stamps, stamp or 0) - self._first
