"""When people rate the strongest moments together, and whether they then move together.

Both series are slow and their windows overlap, so neighbouring values are alike, and a plain
p-value of their correlation would count the same moment many times. Here one series is moved
against the other in a circle (all shifts of at least one window), which keeps both as they are and
takes away only which moment meets which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.notebook import tables
from duchenne.synchrony.alignment import Series
from duchenne.synchrony.corrections import p_values, threshold_of
from duchenne.synchrony.nulls import draw_shifts
from duchenne.synchrony.synchrony import Synchrony

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Values = NDArray[np.float64]

_LEAST_SHIFTS: Final = 19
"""Fewer cannot show p = 0.05."""


@dataclass(frozen=True, eq=False)
class Agreement:
    """How many people have a peak in the same window, and how that goes with synchrony.

    Attributes:
        people: who rated.
        share: (n,) of them with a peak in each window, 0 to 1.
        threshold: what the highest share exceeds by chance in ``alpha`` of the surrogates in which
            each person's peaks are moved in time as a whole.
        features: what ``r`` is of; the first is the mean over all features.
        r: (features,) correlation of the share with t-ISC over windows.
        p: (features,) two-sided, against moved shares.
        p_corrected: (features,) the same against the strongest of all features, without the mean,
            which stands for itself.
        shifts: how many ways of moving there were.
    """

    people: tuple[str, ...]
    share: Values
    threshold: float
    features: tuple[str, ...]
    r: Values
    p: Values
    p_corrected: Values
    shifts: int

    def to_frame(self) -> pd.DataFrame:
        """A row a feature."""
        columns = {"feature": self.features, "r": self.r, "p": self.p}
        return pd.DataFrame(columns | {"p_corrected": self.p_corrected})

    def plot(self) -> Figure:
        """Share of raters with a peak in each window, and what chance makes of it."""
        from duchenne.synchrony.plotting import plot_agreement

        return plot_agreement(self)

    def _repr_html_(self) -> str:
        facts = {
            "raters": len(self.people),
            "highest share": float(self.share.max()),
            "by chance": self.threshold,
        }
        lines = list(zip(self.features, self.r, self.p, self.p_corrected, strict=True))
        columns = ["feature", "r with t-ISC", "p", "p, all features"]
        return tables.noun("Agreement of raters' peaks", facts, tables.rows(columns, lines))


def agree(peaks: Mapping[str, Values], synchrony: Synchrony) -> Agreement:
    """Compare peaks with t-ISC.

    Args:
        peaks: person to (k,) times of peaks, s, on the clock of the synchrony; the raters need not
            be those whose faces were recorded.
        synchrony: what was measured.

    Raises:
        DataError: fewer than two raters, no peak within the windows, or too few windows to tell.
    """
    if len(peaks) < 2:
        raise DataError(f"Agreement takes two raters, and here is {len(peaks)}.")
    share = shares(peaks, synchrony.starts, synchrony.ends)
    if not share.any():
        raise DataError("No peak lies within the windows: are ratings and series on one clock?")
    length = float(synchrony.ends[0] - synchrony.starts[0])
    hops = int(np.ceil(length / synchrony.settings.step))
    moves = np.arange(hops, len(share) - hops + 1)
    if len(moves) < _LEAST_SHIFTS:
        raise DataError(
            f"{len(share)} windows are too few to tell whether peaks go with synchrony: "
            "choose shorter windows or steps."
        )
    means = synchrony.window_means[:, :1]
    columns = np.column_stack([means, synchrony.isc])
    r = correlations(share[None], columns)[0]
    null = np.abs(correlations(np.stack([np.roll(share, m) for m in moves]), columns))
    p = np.array([p_values(np.abs(r[[k]]), np.sort(null[:, k]))[0] for k in range(len(r))])
    strongest = np.sort(np.where(np.isfinite(null[:, 1:]), null[:, 1:], 0.0).max(axis=1))
    corrected = p_values(np.abs(r), strongest)
    corrected[0] = p[0]
    return Agreement(
        tuple(peaks), share, _chance(peaks, synchrony), ("mean", *synchrony.features), r, p,
        corrected, len(moves),
    )  # fmt: skip


def shares(peaks: Mapping[str, Values], starts: Values, ends: Values) -> Values:
    """(n,) share of the people with at least one peak from a window's start to before its end."""
    found = np.zeros(len(starts))
    for times in peaks.values():
        ordered = np.sort(times)
        found += np.searchsorted(ordered, ends) > np.searchsorted(ordered, starts)
    return found / len(peaks)


def find_peaks(people: Sequence[Series], apart: float = 5.0) -> dict[str, Values]:
    """Peaks of continuous ratings.

    A peak is the middle of a highest stretch between lower values, at least one standard deviation
    above the person's own mean; of peaks nearer to each other than ``apart`` the highest stays.

    Args:
        people: each with one column of ratings.
        apart: s.

    Returns:
        Person to (k,) s, rising; none where a rating never changes.
    """
    return {own.person: _peaks(own.times, own.values[:, 0], apart) for own in people}


def correlations(one: Values, other: Values) -> Values:
    """Pearson's r of (k, n) rows with (n, m) columns over the places that a column knows, (k, m);
    NaN where either does not change."""
    found = np.full((len(one), other.shape[1]), np.nan)
    for m, column in enumerate(other.T):
        known = np.isfinite(column)
        if known.sum() < 3:
            continue
        a = one[:, known] - one[:, known].mean(axis=1, keepdims=True)
        b = column[known] - column[known].mean()
        below = np.sqrt((a**2).sum(axis=1) * (b**2).sum())
        np.divide(a @ b, below, out=found[:, m], where=below > 1e-12)
    return found


def _peaks(times: Values, values: Values, apart: float) -> Values:
    known = np.isfinite(values)
    times, values = times[known], values[known]
    if len(values) < 3 or np.ptp(values) == 0:
        return np.empty(0)
    # Plateaus count once, at their middle.
    edges = np.concatenate([[0], np.flatnonzero(np.diff(values)) + 1, [len(values)]])
    level = values[edges[:-1]]
    beside = np.concatenate([[-np.inf], level, [-np.inf]])
    high = (level > beside[:-2]) & (level > beside[2:]) & (level >= values.mean() + values.std())
    middles = (times[edges[:-1]] + times[edges[1:] - 1]) / 2
    kept: list[float] = []
    for place in sorted(np.flatnonzero(high), key=lambda k: (-level[k], k)):
        if all(abs(middles[place] - other) >= apart for other in kept):
            kept.append(float(middles[place]))
    return np.array(sorted(kept))


def _chance(peaks: Mapping[str, Values], synchrony: Synchrony) -> float:
    """The share that the highest agreement exceeds by chance, each person's peaks moved."""
    begin, end = float(synchrony.starts[0]), float(synchrony.ends[-1])
    inside = [times[(times >= begin) & (times < end)] for times in peaks.values()]
    settings, span = synchrony.settings, end - begin
    # Tenths of a second are places enough, and any two people are moved apart where there is room.
    places = max(int(span * 10), len(inside))
    least = min(int(np.ceil((synchrony.ends[0] - begin) * 10)), places // len(inside))
    highest = np.empty(settings.surrogates)
    for number in range(settings.surrogates):
        random = np.random.default_rng([settings.seed, number])
        shifts = draw_shifts(random, len(inside), places, least) / places * span
        moved = {
            str(k): begin + (times - begin + shift) % span
            for k, (times, shift) in enumerate(zip(inside, shifts, strict=True))
        }
        highest[number] = shares(moved, synchrony.starts, synchrony.ends).max()
    return threshold_of(np.sort(highest), settings.alpha)
