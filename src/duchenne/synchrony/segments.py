"""One feature cut into windows, so that people can be moved against each other quickly.

With z a window that has mean 0 and length 1, the sum of the people's z has the squared length
n + n (n - 1) r, where r is the mean correlation over pairs. So a surrogate costs one addition for
each sample, person and window, instead of one for each pair; and moving a person by whole windows
moves rows that are already standardised, without the seam that moving a series has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.synchrony.isc import (
    above_diagonal,
    averaged,
    left_out_correlations,
    pair_correlations,
    ranks,
)
from duchenne.synchrony.settings import Settings
from duchenne.synchrony.windows import Windows

Values = NDArray[np.float64]

# Windows whose pairs are correlated at a time: 21 people and 5 s at 25 Hz take 10 MB.
_AT_A_TIME: Final = 500


@dataclass(frozen=True, eq=False)
class Segments:
    """One feature's windows.

    Attributes:
        raw: (people, n, length), NaN where a sample is missing; all of a person's window is NaN
            where they take no part in it.
        ready: (people, n, length) float32, mean 0, and of length 1 for the pairwise measure;
            0 where they take no part.
        present: (people, n) who takes part: enough samples, and not all the same.
        broken: (people, n) who takes part with samples missing.
        least: samples that two people must share.
        settings: of the measurement.
    """

    raw: NDArray[Any]
    ready: NDArray[np.float32]
    present: NDArray[np.bool_]
    broken: NDArray[np.bool_]
    least: int
    settings: Settings

    @classmethod
    def of(cls, series: NDArray[Any], windows: Windows, settings: Settings) -> Segments:
        """Cut and standardise (people, samples) series."""
        raw = windows.cut(series)
        least = max(2, int(np.ceil(settings.min_valid * windows.length - 1e-9)))
        if np.isfinite(series).all():
            present = raw.max(axis=-1) > raw.min(axis=-1)
            broken = np.zeros(present.shape, bool)
        else:
            seen = np.isfinite(raw)
            counts = seen.sum(axis=-1)
            top = np.where(seen, raw, -np.inf).max(axis=-1)
            present = (counts >= least) & (top > np.where(seen, raw, np.inf).min(axis=-1))
            broken = present & (counts < windows.length)
        if not present.all():
            raw = np.where(present[..., None], raw, np.nan)
        pairwise = settings.measure == "pairwise"
        if settings.method == "spearman" and pairwise:
            raw = ranks(raw)
        ready = _ready(raw, present & ~broken, pairwise)
        return cls(raw, ready, present, broken, least, settings)

    @property
    def people(self) -> NDArray[np.int64]:
        """(n,) how many take part in each window."""
        return np.asarray(self.present.sum(axis=0))

    def correlations(self) -> Values:
        """Exactly: (n, people, people) of pairs, or (n, people) with the others' mean."""
        return self._exact(np.arange(self.raw.shape[1])[None].repeat(len(self.raw), axis=0))

    def summary(self, correlations: Values) -> Values:
        """(n,) the mean that stands for each window; NaN where too few people take part."""
        each = above_diagonal(correlations) if correlations.ndim == 3 else correlations
        means = averaged(each, self.settings.average)
        return np.where(self.people >= self.settings.min_people, means, np.nan)

    def moved(self, shifts: NDArray[np.int64]) -> NDArray[np.float32]:
        """The summary with each person moved in a circle.

        Args:
            shifts: (people,) windows; a person's window k + shift stands at k.

        Returns:
            (n,) float32, NaN where too few people meet.
        """
        settings, count = self.settings, self.raw.shape[1]
        present = self.people if self.present.all() else sum_rolled(self.present, shifts)
        by_sums = settings.measure == "pairwise" or settings.method == "pearson"
        fast = settings.average == "r" and by_sums
        found = np.full(count, np.nan, np.float32)
        slow = np.full(count, not fast)
        if fast and self.broken.any():
            slow = sum_rolled(self.broken, shifts) > 0
        if not slow.all():
            quick = self._pairwise if settings.measure == "pairwise" else self._left_out
            found[:] = quick(shifts, present)
        if slow.any():
            at = (np.flatnonzero(slow)[None] + shifts[:, None]) % count
            exact = self._exact(at)
            each = above_diagonal(exact) if exact.ndim == 3 else exact
            found[slow] = averaged(each, settings.average)
        found[present < settings.min_people] = np.nan
        return found

    def _pairwise(self, shifts: NDArray[np.int64], present: NDArray[np.int64]) -> Values:
        total = sum_rolled(self.ready, shifts)
        squares = np.einsum("wl,wl->w", total, total).astype(np.float64)
        pairs = present * (present - 1)
        empty = np.full(len(pairs), np.nan)
        return np.asarray(np.divide(squares - present, pairs, out=empty, where=pairs > 0))

    def _left_out(self, shifts: NDArray[np.int64], present: NDArray[np.int64]) -> Values:
        total = sum_rolled(self.ready, shifts)
        squares = np.einsum("wl,wl->w", total, total).astype(np.float64)
        summed, number = np.zeros(len(present)), np.zeros(len(present))
        for person, shift in enumerate(shifts.tolist()):
            own = np.roll(self.ready[person], -shift, axis=0)
            power = np.einsum("wl,wl->w", own, own).astype(np.float64)
            product = np.einsum("wl,wl->w", own, total).astype(np.float64)
            below = power * (squares - 2 * product + power)
            known = below > 0
            summed[known] += (product - power)[known] / np.sqrt(below[known])
            number += known
        empty = np.full(len(number), np.nan)
        return np.asarray(np.divide(summed, number, out=empty, where=number > 0))

    def _exact(self, at: NDArray[np.int64]) -> Values:
        """Correlations where person i contributes windows ``at[i]``, (people, k)."""
        parts = []
        for first in range(0, at.shape[1], _AT_A_TIME):
            chosen = at[:, first : first + _AT_A_TIME]
            windows = np.take_along_axis(self.raw, chosen[..., None], axis=1)
            if self.settings.measure == "pairwise":
                parts.append(pair_correlations(windows, self.least))
            else:
                ranked = self.settings.method == "spearman"
                parts.append(left_out_correlations(windows, self.least, ranked))
        return np.concatenate(parts)


def sum_rolled(rows: NDArray[Any], shifts: NDArray[np.int64]) -> NDArray[Any]:
    """Sum over people of (people, n, ...), each moved in a circle: row k + shift comes to k."""
    whole = rows.dtype if rows.dtype.kind == "f" else np.int64
    total = np.zeros(rows.shape[1:], whole)
    for own, shift in zip(rows, (shifts % rows.shape[1]).tolist(), strict=True):
        # Two slices in place: no copy of the person is made.
        total[: len(total) - shift] += own[shift:]
        if shift:
            total[len(total) - shift :] += own[:shift]
    return total


def _ready(raw: NDArray[Any], whole: NDArray[np.bool_], unit: bool) -> NDArray[np.float32]:
    """Person by person: the double precision that sums need takes a person's room only."""
    ready = np.empty(raw.shape, np.float32)
    for own, chosen, into in zip(raw, whole, ready, strict=True):
        centred = own - own.mean(axis=-1, keepdims=True, dtype=np.float64)
        if unit:
            with np.errstate(invalid="ignore", divide="ignore"):
                centred *= 1 / np.sqrt(np.einsum("wl,wl->w", centred, centred))[:, None]
        into[:] = centred
        into[~chosen] = 0.0
    return ready
