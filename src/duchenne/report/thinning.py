"""Fewer points for long recordings: means where shares must add up, extremes elsewhere."""

from __future__ import annotations

import warnings
from typing import Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

MOST_POINTS: Final = 1500


def group_size(count: int, limit: int = MOST_POINTS) -> int:
    """How many frames one point must stand for, so that at most ``limit`` (even) are left."""
    return max(1, -(-count // limit))


def thin_times(times: Values, group: int) -> Values:
    """(n,) times to the mean time of each group; one more point where pairs need it."""
    if group == 1:
        return times
    padded = np.concatenate([times, np.full(_padding(len(times), group), times[-1])])
    means: Values = padded.reshape(-1, group).mean(axis=1)
    return means


def thin_means(values: Values, group: int) -> Values:
    """(k, n) series to their means over each group, NaN where a group holds no value.

    Means of probabilities still add up to 1, so stacked areas stay true.
    """
    if group == 1:
        return values
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the mean of no values is NaN, as wanted
        means: Values = np.nanmean(_groups(values, group, group), axis=2)
    return means


def thin_extremes(values: Values, group: int) -> Values:
    """(k, n) series to the lowest and highest value of each pair of groups, as they came.

    No peak is lost: the highest and lowest values of a series are still there afterwards.
    """
    if group == 1:
        return values
    pairs = _groups(values, group, 2 * group)
    empty = np.isnan(pairs).all(axis=2)
    low = np.where(np.isnan(pairs), np.inf, pairs).argmin(axis=2)
    high = np.where(np.isnan(pairs), -np.inf, pairs).argmax(axis=2)
    order = np.stack([np.minimum(low, high), np.maximum(low, high)], axis=2)
    ends = np.take_along_axis(pairs, order, axis=2)
    ends[empty] = np.nan
    return ends.reshape(len(values), -1)


def _padding(count: int, group: int) -> int:
    return -count % (2 * group)


def _groups(values: Values, group: int, size: int) -> Values:
    padding = np.full((len(values), _padding(values.shape[1], group)), np.nan)
    return np.concatenate([values, padding], axis=1).reshape(len(values), -1, size)
