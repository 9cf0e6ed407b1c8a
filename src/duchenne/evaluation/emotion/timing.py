"""Milliseconds a face, networks taken in turn so that a busy moment hits all of them alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Crops = NDArray[np.uint8]
Run = Callable[[Crops], object]

BATCHES: Final = (1, 4)
REPEATS: Final = 60
_WARM_UP: Final = 3


@dataclass(frozen=True)
class Milliseconds:
    """Milliseconds a face over repeats.

    Attributes:
        median: wall-clock; ``q1`` and ``q3`` are its quartiles.
        cpu: median of the processor's time, which tells a slow network from a busy machine.
    """

    median: float
    q1: float
    q3: float
    cpu: float

    @classmethod
    def from_seconds(cls, wall: Sequence[float], cpu: Sequence[float], faces: int) -> Milliseconds:
        """Of calls that each served that many faces."""
        q1, median, q3 = np.quantile(1000 * np.array(wall) / faces, [0.25, 0.5, 0.75])
        return cls(float(median), float(q1), float(q3), 1000 * float(np.median(cpu)) / faces)

    def to_dict(self) -> dict[str, float]:
        """JSON-ready, three decimals."""
        return {name: round(value, 3) for name, value in vars(self).items()}


def time_networks(
    networks: Mapping[str, Run],
    crops: Crops,
    batches: Sequence[int] = BATCHES,
    repeats: int = REPEATS,
) -> dict[str, dict[int, Milliseconds]]:
    """Time each network on batches of crops, one call of each in turn.

    A call takes uint8 crops and ends with logits, so that scaling them is part of it. How many
    threads it may use is the network's own affair; ours run on one.

    Args:
        networks: what to call, by name.
        crops: (n, 48, 48) uint8 with at least as many faces as the largest batch.
        batches: faces a call.
        repeats: calls of each network and batch that count; three more warm it up.

    Returns:
        Milliseconds by name and batch.

    Raises:
        ValueError: no repeats, or fewer crops than the largest batch.
    """
    if repeats < 1 or len(crops) < max(batches):
        raise ValueError(f"{repeats} repeats on {len(crops)} crops time nothing.")
    keys = [(name, batch) for name in networks for batch in batches]
    wall: dict[tuple[str, int], list[float]] = {key: [] for key in keys}
    cpu: dict[tuple[str, int], list[float]] = {key: [] for key in keys}
    for number in range(_WARM_UP + repeats):
        for name, batch in keys:
            start = number % (len(crops) - batch + 1)
            chosen = crops[start : start + batch]
            began, busy = time.perf_counter(), time.process_time()
            networks[name](chosen)
            cpu[name, batch].append(time.process_time() - busy)
            wall[name, batch].append(time.perf_counter() - began)
    return {
        name: {
            b: Milliseconds.from_seconds(wall[name, b][_WARM_UP:], cpu[name, b][_WARM_UP:], b)
            for b in batches
        }
        for name in networks
    }
