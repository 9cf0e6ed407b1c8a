"""Each clip as a row of numbers: the distances of all pairs of landmarks, summed up over time.

All 26,106 pairs of 229 landmarks in every frame would be 10 GB, so a few clips are looked at at a
time; what is done lies in a file, from which a broken run goes on.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.evaluation.distances.trajectories import Trajectories

Description = Literal["mean-range", "resampled"]
DESCRIPTIONS: Final[tuple[Description, ...]] = get_args(Description)
"""``mean-range``: mean over the clip, and highest less lowest. ``resampled``: the distance at ten
moments spread evenly over the clip, straight lines between frames."""

MOMENTS: Final = 10
_NUMBERS: Final = {"mean-range": 2, "resampled": MOMENTS}
_CLIPS_AT_A_TIME: Final = 16
_MOST_THREADS: Final = 2

Rows = NDArray[np.float32]
Update = Callable[[int], Any]


@dataclass(frozen=True)
class Store:
    """Where rows are kept between runs.

    Attributes:
        folder: of the two files; made where it is missing.
        key: another one for other data, so that nothing stale is taken.
    """

    folder: Path
    key: str

    def open(self, clips: int, columns: int) -> tuple[Rows, NDArray[np.bool_]]:
        """(clips, columns) rows, and (clips,) which of them are done.

        Raises:
            DataError: the folder cannot be written.
        """
        rows, done = self._path("rows"), self._path("done")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                kept = np.load(rows, mmap_mode="r+"), np.load(done, mmap_mode="r+")
                if kept[0].shape == (clips, columns) and kept[1].shape == (clips,):
                    return kept
            except (OSError, ValueError, EOFError):
                pass  # Nothing there yet, or cut off while it was made: begin afresh.
            made = np.lib.format.open_memmap(rows, "w+", np.float32, (clips, columns))
            return made, np.lib.format.open_memmap(done, "w+", np.bool_, (clips,))
        except OSError as error:
            raise DataError(f"{self.folder} cannot be written ({error.strerror}).") from error

    def _path(self, what: str) -> Path:
        return self.folder / f"{what}-{self.key[:16]}.npy"


def describe(
    clips: Trajectories,
    description: Description = "mean-range",
    folder: Path | None = None,
    update: Update | None = None,
) -> Rows:
    """A row a clip.

    Args:
        clips: n clips of p landmarks.
        description: of ``DESCRIPTIONS``.
        folder: where rows are kept, so that a broken run goes on; None: in memory only.
        update: told how many more clips are done.

    Returns:
        (n, numbers x pairs) float32 in cm: first the first number of all pairs in the order of
        ``clips.pairs``, then the second, and so on.

    Raises:
        DataError: no such description, or the folder cannot be written.
    """
    if description not in DESCRIPTIONS:
        raise DataError(f"No description {description!r}; there are: {', '.join(DESCRIPTIONS)}.")
    shape = len(clips), _NUMBERS[description] * len(clips.pairs)
    if folder is None:
        rows, done = np.empty(shape, np.float32), np.zeros(len(clips), np.bool_)
    else:
        rows, done = Store(folder, f"{description[0]}{clips.fingerprint()}").open(*shape)
    starts = range(0, len(clips), _CLIPS_AT_A_TIME)

    def fill(start: int) -> int:
        some = slice(start, min(start + _CLIPS_AT_A_TIME, len(clips)))
        if not done[some].all():
            rows[some] = _describe_some(clips, some, description)
            done[some] = True
        return some.stop - some.start

    # NumPy lets go of the interpreter while it computes, so threads share the work.
    with ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1)) as pool:
        try:
            for count in pool.map(fill, starts):
                if update is not None:
                    update(count)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    # In memory from here on: every comparison reads the rows many times.
    return np.array(rows)


def _describe_some(clips: Trajectories, some: slice, description: Description) -> Rows:
    bounds = clips.bounds[some.start : some.stop + 1]
    points = clips.points[bounds[0] : bounds[-1]]
    if description == "mean-range":
        return _mean_and_range(points, np.diff(bounds))
    return _resampled(points, clips.times[bounds[0] : bounds[-1]], np.diff(bounds))


def _mean_and_range(points: Rows, frames: NDArray[np.intp]) -> Rows:
    starts, axes = np.cumsum(frames) - frames, _axes(points)
    count = points.shape[1]
    rows = np.empty((len(frames), 2, count * (count - 1) // 2), np.float32)
    place = 0
    for first in range(count - 1):
        apart = _from_first(axes, first)
        columns = slice(place, place := place + len(apart))
        rows[:, 0, columns] = (np.add.reduceat(apart, starts, axis=1) / frames).T
        highest = np.maximum.reduceat(apart, starts, axis=1)
        rows[:, 1, columns] = (highest - np.minimum.reduceat(apart, starts, axis=1)).T
    return rows.reshape(len(frames), -1)


def _resampled(points: Rows, times: NDArray[np.float64], frames: NDArray[np.intp]) -> Rows:
    before, share = _moments(times, frames)
    last = np.repeat(np.cumsum(frames) - 1, MOMENTS)
    early, late = _axes(points[before]), _axes(points[np.minimum(before + 1, last)])
    count = points.shape[1]
    rows = np.empty((len(frames), MOMENTS, count * (count - 1) // 2), np.float32)
    place = 0
    for first in range(count - 1):
        apart = (1 - share) * _from_first(early, first) + share * _from_first(late, first)
        columns = slice(place, place := place + len(apart))
        rows[:, :, columns] = apart.reshape(-1, len(frames), MOMENTS).transpose(1, 2, 0)
    return rows.reshape(len(frames), -1)


def _moments(
    times: NDArray[np.float64], frames: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The frame before each moment, and how far the moment lies on the way to the next one."""
    before, share = [], []
    start = 0
    for count in frames.tolist():
        own = times[start : start + count]
        places = np.interp(np.linspace(own[0], own[-1], MOMENTS), own, np.arange(count))
        whole = np.minimum(places.astype(np.intp), count - 1)
        before.append(start + whole)
        share.append(places - whole)
        start += count
    return np.concatenate(before), np.concatenate(share).astype(np.float32)


def _axes(points: Rows) -> Rows:
    """(3, p, frames): what is subtracted lies side by side."""
    return np.ascontiguousarray(points.transpose(2, 1, 0))


def _from_first(axes: Rows, first: int) -> Rows:
    """(points after ``first``, frames) distances of those points from it."""
    total = np.zeros((axes.shape[1] - first - 1, axes.shape[2]), np.float32)
    for axis in axes:
        apart = axis[first + 1 :] - axis[first]
        np.square(apart, out=apart)
        total += apart
    return np.sqrt(total, out=total)
